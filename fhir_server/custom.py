"""Search parameters that users store: compiled, indexed in the background, then used."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from capability.definitions import (
    RESOURCE_TYPES,
    SearchParameter,
    branches,
    every_search_parameter,
)
from fhir_server.errors import NotSupported
from fhir_server.search.extract import Compiled, compiled, rows
from fhir_server.search.index import Rows
from fhir_server.search.types import SEARCH_TYPES
from fhir_server.store.names import Numbers
from fhir_server.store.reindex import reindex
from fhir_server.store.sqlite import Store
from fhir_server.store.tables import Ready, insert
from fhir_server.store.types import Connection, Fault

log = logging.getLogger(__name__)

ABSTRACT = ("Resource", "DomainResource")
AGAIN = 5.0  # seconds after which an indexing that failed is tried again
SETTLE = 0.3  # seconds in which other parameters may come, to be indexed along
STORED = "SELECT body FROM res WHERE type = ? AND del = 0 ORDER BY rid"
READY = "SELECT url, digest FROM ready"
FORGET = "DELETE FROM ready WHERE url = ?"
MARK = insert(Ready)
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Custom:
    """One stored parameter; `parameters` are what it is to each of its types, `left_out` says why
    a type can't be searched by it."""

    url: str
    code: str
    digest: str
    parameters: Mapping[str, SearchParameter]
    left_out: Mapping[str, str]


class Parameters:
    """What each type can be searched by, and how it is indexed: R4's parameters and stored ones.

    A stored parameter takes part in indexing from its writing on, in searches once every resource
    of its types is indexed by it. `base` is the server's own URL.
    """

    def __init__(self, base: str) -> None:
        self._base = base
        self._more: dict[str, tuple[SearchParameter, ...]] = {}
        self._left_out: dict[str, dict[str, str]] = {}  # why, by type and code
        self._waiting: dict[str, Custom] = {}
        self._progress = (0, 0)
        self._store: Store | None = None
        self._task: asyncio.Task[None] | None = None
        self.generation = 0  # changes with what searches may use

    def rows(self, resource: Json) -> Rows:
        """The index rows of a resource."""
        return rows(resource, self._base, self._more.get(resource["resourceType"], ()))

    def compiled(self, type: str) -> Compiled:
        """What searches of a type may use; raises NotSupported for what is still being indexed."""
        known = compiled(type, self._more.get(type, ()))
        if left_out := self._left_out.get(type):
            known = known._replace(left_out=known.left_out | left_out)
        waiting = [c.parameters[type].code for c in self._waiting.values() if type in c.parameters]
        if not waiting:
            return known
        return known._replace(kinds=_Guarded(known.kinds, waiting, self._progress_text))

    def more(self, type: str) -> tuple[SearchParameter, ...]:
        """The stored parameters that searches of a type may use."""
        waiting = {c.parameters.get(type) for c in self._waiting.values()}
        able = compiled(type, self._more.get(type, ())).kinds
        return tuple(p for p in self._more.get(type, ()) if p not in waiting and p.code in able)

    def load(self, store: Store) -> None:
        """Takes up what is stored, before anything is written."""
        self._store = store
        stored, ready = _read(store.connection, Numbers(store.connection))
        _forget(store.connection, _gone(stored, ready))
        self._take(stored, ready)

    async def changed(self) -> None:
        """Takes up what has been stored or deleted, and begins to index it."""
        if self._store is not None:
            stored, ready = await self._store.query(_read)
            if gone := _gone(stored, ready):
                await self._store.transact(lambda session: _forget(session.connection, gone), ())
            self._take(stored, ready)
            self.start()

    def start(self) -> None:
        """Indexes in the background what waits for it; needs the event loop."""
        if self._waiting and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._index())

    async def close(self) -> None:
        """Ends what is under way; it begins anew at the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _take(self, stored: list[Custom], ready: Mapping[str, str]) -> None:
        more: dict[str, tuple[SearchParameter, ...]] = {}
        left_out: dict[str, dict[str, str]] = {}
        for custom in stored:
            for type, why in custom.left_out.items():
                left_out.setdefault(type, {})[custom.code] = why
            for type, parameter in custom.parameters.items():
                more[type] = (*more.get(type, ()), parameter)
        self._more, self._left_out = more, left_out
        self._waiting = {c.url: c for c in stored if c.parameters and ready.get(c.url) != c.digest}
        self.generation += 1

    async def _index(self) -> None:
        store = self._store
        while store is not None and self._waiting:
            await asyncio.sleep(SETTLE)
            try:
                await self._once(store, list(self._waiting.values()))
            except Fault as error:  # its text may hold what is stored
                told = "indexing by new search parameters failed (%s), tried again in %g s"
                log.warning(told, type(error).__name__, AGAIN)
                await asyncio.sleep(AGAIN)

    async def _once(self, store: Store, batch: list[Custom]) -> None:
        types = {type for custom in batch for type in custom.parameters}
        done = await reindex(store, types, self._proceed)
        log.info("indexed %d resources by %d new search parameters", done.resources, len(batch))
        await store.transact(lambda session: _mark(session.connection, batch), ())
        for custom in batch:
            if self._waiting.get(custom.url) == custom:
                del self._waiting[custom.url]
        self.generation += 1

    def _proceed(self, done: int, total: int) -> None:
        self._progress = done, total

    def _progress_text(self) -> str:
        return "its index is being made: {} of {} resources are read".format(*self._progress)


class _Guarded(dict[str, str]):
    """Search types by code, of which some can't be used yet."""

    def __init__(
        self, kinds: Mapping[str, str], waiting: Iterable[str], told: Callable[[], str]
    ) -> None:
        super().__init__(kinds)
        self._waiting, self._why = frozenset(waiting), told

    def __getitem__(self, code: str) -> str:
        if code in self._waiting:
            raise NotSupported(f"{code!r} can't be searched by yet: {self._why()}", code)
        return super().__getitem__(code)

    def get(self, code: str, default: Any = None) -> Any:
        return self[code] if code in self.keys() else default


def _gone(stored: Iterable[Custom], ready: Mapping[str, str]) -> set[str]:
    """Those whose index is no longer kept: stored again, they are new."""
    return set(ready) - {custom.url for custom in stored}


def _forget(connection: Connection, urls: Iterable[str]) -> None:
    connection.executemany(FORGET, [(url,) for url in urls])


def _mark(connection: Connection, batch: Iterable[Custom]) -> None:
    for custom in batch:
        _forget(connection, (custom.url,))
        connection.execute(MARK, (custom.url, custom.digest))


def _read(connection: Connection, numbers: Numbers) -> tuple[list[Custom], dict[str, str]]:
    """The stored parameters, and the digests of those whose index is whole.

    Of two with one code for one type, that which was stored first counts.
    """
    bodies = connection.execute(STORED, (numbers.types.find("SearchParameter"),))
    standard = {row["url"] for row in every_search_parameter()}
    found: dict[str, Custom] = {}
    taken: set[tuple[str, str]] = set()  # type and code
    for (body,) in bodies:
        resource = orjson.loads(body)
        url = resource["url"]
        if resource["status"] != "active" or url in standard:
            continue
        given, code = dict(_parameters(resource)), resource["code"]
        parameters = {t: p for t, p in given.items() if (t, code) not in taken}
        if given and not parameters:
            continue
        able = {t: p for t, p in parameters.items() if isinstance(p, SearchParameter)}
        left_out = {t: why for t, why in parameters.items() if isinstance(why, str)}
        found[url] = Custom(url, code, _digest(resource), able, left_out)
        taken |= {(type, code) for type in able}
    return list(found.values()), dict(connection.execute(READY).fetchall())


def _parameters(resource: Json) -> Iterator[tuple[str, SearchParameter | str]]:
    """What the parameter is to each of its types, or why it is nothing to it, where its code is
    none of the specification's."""
    bases, kind, code = resource["base"], resource["type"], resource["code"]
    types = RESOURCE_TYPES if set(bases) & set(ABSTRACT) else tuple(bases)
    targets = tuple(resource.get("target", ()))
    for type in types:
        known = compiled(type)
        if code in known.kinds or code in known.composites:
            continue
        if kind not in SEARCH_TYPES or kind == "special":
            yield type, f"stored parameters of the type {kind} are not done"
            continue
        expression = branches(resource.get("expression", ""), {type, *ABSTRACT})
        if not expression:
            yield type, f"its expression has no path from {type}"
            continue
        made = SearchParameter(code, kind, expression, targets, resource["url"])
        alone = compiled(type, (made,))
        why = alone.left_out.get(code, "the store has it itself")
        yield type, made if code in alone.kinds else why


def _digest(resource: Json) -> str:
    told = [resource.get(name) for name in ("code", "base", "type", "expression", "target")]
    return hashlib.sha256(orjson.dumps(told)).hexdigest()[:32]
