"""Releases are loaded, replaced and dropped while requests come in: each sees one state whole."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from fhir_server.app import create_app, wired
from fhir_server.context import Context
from fhir_server.settings import Settings
from fhir_server.terminology.matching import Matching
from fhir_server.terminology.renewal import renewing
from terminology.loading import releases
from terminology.loading.source import Options
from terminology.opening import open_releases
from tests.fhir_server.serving import BASE, client
from tests.terminology.release import load, table

URN = "urn:own"
SOON = 0.01  # seconds between two looks
WAIT = 20.0  # seconds until what was loaded must be seen
LOOKUP = f"CodeSystem/$lookup?system={URN}&code=a"
VALIDATE = f"ValueSet/$validate-code?url={URN}%3Ffhir_vs&system={URN}&code=a"


@pytest.fixture
def folder(tmp_path: Path, data: Path) -> Path:
    """A data folder of its own that has the common index."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "terminology").symlink_to(data / "terminology")
    return tmp_path / "data"


def take(folder: Path, display: str, rows: int = 2_000) -> None:
    lines = (f"c{n},{display} {n}" for n in range(rows))
    file = table(folder.parent / "own.csv", "code,display", f"a,{display}", *lines)
    load("csv", file, folder, Options("1", URN))


async def until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT):
        while not what():
            await asyncio.sleep(SOON)


def test_a_release_is_replaced_while_it_is_asked(folder: Path, tmp_path: Path) -> None:
    take(folder, "Old")
    seen: list[str] = []
    statuses: set[int] = set()

    async def ask(http: httpx.AsyncClient, path: str) -> None:
        while not (seen and seen[-1] == "gone"):
            reply = await http.get(path)
            statuses.add(reply.status_code)
            told = {p["name"]: p for p in reply.json().get("parameter", ())}
            seen.append(told["display"]["valueString"] if "display" in told else "gone")
            await asyncio.sleep(0)

    async def conversation(ctx: Context) -> None:
        async with client(create_app(ctx)) as http, renewing(ctx, SOON):
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(ask(http, LOOKUP))
                tasks.create_task(ask(http, VALIDATE))
                await until(lambda: "Old" in seen)
                await asyncio.to_thread(take, folder, "New")
                await until(lambda: "New" in seen)
                await asyncio.to_thread(releases.drop, folder, URN)
            assert ctx.terminology.stored == ()

    settings = Settings(data=folder, database=f"sqlite:///{tmp_path / 's.sqlite'}", base_url=BASE)
    with wired(settings) as (ctx, _):
        asyncio.run(conversation(ctx))
    assert statuses == {200, 404}
    in_order = [word for n, word in enumerate(seen) if n == 0 or seen[n - 1] != word]
    assert in_order == ["Old", "New", "gone"]


def test_workers_match_by_what_was_loaded_since(folder: Path, tmp_path: Path) -> None:
    settings = Settings(data=folder, database=f"sqlite:///{tmp_path / 's.sqlite'}", base_url=BASE)

    async def conversation(ctx: Context, matching: Matching) -> None:
        matching.start(1)
        await matching(["lamp"], "icd10cm", 1)  # the first question starts it
        await until(lambda: matching.ready)
        (before,) = matching.processes
        take(folder, "Lamp", rows=1)
        ctx.terminology.renew(open_releases(folder))
        await matching.renew()
        await matching(["lamp"], URN, 1)
        await until(lambda: matching.ready)
        ((found,),) = await matching(["lamp"], URN, 1)
        assert (found.code, before.is_alive()) == ("a", False)
        await matching.close()

    with wired(settings) as (ctx, _):
        asyncio.run(conversation(ctx, ctx.matching))
