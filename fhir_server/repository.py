"""The one door to the store: validate, index, write, read, search. Bytes in, the same bytes out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from capability.definitions import RESOURCE_TYPES
from capability.validate import validate
from fhir_server.errors import BadRequest, Gone, Invalid, NotFound
from fhir_server.parse import parse
from fhir_server.search.planner import search
from fhir_server.splice import template
from fhir_server.store.sqlite import Store
from fhir_server.store.types import Drop, Method, Page, Put, Stored, Write

__all__ = ["Change", "Create", "Delete", "Page", "Repository", "Stored", "Update"]

KNOWN = frozenset(RESOURCE_TYPES)
ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
LARGE = 64 << 10  # bytes of a body from which on it is prepared on a thread

Resource = dict[str, Any]
Query = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Create:
    """A new resource; without `id` the server gives one."""

    type: str
    resource: Resource | bytes
    id: str = ""


@dataclass(frozen=True, slots=True)
class Update:
    """A resource in place of the stored one, if any; the same content again is no new version."""

    type: str
    id: str
    resource: Resource | bytes
    if_match: int | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """The end of a resource; one that is deleted already stays so."""

    type: str
    id: str
    if_match: int | None = None


Change = Create | Update | Delete


class Repository:
    """`base_url` is the server's own, as it is in absolute references to its resources."""

    def __init__(self, store: Store, new_id: Callable[[], str], base_url: str) -> None:
        self._store, self._new_id, self._base = store, new_id, base_url

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
        """Deletes a resource, its history stays; raises NotFound where there never was one."""
        [stored] = await self.transact([Delete(type, id, if_match)])
        return stored

    async def transact(self, changes: Sequence[Change]) -> list[Stored]:
        """All changes in one transaction, or none of them; durable when it returns."""
        if len(changes) > 8 or any(_size(c) > LARGE for c in changes):
            writes = await asyncio.to_thread(self._prepare_all, changes)
        else:
            writes = self._prepare_all(changes)
        return await self._store.write(writes)

    async def read(self, type: str, id: str) -> Stored:
        """The current version; raises NotFound, Gone."""
        return self.look(type, id)

    def look(self, type: str, id: str) -> Stored:
        """`read` for who can't await: a few microseconds."""
        _check_type(type)
        stored = self._store.read(type, id)
        if stored.deleted:
            raise Gone(f"{type}/{id} was deleted")
        return stored

    async def vread(self, type: str, id: str, version: int) -> Stored:
        """One version; raises NotFound, Gone where that version is the deletion."""
        _check_type(type)
        for stored in await self._store.versions(type, id, version):
            if stored.deleted:
                raise Gone(f"{type}/{id} was deleted in version {version}")
            return stored
        raise NotFound(f"{type}/{id} has no version {version}")

    async def history(self, type: str, id: str) -> list[Stored]:
        """All versions, newest first, deletions among them; raises NotFound."""
        _check_type(type)
        if versions := await self._store.versions(type, id):
            return versions
        raise NotFound(f"no {type} has the id {id!r}")

    async def search(self, type: str, query: Query, *, strict: bool = True) -> Page:
        """What matches the query, a page of it; raises BadRequest, NotSupported with the place.

        Unless `strict`, parameters that the server does not know are ignored, and told as such.
        """
        _check_type(type)
        return await self._store.query(
            lambda c, n: search(c, n, type, query, self._base, strict=strict)
        )

    def _prepare_all(self, changes: Sequence[Change]) -> list[Write]:
        return [self._prepare(change) for change in changes]

    def _prepare(self, change: Change) -> Write:
        _check_type(change.type)
        match change:
            case Create(type, resource, id):
                return self._put(type, id or self._new_id(), resource, "POST")
            case Update(type, id, resource, if_match):
                return self._put(type, id, resource, "PUT", if_match)
            case Delete(type, id, if_match):
                return Drop(type, id, if_match)

    def _put(
        self,
        type: str,
        id: str,
        given: Resource | bytes,
        method: Method,
        if_match: int | None = None,
    ) -> Put:
        if not ID.fullmatch(id):
            raise BadRequest("an id is 1 to 64 of A-Z a-z 0-9 - .", f"{type}.id")
        body, resource = (
            (given, parse(given)) if isinstance(given, bytes) else (orjson.dumps(given), given)
        )
        if resource.get("resourceType") != type:
            raise BadRequest(f"the resource must be a {type}", "resourceType")
        if method == "PUT" and resource.get("id") != id:
            raise BadRequest(f"the resource's id must be that of the URL, {id!r}", f"{type}.id")
        if issues := [i for i in validate(resource) if i.severity == "error"]:
            raise Invalid(issues)
        return Put(type, id, template(body), self._store.extract(resource), method, if_match)


def _size(change: Change) -> int:
    if isinstance(change, Delete):
        return 0
    return len(change.resource) if isinstance(change.resource, bytes) else 0


def _check_type(type: str) -> None:
    if type not in KNOWN:
        raise NotFound(f"FHIR R4 has no resource type {type!r}")
