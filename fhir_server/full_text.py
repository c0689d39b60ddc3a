"""The full text, kept up in the background from the first search by words on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from fhir_server.search.words import texts
from fhir_server.store.sqlite import Store
from fhir_server.store.words import index

log = logging.getLogger(__name__)
NAMES = ("_text", "_content")


class FullText:
    """Takes up what was written since; one task at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._task: asyncio.Task[None] | None = None
        self._ended = False

    def searched(self, query: Iterable[tuple[str, str]]) -> None:
        """Begins to take up what waits where a search goes by words, chained or in a filter."""
        told = (f"{name} {value}" if name == "_filter" else name for name, value in query)
        if any(name in text for text in told for name in NAMES):
            self.start()

    def start(self) -> None:
        """Takes up what waits; needs the event loop."""
        if not self._ended and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._index())

    async def settled(self) -> None:
        """Waits until what was begun is done."""
        if self._task is not None:
            await self._task

    async def close(self) -> None:
        """Ends what is under way; it goes on after the next start."""
        self._ended = True
        await self.settled()

    async def _index(self) -> None:
        if done := await index(self._store, texts, lambda: self._ended):
            log.info("took up the words of %d resources", done)
