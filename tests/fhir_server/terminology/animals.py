"""A stored vocabulary of animals, and how to ask a server of it."""

from __future__ import annotations

from typing import Any

import httpx
import orjson

from capability.validate import validate
from fhir_server.http.asgi import ASGI
from tests.fhir_server.serving import talk

URL = "http://example.org/animals"
GENDER = "http://hl7.org/fhir/administrative-gender"
SYSTEM = {
    "resourceType": "CodeSystem",
    "id": "animals",
    "url": URL,
    "version": "1",
    "name": "Animals",
    "status": "active",
    "content": "complete",
    "language": "en",
    "property": [{"code": "legs", "type": "integer"}],
    "concept": [
        {
            "code": "bird",
            "display": "Bird",
            "concept": [
                {
                    "code": "hen",
                    "display": "Hen",
                    "designation": [{"language": "de", "value": "Huhn"}],
                    "property": [{"code": "legs", "valueInteger": 2}],
                }
            ],
        }
    ],
}
SET = {
    "resourceType": "ValueSet",
    "id": "birds",
    "url": "http://example.org/birds",
    "version": "1",
    "status": "active",
    "compose": {"include": [{"system": URL}]},
}
MAP = {
    "resourceType": "ConceptMap",
    "id": "calls",
    "url": "http://example.org/calls",
    "status": "active",
    "group": [
        {
            "source": URL,
            "target": "urn:calls",
            "element": [
                {"code": "hen", "target": [{"code": "cluck", "equivalence": "wider"}]},
            ],
        }
    ],
}


async def store(http: httpx.AsyncClient) -> None:
    for resource in (SYSTEM, SET, MAP):
        path = f"{resource['resourceType']}/{resource['id']}"
        reply = await http.put(path, content=orjson.dumps(resource))
        assert reply.status_code == 201, reply.text


def get(
    app: ASGI, path: str, status: int = 200, headers: dict[str, str] | None = None, **params: Any
) -> Any:
    async def conversation(http: httpx.AsyncClient) -> httpx.Response:
        return await http.get(path, params=params, headers=headers)

    return checked(talk(app, conversation), status)


def post(app: ASGI, path: str, *parameters: dict[str, Any], status: int = 200) -> Any:
    body = orjson.dumps({"resourceType": "Parameters", "parameter": parameters})

    async def conversation(http: httpx.AsyncClient) -> httpx.Response:
        return await http.post(path, content=body)

    return checked(talk(app, conversation), status)


def checked(reply: httpx.Response, status: int) -> Any:
    """The reply's resource, which is valid R4."""
    assert reply.status_code == status, reply.text
    resource = reply.json()
    assert [i for i in validate(resource) if i.severity == "error"] == []
    return resource


def values(parameters: Any) -> dict[str, Any]:
    """name → value of a Parameters resource; repeated names give their last value."""
    return {
        p["name"]: next((v for k, v in p.items() if k != "name"), None)
        for p in parameters["parameter"]
    }


def codes(value_set: Any) -> list[str]:
    return [c["code"] for c in value_set["expansion"].get("contains", ())]
