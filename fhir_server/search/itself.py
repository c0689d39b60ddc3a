"""What a resource is asked of itself: _id and _lastUpdated, by its own row."""

from __future__ import annotations

from fhir_server.errors import BadRequest
from fhir_server.search.index import Clause
from fhir_server.search.types import date
from fhir_server.search.value import prefixed, unescape

IDS = "id IN (SELECT json_extract(value, '$[0]') FROM json_each(?))"
UPDATED = {
    "eq": "ts >= :lo AND ts < :hi",
    "ap": "ts >= :lo AND ts < :hi",
    "ne": "NOT (ts >= :lo AND ts < :hi)",
    "ge": "ts >= :lo",
    "lt": "ts < :lo",
    "eb": "ts < :lo",
    "gt": "ts >= :hi",
    "sa": "ts >= :hi",
    "le": "ts < :hi",
}


def clause(name: str, value: str) -> Clause:
    """_id, or _lastUpdated: a millisecond within the span of the value, or to one side of it."""
    if name == "_id":
        return Clause("res", "id = ?", (unescape(value),), point=True, many=IDS)
    prefix, text = prefixed(unescape(value))
    try:
        low, high = date.around(prefix, *date.bounds(text))
    except BadRequest as error:
        raise BadRequest(str(error), "_lastUpdated") from None
    return Clause("res", *date.bind(UPDATED[prefix], low, high))
