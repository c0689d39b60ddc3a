"""Search parameters that users store: refused until they are indexed, then used as any other."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from fhir_server import custom
from fhir_server.app import create_app, wired
from fhir_server.settings import Settings
from tests.fhir_server.serving import BASE, talk

Json = dict[str, Any]
URL = "http://x.test/colour"


@pytest.fixture(autouse=True)
def prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(custom, "SETTLE", 0.05)


def settings_of(folder: Path, data: Path) -> Settings:
    database = f"sqlite:///{folder / 'store.sqlite'}"
    made = Settings(port=0, mllp_port=0, data=data, database=database, handling="strict")
    return replace(made, base_url=BASE)


def parameter(code: str, expression: str, **more: Any) -> Json:
    given = {
        "resourceType": "SearchParameter", "id": code, "url": f"http://x.test/{code}", "name": code,
        "status": "active", "description": code, "code": code, "base": ["Patient"], "type": "string",
        "expression": expression,
    }  # fmt: skip
    return given | more


def patient(id: str, colour: str) -> Json:
    extension = [{"url": URL, "valueString": colour}]
    return {"resourceType": "Patient", "id": id, "extension": extension}


async def ready(http: httpx.AsyncClient, query: str) -> Json:
    """What a search gives once it is answered."""
    for _ in range(200):
        reply = await http.get(query)
        if reply.status_code == 200:
            found: Json = reply.json()
            return found
        assert reply.json()["issue"][0]["code"] == "not-supported"
        await asyncio.sleep(0.02)
    raise AssertionError(reply.text)


def ids(bundle: Json) -> set[str]:
    return {e["resource"]["id"] for e in bundle.get("entry", ())}


@pytest.mark.parametrize(
    "expression",
    [
        f"Patient.extension.where(url='{URL}').value.as(string)",
        f"Patient.extension('{URL}').value.ofType(string)",
        f"(Patient.extension.where(url='{URL}').value as string)",
        f"Patient.extension('{URL}').valueString",
    ],
)
def test_a_parameter_is_indexed_then_used(tmp_path: Path, data: Path, expression: str) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        await http.put("Patient/a", json=patient("a", "Red"))
        await http.put("Patient/b", json=patient("b", "blue"))
        assert (await http.get("Patient?colour=red")).status_code == 400
        made = await http.put("SearchParameter/colour", json=parameter("colour", expression))
        assert made.status_code == 201, made.text
        early = await http.get("Patient?colour=red")
        assert early.status_code == 400
        assert "being made" in early.json()["issue"][0]["diagnostics"]
        assert ids(await ready(http, "Patient?colour=red")) == {"a"}
        await http.put("Patient/c", json=patient("c", "redder"))
        await http.put("Patient/b", json=patient("b", "reddish"))
        assert ids(await ready(http, "Patient?colour=red")) == {"a", "b", "c"}
        assert ids(await ready(http, "Patient?colour:exact=Red")) == {"a"}
        listed = (await ready(http, "Patient?_sort=-colour"))["entry"]
        assert [e["resource"]["id"] for e in listed] == ["b", "c", "a"]
        told = (await http.get("metadata")).json()["rest"][0]["resource"]
        (own,) = (r for r in told if r["type"] == "Patient")
        assert {"name": "colour", "definition": "http://x.test/colour", "type": "string"} in own[
            "searchParam"
        ]
        await http.delete("SearchParameter/colour")
        assert (await http.get("Patient?colour=red")).status_code == 400
        await http.put("Patient/a", json=patient("a", "green"))
        await http.put("SearchParameter/colour", json=parameter("colour", expression))
        assert ids(await ready(http, "Patient?colour=red")) == {"b", "c"}

    with wired(settings_of(tmp_path, data)) as (context, _):
        talk(create_app(context), conversation)


WHY: list[tuple[str, Json]] = [
    ("Patient has no element colour", parameter("colour", "Patient.colour")),
    ("first() in", parameter("colour", "Patient.name.first().family")),
    ("can be indexed as date", parameter("colour", "Patient.name", type="date")),
    ("of the type composite are not done", parameter("colour", "Patient", type="composite")),
    ("has no path from Patient", parameter("colour", "Practitioner.name.family")),
]


@pytest.mark.parametrize(("why", "resource"), WHY, ids=[why for why, _ in WHY])
def test_why_it_cannot_be_used_is_told(
    tmp_path: Path, data: Path, why: str, resource: Json
) -> None:
    part = {
        "definition": "http://hl7.org/fhir/SearchParameter/individual-gender",
        "expression": "x",
    }
    if resource["type"] == "composite":
        resource = resource | {"component": [part]}

    async def conversation(http: httpx.AsyncClient) -> Json:
        made = await http.put(f"SearchParameter/{resource['id']}", json=resource)
        assert made.status_code == 201, made.text
        told: Json = (await http.get("Patient?colour=red")).json()
        return told

    with wired(settings_of(tmp_path, data)) as (context, _):
        (issue,) = talk(create_app(context), conversation)["issue"]
    assert "can't be searched by 'colour': " in issue["diagnostics"]
    assert why in issue["diagnostics"]


def test_of_two_with_one_code_the_first_counts(tmp_path: Path, data: Path) -> None:
    expression = f"Patient.extension('{URL}').valueString"
    second = parameter("colour", "Patient.name.family") | {"id": "b", "url": "http://x.test/b"}

    async def conversation(http: httpx.AsyncClient) -> None:
        await http.put("Patient/a", json=patient("a", "red") | {"name": [{"family": "Green"}]})
        await http.put("SearchParameter/colour", json=parameter("colour", expression))
        await http.put("SearchParameter/b", json=second)
        assert ids(await ready(http, "Patient?colour=red")) == {"a"}
        assert ids(await ready(http, "Patient?colour=green")) == set()
        await http.delete("SearchParameter/colour")
        assert ids(await ready(http, "Patient?colour=green")) == {"a"}
        await http.put("SearchParameter/colour", json=parameter("colour", expression))
        assert ids(await ready(http, "Patient?colour=red")) == {"a"}

    with wired(settings_of(tmp_path, data)) as (context, _):
        talk(create_app(context), conversation)


def test_it_outlives_a_restart(tmp_path: Path, data: Path) -> None:
    expression = f"Patient.extension('{URL}').value.ofType(string)"

    async def first(http: httpx.AsyncClient) -> None:
        await http.put("Patient/a", json=patient("a", "red"))
        await http.put("SearchParameter/colour", json=parameter("colour", expression))
        await ready(http, "Patient?colour=red")

    async def second(http: httpx.AsyncClient) -> None:
        assert ids((await http.get("Patient?colour=red")).json()) == {"a"}

    for conversation in (first, second):
        with wired(settings_of(tmp_path, data)) as (context, _):
            talk(create_app(context), conversation)


UNUSED: list[tuple[str, Json]] = [
    ("a code of R4", parameter("gender", "Patient.gender", type="token", url="http://x.test/g")),
    ("no such element", parameter("colour", "Patient.colour")),
    ("beyond the grammar", parameter("colour", "Patient.name.first().family")),
    ("a guard on a text", parameter("colour", "Patient.gender.where(a='b')")),
    ("not active", parameter("colour", "Patient.name.family", status="draft")),
    ("of another type", parameter("colour", "Practitioner.name.family", base=["Practitioner"])),
    ("nothing to walk", parameter("colour", "%resource.name")),
]


@pytest.mark.parametrize(("why", "resource"), UNUSED, ids=[why for why, _ in UNUSED])
def test_what_cannot_be_used_harms_nothing(
    tmp_path: Path, data: Path, why: str, resource: Json
) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        made = await http.put(f"SearchParameter/{resource['id']}", json=resource)
        assert made.status_code == 201, made.text
        for _ in range(3):
            await http.put("Patient/a", json=patient("a", "red") | {"gender": "male"})
            assert (await http.get("Patient?colour=red")).status_code == 400
            assert ids((await http.get("Patient?gender=male")).json()) == {"a"}

    with wired(settings_of(tmp_path, data)) as (context, _):
        talk(create_app(context), conversation)
