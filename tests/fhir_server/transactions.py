"""Entries and Bundles of transactions, as tests write them."""

from __future__ import annotations

from typing import Any

import httpx
import orjson

Json = dict[str, Any]
SYSTEM = "http://example.org/ids"


def entry(method: str, url: str, resource: Json | None = None, full: str = "", **more: str) -> Json:
    made: Json = {"request": {"method": method, "url": url, **more}}
    if resource is not None:
        made["resource"] = resource
    return made | ({"fullUrl": full} if full else {})


def person(value: str = "", **elements: Any) -> Json:
    made: Json = {"resourceType": "Patient", **elements}
    return made | ({"identifier": [{"system": SYSTEM, "value": value}]} if value else {})


def condition(subject: str, **elements: Any) -> Json:
    return {"resourceType": "Condition", "subject": {"reference": subject}, **elements}


def bundle(*entries: Json, kind: str = "transaction") -> bytes:
    listed = {"entry": list(entries)} if entries else {}
    return orjson.dumps({"resourceType": "Bundle", "type": kind, **listed})


def urn(n: int) -> str:
    return f"urn:uuid:00000000-0000-4000-8000-{n:012d}"


async def post(http: httpx.AsyncClient, *entries: Json, **headers: str) -> httpx.Response:
    named = {k.replace("_", "-"): v for k, v in headers.items()}
    return await http.post("http://test/fhir", content=bundle(*entries), headers=named)


def statuses(reply: httpx.Response) -> list[str]:
    assert reply.status_code == 200, reply.text
    return [e["response"]["status"][:3] for e in reply.json()["entry"]]
