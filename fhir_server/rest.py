"""The RESTful interactions on raw ASGI, in front of everything else under the base."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection

from fhir_server import binary
from fhir_server.bundles.batch import Bundles
from fhir_server.errors import REPLIES, MethodNotAllowed, NotFound
from fhir_server.http.asgi import ASGI, Receive, Reply, Scope, Send, answer, failure
from fhir_server.http.door import Door
from fhir_server.http.request import Request
from fhir_server.interactions import Interactions
from fhir_server.repository import KNOWN, Repository

Handler = Callable[[Request, list[str]], Awaitable[Reply]]
KNOWN_ERRORS = tuple(REPLIES)
INTERACTIONS = (
    "read",
    "vread",
    "update",
    "patch",
    "delete",
    "history-instance",
    "history-type",
    "create",
    "search-type",
    "search-system",
    "transaction",
    "batch",
    "history-system",
)


class Rest:
    """An ASGI app: resource interactions are answered here, all else goes to `other`.

    `lenient` says that unknown search parameters are ignored where the client doesn't say what is
    to become of them.
    """

    def __init__(
        self,
        repository: Repository,
        other: ASGI,
        base_path: str,
        limit: int,
        *,
        lenient: bool = False,
    ) -> None:
        self._other, self._limit = other, limit
        self._base, self._prefix = base_path, f"{base_path}/"
        on = Interactions(repository, lenient=lenient)
        bundles = Bundles(repository, Door(self), base_path, limit, lenient=lenient)
        self._routes: dict[str, dict[str, Handler]] = {
            "system": {"GET": on.search, "POST": bundles.run},
            "history": {"GET": on.history},
            "type": {
                "GET": on.search,
                "POST": on.create,
                "PUT": on.update,
                "PATCH": on.patch,
                "DELETE": on.delete,
            },
            "search": {"GET": on.search, "POST": on.search_form},
            "instance": {
                "GET": on.read,
                "PUT": on.update,
                "PATCH": on.patch,
                "DELETE": on.delete,
            },
            "version": {"GET": on.vread},
            "compartment": {"GET": on.search},
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, or passes on; errors of the tree become OperationOutcomes here."""
        path: str = scope["path"] if scope["type"] == "http" else ""
        if not path.startswith(self._prefix) and path != self._base:
            return await self._other(scope, receive, send)
        places = path[len(self._prefix) :].rstrip("/").split("/")
        if (level := _level(places)) is None:
            return await self._other(scope, receive, send)
        request = Request(scope, receive, self._limit)
        head = request.method == "HEAD"
        try:
            reply = await self._answer(request, level, places)
        except KNOWN_ERRORS as error:
            reply = failure(error)
        return await answer(send, reply, head=head, pretty=request.pretty)

    def _answer(self, request: Request, level: str, places: list[str]) -> Awaitable[Reply]:
        if places[0] not in KNOWN and places[0] not in ("", "_history", "_search"):
            raise NotFound(f"FHIR R4 has no resource type {places[0]!r}")
        methods = self._routes[level]
        method = "GET" if request.method == "HEAD" else request.method
        if handler := methods.get(method):
            if places[0] == binary.TYPE and binary.wants_native(request):
                return self._native(request, handler, places)
            request.check_format()
            return handler(request, places)
        return self._allowed(method, methods)

    async def _allowed(self, method: str, methods: Collection[str]) -> Reply:
        allowed = ", ".join((*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS"))
        if method == "OPTIONS":
            return Reply(204, headers=((b"allow", allowed.encode()),))
        raise MethodNotAllowed(f"{method} is not allowed here; allowed: {allowed}", allowed)

    async def _native(self, request: Request, handler: Handler, places: list[str]) -> Reply:
        """A Binary as the content that it holds; raises NotAcceptable where that is of another type
        than the client takes."""
        if request.method in ("GET", "HEAD") and "_history" not in places[-1:] and places[1:]:
            reply = await handler(request, places)
            if not reply.body:
                return reply
            if native := binary.unwrapped(reply, request):
                return native
        request.check_format()
        return await handler(request, places)


def _level(places: list[str]) -> str | None:
    """Which routes a path has; None where it is none of a resource's (operations, metadata …)."""
    if places[0][:1].isupper():
        return _level_of_type(places)
    return {"": "system", "_search": "search", "_history": "history"}.get("/".join(places))


def _level_of_type(places: list[str]) -> str | None:
    match places:
        case [_]:
            return "type"
        case [_, "_search"] | [_, _, _, "_search"]:
            return "search"
        case [_, "_history"] | [_, _, "_history"]:
            return "history"
        case [_, id] if id[:1] not in ("$", "_", ""):
            return "instance"
        case [_, _, "_history", _]:
            return "version"
        case [_, _, type] if type == "*" or type[:1].isupper():
            return "compartment"
    return None
