"""The resources of a source, in a database of their own that is made anew as they change."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson

from fhir_server.custom import Parameters
from fhir_server.search.index import Codes
from fhir_server.search.planner import search
from fhir_server.store.connection import in_memory
from fhir_server.store.names import Numbers
from fhir_server.store.rows import Index
from fhir_server.store.types import Connection, Page, Stored

if TYPE_CHECKING:
    from fhir_server.repository import Repository

Json = dict[str, Any]
Name = tuple[str, str]  # type, id
Pairs = Sequence[tuple[str, str]]
WRITE = "UPDATE res SET ts = ?, del = 0, op = 2, body = ? WHERE rid = ?"  # of version 0
FIND = "SELECT rid, body FROM res WHERE id = ? AND type = ?"
END = "UPDATE res SET del = 1, body = NULL WHERE rid = ?"
READ = "SELECT ts, body FROM res WHERE id = ? AND type = ? AND del = 0"
# what is merely referred to has a row of version 0
STORED = "SELECT id FROM res WHERE type = ? AND vid > 0 AND id IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Source:
    """What makes the resources of some types, anew whenever `as_of` changes."""

    types: tuple[str, ...]
    made: Callable[[], Iterable[Json]]
    as_of: Callable[[], object] = lambda: 0


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Made:
    """The resources of a time, without those whose names are `stored`; closed with its last use.

    As they have no versions, theirs is told as 0. `parameters` tell what they are searched by.
    """

    connection: Connection
    names: frozenset[Name]
    stored: frozenset[Name]
    base: str
    parameters: Parameters

    def get(self, type: str, id: str) -> Stored | None:
        number = Numbers(self.connection).types.find(type)
        row = self.connection.execute(READ, (id, number)).fetchone()
        return None if row is None else Stored(type, id, 0, *row)

    def search(
        self, type: str, query: Pairs, *, strict: bool, codes: Mapping[Name, Codes] | None = None
    ) -> Page:
        """A page of what matches; for any thread. Raises as `planner.search`."""
        where = self.connection, Numbers(self.connection)
        told = {"strict": strict, "compiled": self.parameters.compiled, "codes": codes}
        return search(*where, type, query, self.base, **told)  # type: ignore[arg-type]

    def beside(self, store: Connection, numbers: Numbers) -> Made:
        """These as a transaction sees them: without what is stored by now; for any thread."""
        stored = _stored(self.names, store, numbers)
        if not (gone := stored - self.stored):
            return self
        connection = in_memory()
        self.connection.backup(connection)
        known = Numbers(connection)
        index = Index(connection, known)
        for type, id in gone:
            rid, body = connection.execute(FIND, (id, known.types.find(type))).fetchone()
            index.change(rid, self.parameters.rows(orjson.loads(body)), None)
            connection.execute(END, (rid,))
        index.flush()
        return _closed(replace(self, connection=connection, stored=stored))


class Own:
    """The resources of a source, made when first asked for.

    A stored resource of the same type and id stands in the place of one of these, also when it is
    deleted again. `now` is milliseconds since 1970.
    """

    def __init__(self, source: Source, repository: Repository, now: int) -> None:
        self._source, self._repository, self._now = source, repository, now
        self._lock = asyncio.Lock()
        self._made: Made | None = None
        self._as_of: tuple[object, ...] = ()

    async def made(self) -> Made:
        """The resources as of now; what is stored may change what they are."""
        async with self._lock:
            types = self._source.types
            searched = tuple(map(self._repository.parameters.more, types))
            written = map(self._repository.attempts.written.get, types)
            as_of = (self._source.as_of(), searched), *written
            if self._made is None or as_of != self._as_of:
                again = self._made is None or as_of[:1] != self._as_of[:1]
                self._made = await self._renewed(None if again else self._made)
                self._as_of = as_of
            return self._made

    async def _renewed(self, last: Made | None) -> Made:
        """The last ones where as many are stored in their places as there were."""
        if last is not None:
            stored = await self._repository.query(partial(_stored, last.names))
            if stored == last.stored:
                return last
        resources = await asyncio.to_thread(lambda: list(self._source.made()))
        names = frozenset((each["resourceType"], each["id"]) for each in resources)
        stored = await self._repository.query(partial(_stored, names))
        left = [r for r in resources if (r["resourceType"], r["id"]) not in stored]
        connection = await asyncio.to_thread(self._indexed, left)
        known = self._repository.base_url, self._repository.parameters
        return _closed(Made(connection, names, stored, *known))

    def _indexed(self, resources: Iterable[Json]) -> Connection:
        connection = in_memory()
        numbers = Numbers(connection)
        index = Index(connection, numbers)
        for resource in resources:
            rid = index.target(resource["resourceType"], resource["id"])
            index.change(rid, None, self._repository.parameters.rows(resource))
            connection.execute(WRITE, (self._now, orjson.dumps(resource), rid))
        index.flush()
        return connection


def _closed(made: Made) -> Made:
    """The same, whose database closes with its last use."""
    weakref.finalize(made, made.connection.close)
    return made


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
