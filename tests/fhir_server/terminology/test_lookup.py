"""$lookup over HTTP: what is loaded, stored and defined, and what is not there."""

from __future__ import annotations

import httpx
import orjson
import pytest

from fhir_server.http.asgi import ASGI
from terminology.types import ICD10CM
from tests.fhir_server.serving import talk
from tests.fhir_server.terminology.animals import GENDER, SYSTEM, URL, get, post, values


def test_lookup_of_what_is_loaded_stored_and_defined(app: ASGI) -> None:
    loaded = values(get(app, "CodeSystem/$lookup", system=ICD10CM, code="E11.9"))
    assert loaded["display"] == "Type 2 diabetes mellitus without complications"
    stored = get(app, "CodeSystem/$lookup", system=URL, code="hen", displayLanguage="de")
    assert values(stored)["display"] == "Huhn"
    properties = [p["part"] for p in stored["parameter"] if p["name"] == "property"]
    told = {part[0]["valueCode"]: part[1] for part in properties}
    assert told["legs"] == {"name": "value", "valueInteger": 2}
    assert told["parent"]["valueCode"] == "bird"
    one = get(app, "CodeSystem/$lookup", system=URL, code="hen", property="legs")
    assert sum(p["name"] == "property" for p in one["parameter"]) == 1
    assert values(get(app, "CodeSystem/$lookup", system=GENDER, code="male"))["display"] == "Male"


@pytest.mark.parametrize(
    ("params", "status", "kind"),
    [
        ({"system": URL, "code": "cow"}, 404, "invalid-code"),
        ({"system": "urn:unknown", "code": "cow"}, 404, "not-found"),
        ({"system": URL, "code": "hen", "version": "9"}, 404, "not-found"),
        ({"system": URL, "code": "hen", "useSupplement": "urn:none"}, 404, "not-found"),
    ],
)
def test_errors_of_lookup_have_the_standard_s_codes(
    app: ASGI, params: dict[str, str], status: int, kind: str
) -> None:
    (issue,) = get(app, "CodeSystem/$lookup", status, **params)["issue"]
    assert issue["details"]["coding"][0]["code"] == kind


def test_a_lookup_sees_a_write_at_once(app: ASGI) -> None:
    before = values(get(app, "CodeSystem/$lookup", system=URL, code="hen"))["display"]
    assert values(get(app, "CodeSystem/$lookup", system=URL, code="hen"))["display"] == before
    renamed = SYSTEM | {"concept": [{"code": "hen", "display": "Chicken"}]}

    async def put(http: httpx.AsyncClient, resource: object) -> int:
        return (await http.put("CodeSystem/animals", content=orjson.dumps(resource))).status_code

    assert talk(app, lambda http: put(http, renamed)) == 200
    assert values(get(app, "CodeSystem/$lookup", system=URL, code="hen"))["display"] == "Chicken"
    assert talk(app, lambda http: put(http, SYSTEM)) == 200
    assert values(get(app, "CodeSystem/$lookup", system=URL, code="hen"))["display"] == before


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ([], ["Hen", "Huhn", "inactive", "legs", "parent"]),
        (["*"], ["Hen", "Huhn", "inactive", "legs", "parent"]),
        (["legs"], ["legs"]),
        (["designation"], ["Hen", "Huhn"]),
        (["lang.de", "parent"], ["Huhn", "parent"]),
    ],
)
def test_what_is_wanted_is_told_alone(app: ASGI, wanted: list[str], told: list[str]) -> None:
    reply = get(app, "CodeSystem/$lookup", system=URL, code="hen", property=wanted)
    assert values(reply)["display"] == "Hen"
    found = []
    for each in reply["parameter"]:
        parts = {part["name"]: part for part in each.get("part", ())}
        if each["name"] == "designation":
            found.append(parts["value"]["valueString"])
        elif each["name"] == "property":
            found.append(parts["code"]["valueCode"])
    assert sorted(found) == told


def test_the_code_is_told_as_it_was_asked_for_and_as_the_system_writes_it(app: ASGI) -> None:
    relaxed = SYSTEM | {"caseSensitive": False}
    given = [
        {"name": "system", "valueUri": URL},
        {"name": "code", "valueCode": "HEN"},
        {"name": "property", "valueCode": "code"},
        {"name": "tx-resource", "resource": relaxed},
    ]
    told = values(post(app, "CodeSystem/$lookup", *given))
    assert told["code"] == "HEN"
    assert {"name": "value", "valueCode": "hen"} in told["property"]
