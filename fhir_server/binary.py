"""Binary in its native form: what a client sends and takes as it is (R4 binary.html)."""

from __future__ import annotations

import base64
from typing import Any

import orjson

from fhir_server.http.asgi import Header, Reply
from fhir_server.http.media import FORM, READABLE, media
from fhir_server.http.request import Request

TYPE = "Binary"
SAFE: tuple[Header, ...] = (  # what users store must not act as a page of this server
    (b"content-security-policy", b"sandbox"),
    (b"x-content-type-options", b"nosniff"),
)


def is_native(request: Request) -> bool:
    """Whether a body is content itself and no FHIR resource; XML has been converted before."""
    sent = media(request.header(b"content-type"))
    return sent not in READABLE and sent not in ("", FORM) and "/" in sent


async def wrapped(request: Request, id: str = "") -> bytes:
    """The Binary of a body that is content itself; `id` is that of an update."""
    body = await request.body()
    made: dict[str, Any] = {"resourceType": TYPE} | ({"id": id} if id else {})
    made["contentType"] = request.header(b"content-type").strip()
    if context := request.header(b"x-security-context").strip():
        made["securityContext"] = {"reference": context}
    return orjson.dumps(made | ({"data": base64.b64encode(body).decode()} if body else {}))


def wants_native(request: Request) -> bool:
    """Whether the client does not say that it wants the resource (R4 binary 2.44.2)."""
    query = request.raw_query
    if query and any(name in query for name in (b"_format=", b"_summary=", b"_elements=")):
        return False
    accept = request.header(b"accept").split(",")
    return not any(media(each) in READABLE or media(each) == "json" for each in accept)


def unwrapped(reply: Reply, request: Request) -> Reply | None:
    """The content that a reply's Binary holds, where the client takes its type; else None."""
    held = orjson.loads(reply.body)
    type = media(held.get("contentType", ""))
    taken = {media(each) for each in request.header(b"accept").split(",")}
    if not {type, f"{type.partition('/')[0]}/*", "*/*", ""} & taken:
        return None
    body = base64.b64decode(held.get("data", ""))
    return Reply(reply.status, body, (*reply.headers, *SAFE), held["contentType"].encode())
