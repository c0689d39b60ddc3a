"""The outermost door of HTTP: whatever goes wrong inside is logged by type and answered."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Iterable
from uuid import uuid4

import orjson

from fhir_server.errors import outcome, reply_of
from fhir_server.http.asgi import ASGI, Header, Message, Receive, Reply, Scope, Send, answer
from fhir_server.store.types import store_fault

log = logging.getLogger(__name__)
REQUEST, CORRELATION = IDS = b"x-request-id", b"x-correlation-id"
FAILURE = "medparser.failure"  # of the scope: the id under which a failure was answered already


class Door:
    """An ASGI app around the others. A log line holds type, place and request id, no content."""

    def __init__(self, app: ASGI) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False
        sent = [header for header in scope.get("headers", ()) if header[0] in IDS]

        def tell(message: Message) -> Awaitable[None]:
            nonlocal started
            started = True
            if sent and message["type"] == "http.response.start":
                message["headers"] = _identified(message["headers"], sent)
            return send(message)

        try:
            await self._app(scope, receive, tell)
        except Exception as error:  # noqa: BLE001 - the HTTP door
            request_id = scope.get(FAILURE) or str(uuid4())
            kind = type(store_fault(error) or error).__name__
            log.error("request %s failed: %s at %s", request_id, kind, _place(error))
            if not started and scope["type"] == "http":
                await answer(tell, internal(error, request_id))


def _identified(told: Iterable[Header], sent: Iterable[Header]) -> list[Header]:
    """The headers with the ids that the client sent. Beside an id of the server's own, that of the
    request is one to correlate by (R4 http, "custom headers")."""
    headers = list(told)
    own = any(name == REQUEST for name, _ in headers)
    return [*headers, *{CORRELATION if own else name: value for name, value in sent}.items()]


def internal(error: Exception, request_id: str) -> Reply:
    """The reply to a fault of ours: it names the log line, and what the store lacks, if that it is,
    but nothing else."""
    told = store_fault(error) or error
    headers = ((REQUEST, request_id.encode()),)
    return Reply(reply_of(told).status, orjson.dumps(outcome(told)), headers)


def _place(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"
