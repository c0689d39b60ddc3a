"""Composition/$document: a composition and all it refers to as one Bundle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from capability.operation import Operation, Param, Values
from fhir_server.context import Context
from fhir_server.errors import Gone, NotFound, NotSupported
from fhir_server.repository import Stored
from fhir_server.search.types.reference import local

MOST = 1000  # resources of a document
Name = tuple[str, str]  # type, id


async def run(ctx: Context, given: Values) -> Values:
    composition = await ctx.repository.read("Composition", given["_id"])
    base = ctx.settings.base_url
    entries = [_entry(s, base) for s in await _gathered(ctx, composition)]
    now = ctx.now().isoformat(timespec="seconds").replace("+00:00", "Z")
    bundle: dict[str, Any] = {
        "resourceType": "Bundle",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{ctx.new_id()}"},
        "type": "document",
        "timestamp": now,
        "entry": entries,
    }
    if given.get("persist"):
        stored = await ctx.repository.create("Bundle", orjson.dumps(bundle))
        return {"return": orjson.Fragment(stored.body)}
    return {"return": bundle}


async def _gathered(ctx: Context, composition: Stored) -> list[Stored]:
    """The composition, and what it refers to on this server, as far as references go."""
    found: dict[Name, Stored | None] = {("Composition", composition.id): composition}
    open = [composition]
    while open:
        for name in _references(orjson.loads(open.pop().body), ctx.settings.base_url):
            if name in found:
                continue
            found[name] = None
            try:
                stored = await ctx.repository.read(*name)
            except (NotFound, Gone):
                continue  # the reference stays, as one to another server does
            found[name] = stored
            open.append(stored)
            if len(found) > MOST:
                raise NotSupported(f"a document of more than {MOST} resources")
    return [stored for stored in found.values() if stored]


def _references(value: Any, base: str) -> Iterator[Name]:
    """The (type, id) that a resource's references name on this server."""
    if isinstance(value, list):
        for each in value:
            yield from _references(each, base)
    elif isinstance(value, dict):
        written = value.get("reference")
        if isinstance(written, str) and (name := local(written, base)):
            yield name
        for each in value.values():
            if isinstance(each, list | dict):
                yield from _references(each, base)


def _entry(stored: Stored, base: str) -> dict[str, Any]:
    body = orjson.Fragment(stored.body)
    return {"fullUrl": f"{base}/{stored.type}/{stored.id}", "resource": body}


OPERATION = Operation(
    code="document",
    resources=("Composition",),
    levels=("instance",),
    title="Make a document of a composition",
    standard="http://hl7.org/fhir/OperationDefinition/Composition-document",
    inputs=(Param("persist", "boolean", doc="Store the document too; default false."),),
    outputs=(
        Param(
            "return", "Bundle", min=1, doc="The document; what is not on this server is left out."
        ),
    ),
    run=run,
)
