"""Resources that the server has of itself: definitions made from its tables, never stored."""

from __future__ import annotations

import weakref
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import orjson

from fhir_server.search.extract import rows
from fhir_server.search.planner import search
from fhir_server.search.query import parse
from fhir_server.store.connection import in_memory
from fhir_server.store.names import Numbers
from fhir_server.store.rows import Index
from fhir_server.store.types import Connection, Page

Json = dict[str, Any]
Pairs = Sequence[tuple[str, str]]
TYPES = (
    "CapabilityStatement",
    "CompartmentDefinition",
    "OperationDefinition",
    "SearchParameter",
    "StructureDefinition",
)
MARK = "own."  # before the cursor of a page that begins among these
WRITE = "UPDATE res SET vid = 1, ts = ?, del = 0, op = 2, body = ? WHERE rid = ?"


class Own:
    """The resources by name, and a search over them; made when first asked for.

    `now` is milliseconds since 1970, `base` the server's own URL. Only for one thread at a time.
    """

    def __init__(self, made: Callable[[], Iterable[Json]], now: int, base: str) -> None:
        self._made, self._now, self._base = made, now, base

    def get(self, type: str, id: str) -> bytes | None:
        """The resource of a type and id."""
        if type not in TYPES:
            return None
        where = "SELECT body FROM res WHERE id = ? AND type = ?"
        number = Numbers(self._connection).types.find(type)
        row = self._connection.execute(where, (id, number)).fetchone()
        return None if row is None else bytes(row[0])

    def search(self, type: str, query: Pairs, *, strict: bool) -> Page:
        """A page of what matches, without the stored resources."""
        numbers = Numbers(self._connection)
        return search(self._connection, numbers, type, query, self._base, strict=strict)

    @cached_property
    def _connection(self) -> Connection:
        connection = in_memory()
        weakref.finalize(self, connection.close)
        numbers = Numbers(connection)
        index = Index(connection, numbers)
        for resource in self._made():
            rid = index.target(resource["resourceType"], resource["id"])
            index.change(rid, None, rows(resource, self._base))
            connection.execute(WRITE, (self._now, orjson.dumps(resource), rid))
        index.flush()
        return connection


async def found(
    own: Own,
    stored: Callable[[Pairs], Awaitable[Page]],
    type: str,
    query: Pairs,
    *,
    strict: bool,
) -> Page:
    """A page of stored resources, and after the last of them the server's own.

    `stored` gives a page of the stored ones; a sort holds within each of the two.
    """
    count = parse(type, query, strict=strict).count
    cursor = dict(query).get("_cursor", "")
    plain = [pair for pair in query if pair[0] not in ("_cursor", "_count")]
    total = own.search(type, [*plain, ("_count", "0")], strict=strict).total or 0
    if not cursor.startswith(MARK):
        page: Page = await stored(query)
        whole = None if page.total is None else page.total + total
        if page.next or not total or (left := count - len(page.entries)) < 0:
            return replace(page, total=whole)
        if left == 0:
            kept = tuple(p for p in page.used if p[0] != "_cursor")
            following = (*kept, ("_cursor", MARK)) if count else ()
            return replace(page, total=whole, next=following)
        more = own.search(type, [*plain, ("_count", str(left))], strict=strict)
        entries, along = page.entries + more.entries, page.included + more.included
        return replace(
            more,
            entries=entries,
            included=along,
            total=whole,
            used=page.used,
            next=_marked(more.next, count),
            previous=page.previous,
        )
    first: Page = await stored([*plain, ("_count", "0")])
    inner = [*plain, ("_count", str(count))]
    if own_cursor := cursor.removeprefix(MARK):
        inner.append(("_cursor", own_cursor))
    page = own.search(type, inner, strict=strict)
    whole = None if dict(query).get("_total") == "none" else total + (first.total or 0)
    following, before = (_marked(each, count) for each in (page.next, page.previous))
    return replace(page, total=whole, used=tuple(query), next=following, previous=before)


def _marked(query: Pairs, count: int) -> tuple[tuple[str, str], ...]:
    """The query of a page beside, its cursor marked, the count as it was asked for."""
    changed = {"_cursor": MARK, "_count": ""}
    return tuple((n, str(count) if n == "_count" else changed.get(n, "") + v) for n, v in query)
