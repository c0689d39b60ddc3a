"""Resources that the server has of itself: made from its tables, never stored."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import orjson

from fhir_server.repository import Known, Repository
from fhir_server.search.extract import rows
from fhir_server.search.planner import search
from fhir_server.search.query import parse
from fhir_server.store.connection import in_memory
from fhir_server.store.names import Numbers
from fhir_server.store.rows import Index
from fhir_server.store.types import Connection, Page

Json = dict[str, Any]
Pairs = Sequence[tuple[str, str]]
MARK = "own."  # before the cursor of a page that begins among these
WRITE = "UPDATE res SET vid = 1, ts = ?, del = 0, op = 2, body = ? WHERE rid = ?"
READ = "SELECT body FROM res WHERE id = ? AND type = ?"
# what is merely referred to has a row of version 0
STORED = "SELECT id FROM res WHERE type = ? AND vid > 0 AND id IN (SELECT value FROM json_each(?))"
Name = tuple[str, str]  # type, id


@dataclass(frozen=True, slots=True)
class Source:
    """What makes the resources of some types, anew whenever `as_of` changes."""

    types: tuple[str, ...]
    made: Callable[[], Iterable[Json]]
    as_of: Callable[[], object] = lambda: 0


@dataclass(frozen=True, slots=True)
class _Made:
    """The resources in a database of their own, without those whose names are `stored`."""

    connection: Connection
    names: frozenset[Name]
    stored: frozenset[Name]


class Own:
    """The resources of a source, and a search over them; made when first asked for.

    A stored resource of the same type and id stands in the place of one of these, also when it is
    deleted again. `now` is milliseconds since 1970.
    """

    def __init__(self, source: Source, repository: Repository, now: int) -> None:
        self._source, self._repository, self._now = source, repository, now
        self._lock = asyncio.Lock()
        self._held: list[_Made] = []  # one, once it is made
        self._as_of: tuple[object, ...] = ()
        weakref.finalize(self, _close, self._held)

    async def get(self, type: str, id: str) -> bytes | None:
        """The resource of a type and id, if no stored one hides it."""
        connection = await self._ready()
        number = Numbers(connection).types.find(type)
        row = connection.execute(READ, (id, number)).fetchone()
        return None if row is None else bytes(row[0])

    async def search(self, type: str, query: Pairs, *, strict: bool) -> Page:
        """A page of what matches, without the stored resources and what they hide."""
        connection, base = await self._ready(), self._repository.base_url

        async def job(known: Known) -> Page:
            numbers = Numbers(connection)
            return search(connection, numbers, type, query, base, strict=strict, codes=known)

        return await self._repository.resolved(job)

    async def _ready(self) -> Connection:
        """The database as of now; what is stored may change what it is to have."""
        async with self._lock:
            written = map(self._repository.attempts.written.get, self._source.types)
            as_of = self._source.as_of(), *written
            if as_of != self._as_of:
                await self._renew(again=as_of[:1] != self._as_of[:1])
                self._as_of = as_of
            return self._held[0].connection

    async def _renew(self, *, again: bool) -> None:
        if not again:
            names = self._held[0].names
            stored = await self._repository.query(partial(_stored, names))
            if stored == self._held[0].stored:
                return
        resources = await asyncio.to_thread(lambda: list(self._source.made()))
        names = frozenset((each["resourceType"], each["id"]) for each in resources)
        stored = await self._repository.query(partial(_stored, names))
        left = [r for r in resources if (r["resourceType"], r["id"]) not in stored]
        connection = await asyncio.to_thread(self._indexed, left)
        _close(self._held)
        self._held.append(_Made(connection, names, stored))

    def _indexed(self, resources: Iterable[Json]) -> Connection:
        connection = in_memory()
        numbers = Numbers(connection)
        index = Index(connection, numbers)
        for resource in resources:
            rid = index.target(resource["resourceType"], resource["id"])
            index.change(rid, None, rows(resource, self._repository.base_url))
            connection.execute(WRITE, (self._now, orjson.dumps(resource), rid))
        index.flush()
        return connection


def _stored(names: Iterable[Name], connection: Connection, numbers: Numbers) -> frozenset[Name]:
    """Which of them the store has, or had."""
    ids: dict[str, list[str]] = {}
    for type, id in names:
        ids.setdefault(type, []).append(id)
    return frozenset(
        (type, id)
        for type, wanted in ids.items()
        for (id,) in connection.execute(
            STORED, (numbers.types.find(type), orjson.dumps(wanted).decode())
        )
    )


def _close(held: list[_Made]) -> None:
    while held:
        held.pop().connection.close()


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
    whole_own = await own.search(type, [*plain, ("_count", "0")], strict=strict)
    total = whole_own.total or 0
    if not cursor.startswith(MARK):
        page: Page = await stored(query)
        whole = None if page.total is None else page.total + total
        if page.next or not total or (left := count - len(page.entries)) < 0:
            return replace(page, total=whole)
        if left == 0:
            kept = tuple(p for p in page.used if p[0] != "_cursor")
            following = (*kept, ("_cursor", MARK)) if count else ()
            return replace(page, total=whole, next=following)
        more = await own.search(type, [*plain, ("_count", str(left))], strict=strict)
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
    page = await own.search(type, inner, strict=strict)
    whole = None if dict(query).get("_total") == "none" else total + (first.total or 0)
    following, before = (_marked(each, count) for each in (page.next, page.previous))
    return replace(page, total=whole, used=tuple(query), next=following, previous=before)


def _marked(query: Pairs, count: int) -> tuple[tuple[str, str], ...]:
    """The query of a page beside, its cursor marked, the count as it was asked for."""
    changed = {"_cursor": MARK, "_count": ""}
    return tuple((n, str(count) if n == "_count" else changed.get(n, "") + v) for n, v in query)
