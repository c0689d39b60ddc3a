"""Operations over HTTP: where each is called, and one call answered; without a framework."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from capability.operation import ANY, Operation, Values
from fhir_server.context import Context
from fhir_server.errors import REPLIES
from fhir_server.http.asgi import ASGI, Receive, Reply, Scope, Send, answer, failure
from fhir_server.http.request import Request
from fhir_server.parameters import Request as Given
from fhir_server.parameters import call
from fhir_server.prepare import check_type

BASE = "/fhir"
KNOWN_ERRORS = tuple(REPLIES)
Operations = tuple[Operation[Context], ...]


def places(operation: Operation[Context]) -> Iterator[tuple[str, str]]:
    """The paths of an operation, each with the resource type it names."""
    name = f"${operation.code}"
    if "system" in operation.levels:
        yield f"{BASE}/{name}", ""
    for kind in operation.resources:
        place = "{type}" if kind == ANY else kind
        if "type" in operation.levels:
            yield f"{BASE}/{place}/{name}", kind
        if "instance" in operation.levels:
            yield f"{BASE}/{place}/{{id}}/{name}", kind


def methods(operation: Operation[Context]) -> tuple[str, ...]:
    """How an operation may be called."""
    return ("POST",) if operation.affects_state else ("GET", "HEAD", "POST")


def lasting(operations: Operations) -> Iterator[str]:
    """The paths on which the same request has the same reply until terminology changes."""
    for operation in operations:
        if operation.lasting:
            yield from (path for path, _ in places(operation) if "{" not in path)


def questions(operations: Operations) -> frozenset[str]:
    """How the paths end on which a POST only reads."""
    return frozenset(["_search", *(f"${o.code}" for o in operations if not o.affects_state)])


async def answered(
    ctx: Context, operation: Operation[Context], request: Request, type: str, id: str = ""
) -> Reply:
    """The reply to one call, on a resource type ("" for the base) or on one resource of it."""
    target: Values = {"_on": type} if type else {}
    if id:
        target["_id"] = id
    if languages := request.header(b"accept-language"):
        target["_language"] = languages
    try:
        if type:
            check_type(type)
        request.check_format()
        body = await request.text() if request.method == "POST" else b""
        given = Given(request.query, request.header(b"content-type"), body)
        return Reply(200, await call(ctx, operation, given, target))
    except KNOWN_ERRORS as error:
        return failure(error)


class Calls:
    """An ASGI app before the framework's: operations whose paths have no place for an id."""

    def __init__(self, ctx: Context, operations: Operations, other: ASGI) -> None:
        self._other, self._limit = other, ctx.settings.max_body
        self._calls = {
            (method, path): partial(answered, ctx, operation, type=type)
            for operation in operations
            for path, type in places(operation)
            for method in methods(operation)
            if "{" not in path
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a call, or passes on."""
        found = self._calls.get((scope["method"], scope["path"])) if "method" in scope else None
        if found is None:
            return await self._other(scope, receive, send)
        request = Request(scope, receive, self._limit)
        head = request.method == "HEAD"
        return await answer(send, await found(request), head=head, pretty=request.pretty)
