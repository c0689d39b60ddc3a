"""What is loaded and what R4 defines is read and found as resources, and asked by its id."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from capability.validate import validate
from fhir_server.app import create_app, wired
from fhir_server.http.asgi import ASGI
from fhir_server.settings import Settings
from fhir_server.terminology.published import find, published
from terminology.codesystem import Standing
from terminology.indexedsystem import IndexedSystem
from terminology.loading import releases
from terminology.loading.source import Options
from terminology.opening import open_releases
from terminology.service import Terminology
from terminology.table import Table
from terminology.types import ICD10CM, RXNORM
from tests.fhir_server.serving import BASE, talk
from tests.fhir_server.terminology.animals import GENDER, codes, get, values
from tests.terminology.release import load, table

R4 = "http://hl7.org/fhir/ValueSet/administrative-gender"


def found(app: ASGI, type: str, **params: str) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in get(app, type, **params).get("entry", ())]


def test_every_one_is_valid_and_has_an_id_of_its_own(data: Path) -> None:
    index = Terminology.open(data).index
    made = list(published(IndexedSystem(index, row) for row in index.rows))
    names = {(each["resourceType"], each["id"]) for each in made}
    assert len(names) == len(made) > 2300
    wrong = {
        each["url"]: issues[0].text
        for each in made[::7]
        if (issues := [i for i in validate(each) if i.severity == "error"])
    }
    assert wrong == {}
    assert all(find(*name, ()) is not None for name in sorted(names)[::97])
    assert find("Patient", "observation-status", ()) is None


@pytest.mark.parametrize(("url", "whole"), [(ICD10CM, True), (RXNORM, False)])
def test_a_loaded_system_is_found_by_its_url(app: ASGI, url: str, *, whole: bool) -> None:
    (system,) = found(app, "CodeSystem", url=url)
    assert system["content"] == "not-present"
    assert system["count"] > 10_000
    assert ("description" in system) is not whole
    assert get(app, f"CodeSystem/{system['id']}") == system
    assert found(app, "CodeSystem", url=url, version=system["version"], _elements="url")


def test_it_is_asked_by_its_id(app: ASGI) -> None:
    (system,) = found(app, "CodeSystem", url=ICD10CM)
    path = f"CodeSystem/{system['id']}"
    assert values(get(app, f"{path}/$validate-code", code="E11.9"))["result"] is True
    assert values(get(app, f"{path}/$validate-code", code="E11.x9"))["result"] is False
    told = get(app, f"{path}/$subsumes", codeA="E11", codeB="E11.9")
    assert values(told) == {"outcome": "subsumes"}


def test_value_sets_of_r4(app: ASGI) -> None:
    (gender,) = found(app, "ValueSet", url=R4)
    assert gender == get(app, "ValueSet/administrative-gender")
    expanded = get(app, "ValueSet/administrative-gender/$expand")
    assert codes(expanded) == ["male", "female", "other", "unknown"]
    told = get(app, "ValueSet/administrative-gender/$validate-code", system=GENDER, code="f")
    assert values(told)["result"] is False
    assert found(app, "ValueSet", reference=GENDER, name="AdministrativeGender") == [gender]
    get(app, "ValueSet/no-such-set/$expand", status=404)


def test_modifiers_by_value_sets_are_understood(app: ASGI) -> None:
    codes_of_no_country = "http://hl7.org/fhir/ValueSet/observation-status"
    assert found(app, "CodeSystem", **{"jurisdiction:in": codes_of_no_country}) == []
    assert found(app, "CodeSystem", url=ICD10CM, **{"jurisdiction:not-in": codes_of_no_country})


def test_ids_are_of_one_system_each() -> None:
    def system(url: str, name: str, version: str) -> Table:
        return Table(url, version, name, "", "", "complete", True, False, Standing("active"))

    sct = "http://snomed.info/sct"
    given = [
        system(sct, "SNOMED CT", f"{sct}/900000000000207008/version/20260101"),
        system(sct, "SNOMED CT", f"{sct}/731000124108/version/20260101"),
        system("urn:a", "Big", "1"),
        system("urn:b", "big", "1"),
        system("urn:c", "n" * 73, "1"),
        system("urn:c", "n" * 73, "2"),
        system("urn:d", "observation-status", ""),
    ]
    made = [each for each in published(given) if each["url"] in {s.url for s in given}]
    made = [each for each in made if each["content"] == "not-present"]
    ids = [each["id"] for each in made]
    assert {"snomed-ct-900000000000207008-20260101", "snomed-ct-731000124108-20260101"} < {*ids}
    assert len(set(ids)) == len(ids) == len(given)
    assert all(re.fullmatch(r"[A-Za-z0-9.-]{1,64}", id) for id in ids)
    for each in made:
        assert find("CodeSystem", each["id"], given) == each
    kept = find("CodeSystem", "observation-status", given)
    assert kept is not None
    assert kept["url"] == "http://hl7.org/fhir/observation-status"


def test_what_refers_to_one_does_not_hide_it(tmp_path: Path, data: Path) -> None:
    target = {"reference": "ValueSet/administrative-gender"}
    agent = {"who": {"display": "somebody"}}
    about = {
        "resourceType": "Provenance",
        "target": [target],
        "recorded": "2026-01-01T00:00:00Z",
        "agent": [agent],
    }
    other = {"resourceType": "ValueSet", "id": "other", "status": "draft"}

    async def conversation(http: httpx.AsyncClient) -> None:
        assert (await http.post("Provenance", content=orjson.dumps(about))).status_code == 201
        assert (await http.put("ValueSet/other", content=orjson.dumps(other))).status_code == 201
        assert (await http.get("ValueSet/administrative-gender")).status_code == 200
        assert (await http.get("ValueSet", params={"url": R4})).json()["total"] == 1

    settings = Settings(data=data, database=f"sqlite:///{tmp_path / 's.sqlite'}")
    with wired(replace(settings, base_url=BASE)) as (ctx, _):
        talk(create_app(ctx), conversation)


def test_a_stored_one_stands_in_its_place(tmp_path: Path, data: Path) -> None:
    ours = {"resourceType": "ValueSet", "id": "administrative-gender", "url": R4, "status": "draft"}
    find_it = f"ValueSet?url={R4}"

    async def conversation(http: httpx.AsyncClient) -> None:
        async def statuses() -> list[str]:
            bundle = (await http.get(find_it)).json()
            assert bundle["total"] == len(bundle.get("entry", ()))
            return [entry["resource"]["status"] for entry in bundle.get("entry", ())]

        assert await statuses() == ["active"]
        await http.put("ValueSet/administrative-gender", content=orjson.dumps(ours))
        assert await statuses() == ["draft"]
        await http.delete("ValueSet/administrative-gender")
        assert await statuses() == []
        assert (await http.get("ValueSet/administrative-gender")).status_code == 410

    settings = Settings(data=data, database=f"sqlite:///{tmp_path / 's.sqlite'}")
    with wired(replace(settings, base_url=BASE)) as (ctx, _):
        talk(create_app(ctx), conversation)


def test_releases_come_and_go(tmp_path: Path, data: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "terminology").symlink_to(data / "terminology")
    settings = Settings(data=folder, database=f"sqlite:///{tmp_path / 's.sqlite'}")

    with wired(replace(settings, base_url=BASE)) as (ctx, _):

        async def conversation(http: httpx.AsyncClient) -> None:
            async def count() -> int:
                return int((await http.get("CodeSystem?url=urn:lamps")).json()["total"])

            def take_up() -> None:
                ctx.terminology.renew(open_releases(folder))
                ctx.vocabulary.renew()

            assert await count() == 0
            file = table(tmp_path / "lamps.csv", "code,display", "a,Lamp")
            load("csv", file, folder, Options("1", "urn:lamps"))
            take_up()
            assert await count() == 1
            releases.drop(folder, "urn:lamps")
            take_up()
            assert await count() == 0

        talk(create_app(ctx), conversation)
