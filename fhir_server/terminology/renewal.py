"""Releases that are loaded or dropped while the server runs, taken up without a pause."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path

from fhir_server.context import Context
from terminology.errors import IndexMissing
from terminology.opening import changed, open_releases

log = logging.getLogger(__name__)
EVERY = 2.0  # seconds between two looks


@contextlib.asynccontextmanager
async def renewing(ctx: Context, every: float = EVERY) -> AsyncIterator[None]:
    """Looks after the data folder's releases in the background for as long as it is entered."""
    task = asyncio.create_task(_watch(ctx, ctx.settings.data, every))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _watch(ctx: Context, folder: Path, every: float) -> None:
    seen = changed(folder)
    while True:
        await asyncio.sleep(every)
        now = changed(folder)
        if now == seen:
            continue
        try:
            stored = await asyncio.to_thread(open_releases, folder)
        except IndexMissing as error:
            log.error("the releases that were loaded can't be taken up: %s", error)
            seen = now
            continue
        # a request sees the one state or the other: nothing else runs between these lines
        ctx.terminology.renew(stored)
        ctx.vocabulary.renew()
        seen = now
        log.info("%d loaded releases are in use", len(stored))
        await ctx.matching.renew()
