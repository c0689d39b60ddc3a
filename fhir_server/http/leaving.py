"""Reading for a client that has left is given up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Collection

from fhir_server.http.asgi import ASGI, Message, Receive, Scope, Send

PATIENCE = 0.5  # seconds from which on a look at the client pays


class Leaving:
    """An ASGI app around another: who only reads and is gone is not worked for any more.

    A GET or HEAD is cancelled, and a POST whose path ends with one of `questions`, where it only
    reads. What writes goes on, whoever waits for it.
    """

    def __init__(self, app: ASGI, questions: Collection[str]) -> None:
        self._app, self._questions = app, questions

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Passes all on."""
        if scope["type"] != "http":
            return self._app(scope, receive, send)
        if scope["method"] in ("GET", "HEAD") or _ending(scope["path"]) in self._questions:
            return self._watched(scope, receive, send)
        return self._app(scope, receive, send)

    async def _watched(self, scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        whole = scope["method"] != "POST"  # whether nobody waits for a part of the body any more
        watching: asyncio.Task[None] | None = None
        timer: asyncio.TimerHandle

        async def reading() -> Message:
            nonlocal whole
            message = await receive()
            whole = not message.get("more_body")
            return message

        async def watch() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            until.reschedule(loop.time())

        def begin() -> None:
            nonlocal watching, timer
            if whole:
                watching = loop.create_task(watch())
            else:
                timer = loop.call_later(PATIENCE, begin)

        timer = loop.call_later(PATIENCE, begin)
        try:
            async with asyncio.timeout(None) as until:
                await self._app(scope, reading, send)
        except TimeoutError:
            if not until.expired():
                raise
        finally:
            timer.cancel()
            if watching:
                watching.cancel()


def _ending(path: str) -> str:
    return path.rpartition("/")[2]
