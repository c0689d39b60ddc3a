"""What the server says of itself as resources: read, searched, valid, and true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from capability.validate import validate
from fhir_server.app import create_app, wired
from fhir_server.context import Context
from fhir_server.definitions import definitions
from fhir_server.findings import EVIDENCE
from fhir_server.settings import Settings
from tests.fhir_server.serving import BASE, talk

Json = dict[str, Any]


@pytest.fixture(scope="module")
def ctx(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Iterator[Context]:
    database = f"sqlite:///{tmp_path_factory.mktemp('own') / 'store.sqlite'}"
    settings = Settings(port=0, mllp_port=0, data=data, database=database)
    with wired(replace(settings, base_url=BASE)) as (context, _):
        yield context


def test_every_definition_is_valid(ctx: Context) -> None:
    made = list(definitions(ctx))
    assert {r["resourceType"] for r in made} == {
        "CapabilityStatement", "CompartmentDefinition", "OperationDefinition", "SearchParameter",
        "StructureDefinition",
    }  # fmt: skip
    wrong = {r["id"]: issues[0].text for r in made if (issues := validate(r))}
    assert wrong == {}
    names = [f"{r['resourceType']}/{r['id']}" for r in made]
    assert len(set(names)) == len(names) > 1300


def test_the_statement_names_what_can_be_read(ctx: Context) -> None:
    made = {r["url"]: r for r in definitions(ctx)}
    (statement,) = (r for r in made.values() if r["resourceType"] == "CapabilityStatement")
    for resource in statement["rest"][0]["resource"]:
        for parameter in resource["searchParam"]:
            assert parameter["definition"] in made, parameter["name"]


FOUND: list[tuple[str, int, str]] = [
    ("SearchParameter?code=birthdate", 1, "individual-birthdate"),
    ("SearchParameter?base=Observation&code=value-quantity", 1, "Observation-value-quantity"),
    ("OperationDefinition?code=everything", 1, "Patient-everything"),
    ("CompartmentDefinition?code=Patient", 1, "patient"),
    ("CapabilityStatement", 1, "medparser"),
    (f"StructureDefinition?url={EVIDENCE}", 1, "evidence"),
    ("StructureDefinition?type=Extension&name=nothing", 0, ""),
]


def test_definitions_are_found_and_read(ctx: Context) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        for url, total, id in FOUND:
            bundle = (await http.get(url)).json()
            assert bundle["total"] == total, url
            assert [e["resource"]["id"] for e in bundle.get("entry", ())] == [id] * total, url
            if total:
                read = await http.get(f"{url.partition('?')[0]}/{id}")
                assert read.json() == bundle["entry"][0]["resource"]
        assert (await http.get("SearchParameter/none")).status_code == 404
        strict = {"prefer": "handling=strict"}
        assert (await http.get("SearchParameter?colour=red", headers=strict)).status_code == 400

    talk(create_app(ctx), conversation)


def test_pages_go_from_the_stored_to_the_own(ctx: Context) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        mine = [f"mine-{n}" for n in range(5)]
        for id in mine:
            body = {
                "resourceType": "OperationDefinition", "id": id, "name": "Mine", "status": "active",
                "kind": "operation", "code": "mine", "system": False, "type": False, "instance": True,
            }  # fmt: skip
            assert (await http.put(f"OperationDefinition/{id}", json=body)).status_code == 201
        whole = (await http.get("OperationDefinition?_count=100")).json()
        expected = {e["resource"]["id"] for e in whole["entry"]}
        assert whole["total"] == len(expected) > 10
        assert set(mine) < expected
        for count in (1, 2, 3, 5, 7):
            ids: list[str] = []
            url = f"{BASE}/OperationDefinition?_count={count}"
            while url:
                bundle = (await http.get(url)).json()
                assert bundle["total"] == len(expected)
                ids += [e["resource"]["id"] for e in bundle["entry"]]
                url = next((x["url"] for x in bundle["link"] if x["relation"] == "next"), "")
            assert len(ids) == len(set(ids))
            assert set(ids) == expected
        counted = (await http.get("OperationDefinition?_count=0")).json()
        assert (counted["total"], "entry" in counted) == (len(expected), False)
        assert "total" not in (await http.get("OperationDefinition?_total=none")).json()

    talk(create_app(ctx), conversation)
