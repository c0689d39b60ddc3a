"""The interactions on resources and types: what each makes of a request (R4 http 3.1.0)."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from dataclasses import replace

import orjson
from msgspec import structs

from fhir_server import binary
from fhir_server.bundle import history, searchset
from fhir_server.changes import Condition, Create, Delete, Patch, Update
from fhir_server.conditions import condition, searched
from fhir_server.errors import NotFound
from fhir_server.history import read_query
from fhir_server.http.asgi import Header, Reply, http_date
from fhir_server.http.media import media
from fhir_server.http.request import Request, pairs
from fhir_server.long_queries import LongQueries
from fhir_server.patch import applying
from fhir_server.repository import Repository
from fhir_server.store.types import Stored
from fhir_server.subset import HELD_BACK, subset_of

VERSION = re.compile(r"[1-9][0-9]{0,17}")  # as the server writes them


class Interactions:
    """`places` are the segments of the path below the base.

    `lenient` is how unknown search parameters are handled by default.
    """

    def __init__(self, repository: Repository, *, lenient: bool = False) -> None:
        self._lenient = lenient
        self._long = LongQueries()
        self._repository, self._base = repository, repository.base_url

    async def read(self, request: Request, places: list[str]) -> Reply:
        part = subset_of(request.query)
        try:
            stored = self._repository.look(places[0], places[1])
        except NotFound:
            if (own := await self._repository.own.get(places[0], places[1])) is None:
                raise
            return Reply(200, part.of(own.body))
        if request.unchanged(stored.version, stored.last_updated):
            return Reply(304, headers=tags(stored))
        return Reply(200, part.of(stored.body), tags(stored))

    async def vread(self, request: Request, places: list[str]) -> Reply:
        type, id, _, number = places
        part = subset_of(request.query)
        if not VERSION.fullmatch(number):
            raise NotFound(f"{type}/{id} has no version {number!r}")
        try:
            stored = await self._repository.vread(type, id, int(number))
        except NotFound:
            await self._repository.own.unversioned(type, id)
            raise
        if request.unchanged(stored.version, stored.last_updated):
            return Reply(304, headers=tags(stored))
        return Reply(200, part.of(stored.body), tags(stored))

    async def history(self, request: Request, places: list[str]) -> Reply:
        """Of a resource, a type or the system: by how many places come before _history."""
        *level, _ = places
        type, id = (*level, "", "")[:2]
        strict = not is_lenient(request, default=self._lenient)
        part = subset_of(request.query)
        what, used, total = read_query(type, id, request.query, strict=strict)
        if part.mode == "count":
            what = replace(what, count=0)
        try:
            versions = await self._repository.history(what)
        except NotFound:
            await self._repository.own.unversioned(type, id)
            raise
        versions = replace(
            versions,
            total=total if what.after else versions.total,
            entries=tuple(structs.replace(s, body=part.of(s.body)) for s in versions.entries),
        )
        url = "/".join((self._base, *places))
        return Reply(200, history(versions, url, self._base, used + part.asked(request.query)))

    async def create(self, request: Request, places: list[str]) -> Reply:
        type = places[0]
        only = None
        known = self._repository.parameters.compiled
        if wanted := request.headers.get(b"if-none-exist"):
            query = pairs(wanted.rpartition(b"?")[2])
            only = condition(type, query, "If-None-Exist", known)
        elif request.raw_query and (asked := searched(request.query)):
            only = condition(type, asked, compiled=known)
        body = await self._sent(request, type)
        [stored] = await self._repository.transact([Create(type, body, condition=only)])
        return self._written(request, stored, 201 if stored.created else 200)

    async def update(self, request: Request, places: list[str]) -> Reply:
        type, id, which = self._which(request, places)
        body = await self._sent(request, type, id)
        fresh = request.if_none_match()
        update = Update(type, id, body, request.if_match(), which, fresh)
        [stored] = await self._repository.transact([update])
        return self._written(request, stored, 201 if stored.created else 200)

    async def patch(self, request: Request, places: list[str]) -> Reply:
        type, id, which = self._which(request, places)
        kind = media(request.header(b"content-type"))
        apply = applying(kind, await request.text())
        change = Patch(type, id, apply, request.if_match(), which)
        [stored] = await self._repository.transact([change])
        return self._written(request, stored, 200)

    async def delete(self, request: Request, places: list[str]) -> Reply:
        type, id, which = self._which(request, places)
        gone = await self._repository.transact([Delete(type, id, request.if_match(), which)])
        headers: tuple[Header, ...] = ()
        if len(gone) == 1 and gone[0].version:
            headers = ((b"etag", b'W/"%d"' % gone[0].version),)
        told = request.preference or ("OperationOutcome" if which and gone else "")
        if told == "OperationOutcome":
            return Reply(200, informed(f"{len(gone)} {type} deleted"), headers)
        return Reply(204, headers=headers)

    async def search(self, request: Request, places: list[str]) -> Reply:
        return await self._search(request, places, request.query)

    async def search_form(self, request: Request, places: list[str]) -> Reply:
        return await self._search(request, places, request.query + await request.form())

    async def _search(
        self, request: Request, places: list[str], query: tuple[tuple[str, str], ...]
    ) -> Reply:
        """At the base, at a type, or in a compartment: Patient/id/type."""
        if places[-1:] == ["_search"]:
            places = places[:-1]
        type = places[-1] if places else ""
        owner = (places[0], places[1]) if len(places) > 2 else None
        query = self._long.whole(query)
        part = subset_of(query)
        held = (*HELD_BACK, *part.parameters)
        wanted = tuple(p for p in query if p[0] not in held)
        strict = not is_lenient(request, default=self._lenient)
        if owner:
            page = await self._repository.search(type, wanted, strict=strict, owner=owner)
        else:
            page = await self._repository.find(type, wanted, strict=strict)
        page = part.page(page, query)
        short = self._long.short
        page = replace(page, next=short(page.next), previous=short(page.previous))
        return Reply(200, searchset(page, "/".join(places), self._base))

    def _sent(self, request: Request, type: str, id: str = "") -> Awaitable[bytes]:
        """The resource of a write; a Binary may come as its content."""
        if type == binary.TYPE and binary.is_native(request):
            return binary.wrapped(request, id)
        return request.resource()

    def _which(self, request: Request, places: list[str]) -> tuple[str, str, Condition | None]:
        """Type and id, or a condition in place of the id."""
        if len(places) > 1:
            return places[0], places[1], None
        known = self._repository.parameters.compiled
        return places[0], "", condition(places[0], request.query, compiled=known)

    def _written(self, request: Request, stored: Stored, status: int) -> Reply:
        headers = (*tags(stored), (b"location", location(stored, self._base).encode()))
        match request.preference:
            case "minimal":
                return Reply(status, headers=headers)
            case "OperationOutcome":
                text = f"{stored.type}/{stored.id} is stored as version {stored.version}"
                return Reply(status, informed(text), headers)
        return Reply(status, stored.body, headers)


def is_lenient(request: Request, *, default: bool) -> bool:
    """Whether unknown search parameters are ignored (R4 search 3.1.1.3)."""
    return request.handling == "lenient" if request.handling else default


def location(stored: Stored, base: str) -> str:
    """The URL of a version, or of what has none."""
    url = f"{base}/{stored.type}/{stored.id}"
    return f"{url}/_history/{stored.version}" if stored.version else url


def tags(stored: Stored) -> tuple[Header, ...]:
    """The headers that tell a version and its time; none where there are none."""
    if not stored.version:
        return ()
    modified = http_date(stored.last_updated // 1000)
    return ((b"etag", b'W/"%d"' % stored.version), (b"last-modified", modified))


def informed(text: str) -> bytes:
    """An OperationOutcome that says what was done."""
    issue = {"severity": "information", "code": "informational", "diagnostics": text}
    return orjson.dumps({"resourceType": "OperationOutcome", "issue": [issue]})
