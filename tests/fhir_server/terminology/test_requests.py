"""Terminology requests in a batch, its capabilities, and requests that are malformed."""

from __future__ import annotations

from typing import Any

import httpx
import orjson
import pytest

from fhir_server.http.asgi import ASGI
from terminology.types import ICD10CM
from tests.fhir_server.serving import talk
from tests.fhir_server.terminology.animals import GENDER, SET, URL, checked, get, post, values


def test_operations_in_a_batch(app: ASGI) -> None:
    lookup = {"request": {"method": "GET", "url": f"CodeSystem/$lookup?system={URL}&code=hen"}}
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": [lookup, lookup]}

    async def conversation(http: httpx.AsyncClient) -> httpx.Response:
        return await http.post("", content=orjson.dumps(bundle))

    told = checked(talk(app, conversation), 200)
    assert [values(e["resource"])["display"] for e in told["entry"]] == ["Hen", "Hen"]


def test_metadata_of_terminology(app: ASGI) -> None:
    told = get(app, "metadata", mode="terminology")
    systems = {s["uri"]: s for s in told["codeSystem"]}
    assert {ICD10CM, GENDER, URL} <= set(systems)
    assert systems[URL]["version"] == [{"code": "1", "isDefault": True}]


EXPAND, VALIDATE = "ValueSet/$expand", "ValueSet/$validate-code"
NO_CODE = {"resourceType": "CodeSystem", "url": URL, "concept": [{"display": "no code"}]}
NO_OBJECT = {"resourceType": "ValueSet", "compose": {"include": ["a"]}}


@pytest.mark.parametrize(
    ("operation", "parameter"),
    [
        (VALIDATE, {"name": "coding", "valueCoding": "hen"}),
        (VALIDATE, {"name": "coding", "valueCoding": {"system": 5}}),
        (VALIDATE, {"name": "codeableConcept", "valueCodeableConcept": {"coding": "hen"}}),
        (VALIDATE, {"name": "abstract", "valueBoolean": "perhaps"}),
        (VALIDATE, {"name": "tx-resource", "resource": NO_CODE}),
        (VALIDATE, {"name": "system-version", "valueUri": URL}),
        (EXPAND, {"name": "tx-resource", "resource": NO_OBJECT}),
        (EXPAND, {"name": "tx-resource"}),
        (EXPAND, {"name": "count", "valueInteger": -1}),
        (EXPAND, {"name": "count", "valueInteger": "1"}),
    ],
)
def test_malformed_requests_are_told_what_is_wrong(
    app: ASGI, operation: str, parameter: dict[str, Any]
) -> None:
    url = {"name": "url", "valueUri": SET["url"]}
    code = {"name": "code", "valueCode": "hen"}, {"name": "system", "valueUri": URL}
    told = post(app, operation, url, *code, parameter, status=400)
    assert told["issue"][0]["severity"] == "error"


def test_what_a_client_learns_before_it_asks(app: ASGI) -> None:
    assert values(get(app, "$versions")) == {"version": "4.0", "default": "4.0"}
    told = get(app, "metadata")
    assert told["software"]["releaseDate"]
    ((definition, value),) = [e["extension"] for e in told["extension"]]
    assert definition["valueCanonical"].endswith("/CodeSystemAsParameter")
    assert value["valueBoolean"] is True
    (rest,) = told["rest"]
    assert "versions" in [o["name"] for o in rest["operation"]]
    sets = next(r for r in rest["resource"] if r["type"] == "ValueSet")
    assert {"expand", "validate-code", "compare"} <= {o["name"] for o in sets["operation"]}
