"""The FastAPI routes: operations (made from their table), metadata, health, OpenAPI."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any
from uuid import uuid4
from zlib import crc32

import orjson
from fastapi import FastAPI
from fastapi import Request as Asked
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.routing import Match

from capability.conformance import compartment_url
from capability.operation import Operation
from capability.statement import Abilities, statement
from capability.terminology import capabilities
from fhir_server.calls import BASE, KNOWN_ERRORS, Operations, answered, methods, places
from fhir_server.context import Context
from fhir_server.errors import MethodNotAllowed, NotFound
from fhir_server.http.asgi import Receive, Reply, Scope, Send, answer, failure
from fhir_server.http.door import FAILURE, internal
from fhir_server.http.request import Request
from fhir_server.patch import PATCHES
from fhir_server.rest import INTERACTIONS
from fhir_server.search.scope import COMPARTMENTS
from fhir_server.search.supported import searchable
from fhir_server.search.types import SEARCH_TYPES
from fhir_server.subset import subset_of
from fhir_server.version import RELEASED, VERSION

CONDITIONS = {
    "versioning": "versioned-update",
    "readHistory": True,
    "updateCreate": True,
    "conditionalCreate": True,
    "conditionalRead": "full-support",
    "conditionalUpdate": True,
}
SENT_ALONG = {  # code systems may come with a request, as tx-resource
    "url": "http://hl7.org/fhir/uv/application-feature/StructureDefinition/feature",
    "extension": [
        {
            "url": "definition",
            "valueCanonical": "http://hl7.org/fhir/uv/tx-ecosystem/FeatureDefinition/"
            "CodeSystemAsParameter",
        },
        {"url": "value", "valueBoolean": True},
    ],
}
OWN = (
    "What the server has of itself (definitions of R4, loaded code systems) is read and searched by"
    " type, behind what is stored. It can be replaced, but neither patched nor deleted, and has no"
    " versions; chains, _has and inclusions do not lead from stored resources to it or back."
)
# the terminology ecosystem wants a service told; R4 has no code for none
SECURITY = {"service": [{"text": "None of its own: only the loopback address is served"}]}
FORMATS = ("application/fhir+json", "application/fhir+xml", "json", "xml")
Endpoint = Callable[[Asked], Awaitable[Response]]


class _Answer(Response):
    """A Reply as Starlette sends it."""

    def __init__(self, reply: Reply, *, head: bool = False, pretty: bool = False) -> None:
        super().__init__(status_code=reply.status)
        self._reply, self._head, self._pretty = reply, head, pretty

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await answer(send, self._reply, head=self._head, pretty=self._pretty)


def create_routes(ctx: Context, operations: Operations) -> FastAPI:
    """The app of all that is not a resource interaction."""
    app = FastAPI(title="medparser", version=VERSION, docs_url=None, redoc_url=None)
    for operation in operations:
        for path, kind in places(operation):
            for method in methods(operation):
                app.add_api_route(
                    path,
                    _operation(ctx, operation, kind),
                    methods=[method],
                    summary=operation.title,
                    operation_id=f"{method.lower()} {path}",
                    include_in_schema=method != "HEAD",
                    response_class=Response,
                )
    for path, endpoint in ((f"{BASE}/metadata", _metadata(ctx, operations)), ("/health", _health)):
        app.add_api_route(path, endpoint, methods=["GET"], response_class=Response)
        app.add_api_route(path, endpoint, methods=["HEAD"], include_in_schema=False)
    app.add_exception_handler(HTTPException, _unrouted(operations))
    app.add_exception_handler(Exception, _failed)
    return app


def _operation(ctx: Context, operation: Operation[Context], kind: str) -> Endpoint:
    async def endpoint(asked: Asked) -> Response:
        request = Request(asked.scope, asked.receive, ctx.settings.max_body)
        type, id = asked.path_params.get("type", kind), asked.path_params.get("id", "")
        reply = await answered(ctx, operation, request, type, id)
        return _Answer(reply, head=request.method == "HEAD", pretty=request.pretty)

    return endpoint


def _metadata(ctx: Context, operations: Operations) -> Endpoint:
    """Compiled on the first request: the search parameters of all types take a second."""

    @lru_cache(1)
    def told(generation: int) -> bytes:
        return orjson.dumps(metadata(ctx, operations))

    async def endpoint(asked: Asked) -> Response:
        request = Request(asked.scope, asked.receive, ctx.settings.max_body)
        head = request.method == "HEAD"
        try:
            request.check_format()
        except KNOWN_ERRORS as error:
            return _Answer(failure(error), head=head)
        if dict(request.query).get("mode") == "terminology":
            known = await ctx.vocabulary.systems()
            today = ctx.now().date().isoformat()
            made = capabilities(ctx.settings.base_url, VERSION, today, known)
            return _Answer(Reply(200, orjson.dumps(made)), head=head, pretty=request.pretty)
        body: bytes = await asyncio.to_thread(told, ctx.repository.parameters.generation)
        tag = b'W/"%x"' % crc32(body)
        if request.headers.get(b"if-none-match") == tag:
            return _Answer(Reply(304, headers=((b"etag", tag),)))
        part = subset_of(request.query)
        reply = Reply(200, part.of(body), ((b"etag", tag),))
        return _Answer(reply, head=head, pretty=request.pretty)

    return endpoint


def metadata(ctx: Context, operations: Operations) -> dict[str, Any]:
    """The CapabilityStatement, from the tables that do what it says."""
    terminology = "http://hl7.org/fhir/CapabilityStatement/terminology-server"
    enforced = ["enforced"] if ctx.settings.referential_integrity else []
    able = Abilities(
        interactions=INTERACTIONS,
        search_types=(*SEARCH_TYPES, "composite"),
        operations=operations,
        searchable=searchable,
        formats=FORMATS,
        each=CONDITIONS
        | {
            "conditionalDelete": "multiple" if ctx.settings.delete_multiple else "single",
            "referencePolicy": ["literal", "local", *enforced],
        },
        more=ctx.repository.parameters.more,
        compartments=[compartment_url(code) for code in COMPARTMENTS],
        patch_formats=(*(kind for kind in PATCHES if kind != "application/json"), FORMATS[1]),
    )
    told = statement(ctx.settings.base_url, VERSION, ctx.now().date().isoformat(), able)
    (rest,) = told["rest"]
    software = told["software"] | {"releaseDate": RELEASED}
    return told | {
        "instantiates": [terminology],
        "software": software,
        "extension": [SENT_ALONG],
        "rest": [rest | {"documentation": OWN, "security": SECURITY}],
    }


async def _health(_: Asked) -> Response:
    return Response(b'{"status":"ok"}', media_type="application/json")


def _unrouted(operations: Operations) -> Callable[[Asked, Exception], Awaitable[Response]]:
    """What Starlette finds no route for, or no method, told as an OperationOutcome."""
    known = ", ".join(f"${o.code} on {' '.join(o.resources) or 'the base'}" for o in operations)

    async def handler(asked: Asked, error: Exception) -> Response:
        if getattr(error, "status_code", 404) == 405:
            routes = (r for r in asked.app.routes if r.matches(asked.scope)[0] is not Match.NONE)
            allowed = ", ".join(sorted({m for r in routes for m in r.methods}))
            if asked.method == "OPTIONS":
                headers = ((b"allow", f"{allowed}, OPTIONS".encode()),)
                return _Answer(Reply(204, headers=headers))
            text = f"{asked.method} is not allowed here; allowed: {allowed}"
            return _Answer(failure(MethodNotAllowed(text, allowed)))
        if "$" in asked.url.path:
            return _Answer(failure(NotFound(f"no such operation here; there are: {known}")))
        return _Answer(failure(NotFound(f"nothing is served here; the FHIR base is {BASE}")))

    return handler


async def _failed(asked: Asked, error: Exception) -> Response:
    request_id = asked.scope[FAILURE] = str(uuid4())
    return _Answer(internal(error, request_id))
