"""Patient/$everything: all of a patient's record, or of all patients', page by page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson

from capability.definitions import RESOURCE_TYPES
from capability.operation import Operation, Param, Values
from fhir_server.bundle import searchset
from fhir_server.context import Context
from fhir_server.errors import BadRequest
from fhir_server.search.everything import RecordQuery, everything, read_cursor
from fhir_server.search.types.date import bounds

MOST = 1000  # resources on a page
SHOWN = ("start", "end", "_since", "_type", "_count", "_cursor")


async def run(ctx: Context, given: Values) -> Values:
    id = given.get("_id", "")
    where = f"Patient/{id}" if id else "Patient"
    if id:
        await ctx.repository.read("Patient", id)
    asked = _query(given)
    page = await ctx.repository.query(lambda c, n: everything(c, n, id, asked))
    used = tuple((name, _written(given[name])) for name in SHOWN if name in given)
    kept = tuple(pair for pair in used if pair[0] != "_cursor")
    following = (*kept, *page.next) if page.next else ()
    shown = replace(page, used=used, next=following)
    made = searchset(shown, f"{where}/$everything", ctx.settings.base_url)
    return {"return": orjson.Fragment(made)}


def _query(given: Values) -> RecordQuery:
    types = tuple(t for each in given.get("_type", ()) for t in each.split(",") if t)
    for name in types:
        if name not in RESOURCE_TYPES:
            raise BadRequest(f"FHIR R4 has no resource type {name!r}", "_type")
    if given.get("_count", 0) < 0:
        raise BadRequest("_count is not negative", "_count")
    start, end, since = (_time(given, name) for name in ("start", "end", "_since"))
    whole = None if "_id" in given else MOST
    return RecordQuery(
        start[0] if start else None,
        end[1] if end else None,
        since[0] if since else 0,
        types,
        min(given["_count"], MOST) if "_count" in given else whole,
        read_cursor(given.get("_cursor", "")),
    )


def _time(given: Values, name: str) -> tuple[int, int] | None:
    try:
        return bounds(given[name]) if name in given else None
    except BadRequest as error:
        raise BadRequest(str(error), name) from None


def _written(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


OPERATION = Operation(
    code="everything",
    resources=("Patient",),
    levels=("type", "instance"),
    title="All of a patient's record, or of all patients'",
    standard="http://hl7.org/fhir/OperationDefinition/Patient-everything",
    inputs=(
        Param("start", "date", doc="Of what has a date of care, only from this on."),
        Param("end", "date", doc="Of what has a date of care, only up to this."),
        Param("_since", "instant", doc="Only what was changed since."),
        Param("_type", "code", max="*", doc="Only these resource types."),
        Param("_count", "integer", doc="Resources on a page; default all, of all patients 1,000."),
        Param("_cursor", "string", doc="Where the page begins, from the link to it."),
    ),
    outputs=(Param("return", "Bundle", min=1, doc="A searchset, the patient first."),),
    run=run,
)
