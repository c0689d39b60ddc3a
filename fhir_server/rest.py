"""The RESTful interactions on resources, on raw ASGI in front of everything else under the base."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import orjson

from fhir_server.bundle import history, searchset
from fhir_server.errors import REPLIES, MethodNotAllowed, NotFound, NotSupported
from fhir_server.http import (
    ASGI,
    Header,
    Receive,
    Reply,
    Request,
    Scope,
    Send,
    answer,
    failure,
    http_date,
)
from fhir_server.repository import KNOWN, Repository
from fhir_server.store.types import Stored

Handler = Callable[[Request, list[str]], Awaitable[Reply]]
KNOWN_ERRORS = tuple(REPLIES)
INTERACTIONS = (
    "read",
    "vread",
    "update",
    "delete",
    "history-instance",
    "create",
    "search-type",
)


class Rest:
    """An ASGI app: resource interactions are answered here, all else goes to `other`.

    `own` are resources that the server has of itself, by "Type/id", where no stored one is.
    """

    def __init__(
        self,
        repository: Repository,
        other: ASGI,
        base_path: str,
        base_url: str,
        limit: int,
        own: Mapping[str, bytes],
    ) -> None:
        self._repository, self._other, self._limit, self._own = repository, other, limit, own
        self._prefix, self._base = f"{base_path}/", base_url
        self._routes: dict[str, dict[str, Handler]] = {
            "type": {"GET": self._search, "POST": self._create},
            "search": {"POST": self._search_form},
            "instance": {"GET": self._read, "PUT": self._update, "DELETE": self._delete},
            "history": {"GET": self._history},
            "version": {"GET": self._vread},
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, or passes on; errors of the tree become OperationOutcomes here."""
        path: str = scope["path"] if scope["type"] == "http" else ""
        if not path.startswith(self._prefix):
            return await self._other(scope, receive, send)
        places = path[len(self._prefix) :].split("/")
        if (level := _level(places)) is None:
            return await self._other(scope, receive, send)
        request = Request(scope, receive, self._limit)
        head = request.method == "HEAD"
        try:
            reply = await self._answer(request, level, places)
        except KNOWN_ERRORS as error:
            reply = failure(error)
        return await answer(send, reply, head=head, pretty=request.pretty)

    async def _answer(self, request: Request, level: str, places: list[str]) -> Reply:
        if places[0] not in KNOWN:
            raise NotFound(f"FHIR R4 has no resource type {places[0]!r}")
        methods = self._routes[level]
        method = "GET" if request.method == "HEAD" else request.method
        if handler := methods.get(method):
            request.check_format()
            return await handler(request, places)
        allowed = ", ".join((*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS"))
        if method == "OPTIONS":
            return Reply(204, headers=((b"allow", allowed.encode()),))
        raise MethodNotAllowed(f"{method} is not allowed here; allowed: {allowed}", allowed)

    async def _read(self, request: Request, places: list[str]) -> Reply:
        try:
            stored = self._repository.look(places[0], places[1])
        except NotFound:
            if body := self._own.get("/".join(places)):
                return Reply(200, body)
            raise
        if request.unchanged(stored.version, stored.last_updated):
            return Reply(304, headers=_tags(stored))
        return Reply(200, stored.body, _tags(stored))

    async def _vread(self, request: Request, places: list[str]) -> Reply:
        type, id, _, version = places
        if not version.isdigit() or len(version) > 18:
            raise NotFound(f"{type}/{id} has no version {version!r}")
        stored = await self._repository.vread(type, id, int(version))
        return Reply(200, stored.body, _tags(stored))

    async def _history(self, request: Request, places: list[str]) -> Reply:
        versions = await self._repository.history(places[0], places[1])
        return Reply(200, history(versions, self._base))

    async def _create(self, request: Request, places: list[str]) -> Reply:
        if b"if-none-exist" in request.headers:
            raise NotSupported("conditional create is not done here", "If-None-Exist")
        stored = await self._repository.create(places[0], await request.resource())
        return self._written(request, stored, created=True)

    async def _update(self, request: Request, places: list[str]) -> Reply:
        type, id = places
        body = await request.resource()
        stored, created = await self._repository.update(type, id, body, request.if_match())
        return self._written(request, stored, created=created)

    async def _delete(self, request: Request, places: list[str]) -> Reply:
        stored = await self._repository.delete(places[0], places[1], request.if_match())
        return Reply(204, headers=((b"etag", b'W/"%d"' % stored.version),))

    async def _search(self, request: Request, places: list[str]) -> Reply:
        return await self._found(request, places[0], request.query)

    async def _search_form(self, request: Request, places: list[str]) -> Reply:
        return await self._found(request, places[0], request.query + await request.form())

    async def _found(
        self, request: Request, type: str, query: tuple[tuple[str, str], ...]
    ) -> Reply:
        asked = [p for p in query if p[0] not in ("_format", "_pretty")]
        page = await self._repository.search(type, asked, strict=not request.lenient)
        return Reply(200, searchset(page, type, self._base))

    def _written(self, request: Request, stored: Stored, *, created: bool) -> Reply:
        url = f"{self._base}/{stored.type}/{stored.id}/_history/{stored.version}"
        headers = (*_tags(stored), (b"location", url.encode()))
        status = 201 if created else 200
        match request.preference:
            case "minimal":
                return Reply(status, headers=headers)
            case "OperationOutcome":
                text = f"{stored.type}/{stored.id} is stored as version {stored.version}"
                return Reply(status, _informed(text), headers)
        return Reply(status, stored.body, headers)


def _level(places: list[str]) -> str | None:
    """Which routes a path has; None where it is none of a resource's (operations, metadata …)."""
    match places:
        case [type] if type[:1].isupper():
            return "type"
        case [type, "_search"] if type[:1].isupper():
            return "search"
        case [type, id] if type[:1].isupper() and id[:1] not in ("$", "_", ""):
            return "instance"
        case [type, id, "_history"] if type[:1].isupper():
            return "history"
        case [type, id, "_history", _] if type[:1].isupper():
            return "version"
    return None


def _tags(stored: Stored) -> tuple[Header, ...]:
    modified = http_date(stored.last_updated // 1000)
    return ((b"etag", b'W/"%d"' % stored.version), (b"last-modified", modified))


def _informed(text: str) -> bytes:
    issue = {"severity": "information", "code": "informational", "diagnostics": text}
    return orjson.dumps({"resourceType": "OperationOutcome", "issue": [issue]})
