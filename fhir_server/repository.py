"""The one door to the store: validate, index, write, read, search. Bytes in, the same bytes out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from capability.definitions import RESOURCE_TYPES
from fhir_server.attempts import MOST, Attempts, Looked
from fhir_server.changes import (
    Change,
    Create,
    Delete,
    Found,
    Keep,
    Patch,
    Settled,
    Update,
    settle,
)
from fhir_server.custom import Parameters
from fhir_server.errors import Gone, NotFound, PreconditionFailed
from fhir_server.full_text import FullText
from fhir_server.history import versions_page
from fhir_server.own import Owned, found
from fhir_server.parse import parse
from fhir_server.prepare import Prepared, check_type, prepare
from fhir_server.search.builder import Unresolved
from fhir_server.search.index import Codes
from fhir_server.search.planner import search
from fhir_server.search.scope import Scope, across, within
from fhir_server.store.history import HistoryQuery, Versions, version
from fhir_server.store.names import Numbers
from fhir_server.store.reindex import Done, reindex
from fhir_server.store.session import Session
from fhir_server.store.sqlite import Store
from fhir_server.store.types import Connection, Drop, Page, Put, Stored
from fhir_server.store.words import reset

__all__ = ["Change", "Create", "Delete", "Page", "Patch", "Repository", "Stored", "Update"]

T = TypeVar("T")
Query = Sequence[tuple[str, str]]
Owner = tuple[str, str]  # type, id
Known = Mapping[tuple[str, str], Codes]
FindCodes = Callable[[str, str], Awaitable[Codes]]  # of a modifier and its value
OwnFound = Mapping[tuple[str, str], Stored]  # what came up of the server's own, by type and id

KNOWN = frozenset(RESOURCE_TYPES)
FEW = 8  # changes that are prepared at once
LARGE = 64 << 10  # bytes of a body from which on it is prepared on a thread


@dataclass(frozen=True, slots=True)
class Rules:
    """What a deployment decides: see the settings of the same names."""

    referential_integrity: bool = False
    delete_multiple: bool = False
    reference_types: bool = True


class Repository:
    """`base_url` is the server's own, as it is in absolute references to its resources."""

    def __init__(
        self,
        store: Store,
        new_id: Callable[[], str],
        base_url: str,
        rules: Rules | None = None,
        parameters: Parameters | None = None,
    ) -> None:
        self._store, self._new_id, self.base_url = store, new_id, base_url
        self._rules = rules or Rules()
        self.parameters = parameters or Parameters(base_url)
        self._met: set[str] = set()  # types that were prepared before
        self.full_text = FullText(store)
        self.codes: FindCodes | None = None  # what a modifier stands for, where it is known
        self.own = Owned()
        self.attempts = Attempts(
            *(store, self.parameters, base_url, self._resolve, self.own),
            several=self._rules.delete_multiple,
            integrity=self._rules.referential_integrity,
        )

    async def create(self, type: str, body: bytes) -> Stored:
        """Stores a new resource under a new id; raises BadRequest, NotFound (type), Invalid."""
        [stored] = await self.transact([Create(type, body)])
        return stored

    async def update(
        self, type: str, id: str, body: bytes, if_match: int | None = None
    ) -> tuple[Stored, bool]:
        """Stores a resource under its id; true where there was none (update as create).

        Raises BadRequest where the body has another id, PreconditionFailed by `if_match`.
        """
        [stored] = await self.transact([Update(type, id, body, if_match)])
        return stored, stored.created

    async def delete(self, type: str, id: str, if_match: int | None = None) -> Stored:
        """Deletes a resource, its history stays; version 0 where there never was one."""
        [stored] = await self.transact([Delete(type, id, if_match)])
        return stored

    async def transact(self, changes: Sequence[Change]) -> list[Stored]:
        """All changes in one transaction, or none of them; durable when it returns.

        Gives a version for each change in its order, for a conditional delete as many as matched.
        Raises PreconditionFailed where another condition matches several.
        """

        async def attempt(looked: Looked) -> list[Stored]:
            settled = [s for c in changes for s in self.settle(c, looked.found)]
            for each in filter(self.own.concerns, settled):
                await self.own.check(each)
            if len(changes) > FEW or any(map(self._takes_long, changes)):
                prepared = await asyncio.to_thread(self.prepare, settled)
            else:
                prepared = self.prepare(settled)
            touched = [(s.type, s.id) for s in settled]
            return await self.attempts.commit(partial(_all, prepared, looked.own), touched, looked)

        return await self.attempts.run([c.condition for c in changes if c.condition], attempt)

    def _takes_long(self, change: Change) -> bool:
        """Whether others had better not wait until a change is prepared."""
        if not isinstance(change, (Create, Update)):
            return False
        new = change.type not in self._met  # its schema is still to be made
        if new and change.type in KNOWN:
            self._met.add(change.type)
        return new or len(change.resource) > LARGE

    def settle(self, change: Change, found: Found) -> list[Settled]:
        """What a change comes to by what its condition matched; raises PreconditionFailed."""
        if isinstance(change, Delete) and change.condition and len(found[change.condition]) > 1:
            if not self._rules.delete_multiple:
                raise PreconditionFailed("the condition matches several resources: name one")
            if len(found[change.condition]) > MOST:
                raise PreconditionFailed(f"the condition matches more than {MOST} resources")
        return settle(change, found, self._new_id, _own_id)

    def prepare(self, settled: Iterable[Settled], places: Sequence[str] = ()) -> list[Prepared]:
        """The writes of changes, each with its place for what is raised: BadRequest, Invalid.

        For any thread.
        """
        typed = self._rules.reference_types
        return prepare(settled, places, self._store.extract, typed=typed)

    async def read(self, type: str, id: str) -> Stored:
        """The current version; raises NotFound, Gone."""
        return self.look(type, id)

    def look(self, type: str, id: str) -> Stored:
        """`read` for who can't await: a few microseconds."""
        check_type(type)
        stored = self._store.read(type, id)
        if stored.deleted:
            raise Gone(f"{type}/{id} was deleted")
        return stored

    async def vread(self, type: str, id: str, number: int) -> Stored:
        """One version; raises NotFound, Gone where that version is the deletion."""
        check_type(type)
        find = partial(version, type=type, id=id, number=number)
        stored = await self._store.query(find, indexed=False)
        if stored is None:
            raise NotFound(f"{type}/{id} has no version {number}")
        if stored.deleted:
            raise Gone(f"{type}/{id} was deleted in version {number}")
        return stored

    async def history(self, asked: HistoryQuery) -> Versions:
        """A page of versions, newest first, deletions among them; raises NotFound."""
        if asked.type:
            check_type(asked.type)
        find = partial(versions_page, what=asked, base=self.base_url)
        found = await self._store.query(find, indexed=bool(asked.list))
        if found is None:
            raise NotFound(f"no {asked.type} has the id {asked.id!r}")
        return found

    async def search(
        self, type: str, query: Query, *, strict: bool = True, owner: Owner | None = None
    ) -> Page:
        """What matches the query, a page of it; raises BadRequest, NotSupported with the place.

        The type "" searches all, or those that `_type` names; `owner` is the (type, id) of the
        compartment to search, all of it with the type "*". Unless `strict`, parameters that the
        server does not know are ignored, and told as such.
        """
        if type and not owner:
            check_type(type)

        def job(known: Known, connection: Connection, numbers: Numbers) -> Page:
            if owner:
                scope = within(*owner, type, numbers, query)
            else:
                scope = Scope((type,)) if type else across(numbers, query)
            return search(
                connection,
                numbers,
                scope,
                query,
                self.base_url,
                strict=strict,
                compiled=self.parameters.compiled,
                codes=known,
            )

        self.full_text.searched(query)
        return await self._resolved(job)

    async def find(self, type: str, query: Query, *, strict: bool = True) -> Page:
        """`search` of one type, and behind what is stored what the server has of its own."""
        if (made := await self.own.made(type)) is None:
            return await self.search(type, query, strict=strict)

        def job(known: Known, connection: Connection, numbers: Numbers) -> Page:
            where = connection, numbers, type
            stored = partial(
                search,
                *where,
                base=self.base_url,
                strict=strict,
                compiled=self.parameters.compiled,
                codes=known,
            )
            return found(made, stored, type, query, strict=strict, codes=known)

        self.full_text.searched(query)
        return await self._resolved(job)

    async def _resolved(self, job: Callable[[Known, Connection, Numbers], T]) -> T:
        """What a reading job gives, told what modifiers in its search stand for; raises where one
        can't be found out."""
        known: dict[tuple[str, str], Codes] = {}
        while True:
            try:
                return await self._store.query(partial(job, known))
            except Unresolved as wanted:
                known[wanted.modifier, wanted.value] = await self._resolve(wanted)

    async def _resolve(self, wanted: Unresolved) -> Codes:
        """The codes that a modifier and its value stand for; raises where there is no telling."""
        if self.codes is None:
            raise wanted
        return await self.codes(wanted.modifier, wanted.value)

    async def query(self, job: Callable[[Connection, Numbers], T]) -> T:
        """Runs a reading job on a thread with a connection of its own."""
        return await self._store.query(job)

    async def reindex(self, types: Collection[str] = ()) -> Done:
        """Makes the index anew from the stored resources; all else goes on meanwhile."""
        await reset(self._store)
        return await reindex(self._store, types)


def _all(prepared: Sequence[Prepared], own: OwnFound, session: Session) -> list[Stored]:
    return [do(session, each, own) for each in prepared]


def do(session: Session, prepared: Prepared, own: OwnFound) -> Stored:
    """Does a write within a transaction; what is kept is given as it is."""
    if isinstance(prepared, (Put, Drop)):
        return session.write(prepared)
    if isinstance(prepared, Keep):
        return current(session, prepared.type, prepared.id, own)
    return session.write(prepared(session))


def current(session: Session, type: str, id: str, own: OwnFound) -> Stored:
    """The version that a transaction sees, or what the server has of its own; raises NotFound."""
    try:
        return session.current(type, id)
    except NotFound:
        if (there := own.get((type, id))) is None:
            raise
        return there


def _own_id(update: Update) -> str:
    given = update.resource
    resource = parse(given) if isinstance(given, bytes) else given
    return str(resource.get("id", ""))
