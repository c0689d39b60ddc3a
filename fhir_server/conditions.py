"""What a condition matches: conditional interactions and references search by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext

from capability.definitions import RESOURCE_TYPES
from fhir_server.changes import Condition, Query
from fhir_server.errors import BadRequest, NotFound, located
from fhir_server.http.request import pairs
from fhir_server.search.criteria import OF_ALL, Lookup
from fhir_server.search.extract import compiled
from fhir_server.search.index import Codes
from fhir_server.search.planner import search
from fhir_server.search.query import parse
from fhir_server.store.names import Numbers
from fhir_server.store.types import Connection

PAGE = ("_count", "_sort", "_total", "_include", "_revinclude", "_cursor")
RESULTS = frozenset(  # parameters that say how results are told, not which they are
    {*PAGE, "_format", "_pretty", "_summary", "_elements"}
)
OF_ALL_TYPES = frozenset(  # parameters that a condition may name
    {*OF_ALL, "_tag", "_profile", "_security", "_source", "_has", "_filter"}
)
KNOWN = frozenset(RESOURCE_TYPES)


def condition(
    type: str,
    query: Iterable[tuple[str, str]],
    place: str = "",
    compiled: Lookup = compiled,
) -> Condition:
    """A condition of a query; `compiled` tells what a type can be searched by.

    Raises BadRequest where it would match all of the type, NotSupported, with the place.
    """
    if type not in KNOWN:
        raise NotFound(f"FHIR R4 has no resource type {type!r}", place)
    criteria: Query = tuple((n, v) for n, v in query if n.partition(":")[0] not in RESULTS)
    if not any(value for _, value in criteria):
        raise BadRequest("a condition names at least one search parameter with a value", place)
    with located(place) if place else nullcontext():
        parse(type, criteria, compiled=compiled)
    return Condition(type, criteria)


def searched(query: Iterable[tuple[str, str]]) -> Query:
    """What the query of a create asks for: other parameters of all types are none of a search."""
    return tuple(
        (name, value)
        for name, value in query
        if not name.startswith("_") or name.partition(":")[0] in OF_ALL_TYPES
    )


def written(text: str, place: str = "", compiled: Lookup = compiled) -> Condition:
    """A condition as a URL or a reference has it: "Patient?identifier=…"."""
    type, _, query = text.partition("?")
    return condition(type, pairs(query.encode()), place, compiled)


def matches(
    connection: Connection,
    numbers: Numbers,
    asked: Condition,
    base: str,
    most: int,
    compiled: Lookup = compiled,
    codes: Mapping[tuple[str, str], Codes] | None = None,
) -> tuple[str, ...]:
    """The ids of what matches, `most` at the most; raises BadRequest, NotSupported, and Unresolved
    for what `codes` must hold."""
    query = [*asked.query, ("_count", str(most)), ("_total", "none")]
    page = search(connection, numbers, asked.type, query, base, compiled=compiled, codes=codes)
    return tuple(stored.id for stored in page.entries)
