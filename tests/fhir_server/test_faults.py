"""Every way to write, and what may go wrong with it: nothing of it is left, and all of it is there
once when it is done again."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from fhir_server.http import leaving
from fhir_server.store.reindex import reindex
from fhir_server.store.types import Connection
from tests.fhir_server.writing import BIG, LIMIT, NOTE, WAYS, At, Sent, kept, served


class Commits:
    """The writer's connection, whose commits a test comes before."""

    def __init__(self, connection: Connection, before: Callable[[], None]) -> None:
        self._connection, self._before = connection, before

    def execute(self, sql: str) -> sqlite3.Cursor:
        if sql == "COMMIT":
            self._before()
        return self._connection.execute(sql)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Iterator[At]:
    file = tmp_path_factory.mktemp("faults") / "s.sqlite"
    with served(data, file) as at:
        asyncio.run(at.ready("first"))
        assert asyncio.run(at.send(WAYS["$extract"]("first", ""))), "its Device is of all"
        yield at


@contextmanager
def full(at: At) -> Iterator[None]:
    """No page can be added."""

    async def limit(pages: int) -> None:
        run = at.store.connection.execute
        await at.store.writer.submit(lambda: run(f"PRAGMA max_page_count={pages}").fetchone())

    with closing(sqlite3.connect(at.file)) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    asyncio.run(limit(pages))
    try:
        yield
    finally:
        asyncio.run(limit(1 << 30))


@contextmanager
def failing(at: At) -> Iterator[None]:
    """No commit succeeds."""

    def fail() -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with _commits(at, fail):
        yield


@contextmanager
def locked(at: At) -> Iterator[None]:
    """Somebody else writes to the database for longer than the writer waits."""
    at.store.connection.execute("PRAGMA busy_timeout = 1")
    with closing(sqlite3.connect(at.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
    at.store.connection.execute("PRAGMA busy_timeout = 30000")


@contextmanager
def _commits(at: At, before: Callable[[], None]) -> Iterator[None]:
    writer, own = at.store.writer, at.store.connection
    writer._connection = Commits(own, before)  # type: ignore[assignment]
    try:
        yield
    finally:
        writer._connection = own


async def done(at: At, sent: Sent) -> int:
    """How many versions there are more once that is taken."""
    before = len(kept(at.file))
    assert await at.send(sent)
    return len(kept(at.file)) - before


async def well(at: At, way: str) -> int:
    """How many versions a way makes where nothing goes wrong."""
    id = uuid4().hex
    await at.ready(id)
    return await done(at, WAYS[way](id, BIG))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fault", [full, failing, locked])
def test_what_cannot_be_written_is_told_and_done_when_it_is_sent_again(
    fault: Callable[[At], AbstractContextManager[None]], way: str, at: At
) -> None:
    id = uuid4().hex
    asyncio.run(at.ready(id))
    before, sent = kept(at.file), WAYS[way](id, BIG)
    with fault(at):
        assert not asyncio.run(at.send(sent))
        assert kept(at.file) == before
    assert asyncio.run(done(at, sent)) == asyncio.run(well(at, way)) > 0


@pytest.mark.parametrize("way", [way for way in WAYS if way != "message"])
@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [(full, 507, "no-store"), (failing, 500, "exception"), (locked, 503, "lock-error")],
)
def test_why_it_cannot_be_written_is_told_and_reads_go_on(
    fault: Callable[[At], AbstractContextManager[None]],
    status: int,
    code: str,
    way: str,
    at: At,
    caplog: pytest.LogCaptureFixture,
) -> None:
    id = uuid4().hex
    asyncio.run(at.ready(id))

    async def answers() -> tuple[int, str]:
        assert await at.send(Sent("GET", f"Patient/{id}"))
        assert await at.send(Sent("GET", f"Patient/{id}/_history"))
        return await at.told(WAYS[way](id, BIG))

    asyncio.run(at.send(Sent("GET", f"Patient?_id={id}")))  # nothing is put off
    with fault(at):
        assert asyncio.run(answers()) == (status, code)
        assert asyncio.run(at.send(Sent("GET", f"Patient?_id={id}")))
    kind = {507: "StoreFull", 503: "StoreBusy"}.get(status, "OperationalError")
    assert f"failed: {kind} at" in caplog.text


@pytest.mark.parametrize("way", WAYS)
def test_a_crash_before_any_commit_leaves_all_or_nothing(
    way: str, at: At, data: Path, tmp_path: Path
) -> None:
    id, crashed = uuid4().hex, []

    def crash() -> None:
        crashed.append(tmp_path / f"{len(crashed)}.sqlite")
        for end in ("", "-wal"):
            shutil.copy(f"{at.file}{end}", f"{crashed[-1]}{end}")

    asyncio.run(at.ready(id))
    before, sent = len(kept(at.file)), WAYS[way](id, BIG)
    with _commits(at, crash):
        made = asyncio.run(done(at, sent))
    assert crashed

    async def again(at: At) -> None:
        await at.receiver.resume()
        await at.send(sent)
        assert len(kept(at.file)) - before == made
        assert (await reindex(at.store, keep=False))[1:] == (0, 0)

    for file in crashed:
        with served(data, file) as one:
            asyncio.run(again(one))


@pytest.mark.parametrize("way", [way for way in WAYS if way != "message"])
@pytest.mark.parametrize("whole", [True, False])
def test_what_a_client_that_leaves_has_sent_is_done_if_it_is_whole(
    way: str, at: At, monkeypatch: pytest.MonkeyPatch, *, whole: bool
) -> None:
    monkeypatch.setattr(leaving, "PATIENCE", 0.0)
    id = uuid4().hex
    asyncio.run(at.ready(id))
    before, sent = len(kept(at.file)), WAYS[way](id, BIG)
    if whole or sent.body:
        asyncio.run(at.left(sent, whole=whole))
    assert len(kept(at.file)) - before == (asyncio.run(well(at, way)) if whole else 0)


SPOILT: dict[str, Callable[[Sent], Sent]] = {  # an empty text is no string of FHIR
    **{way: lambda sent: sent._replace(body=sent.body.replace(BIG.encode(), b"")) for way in WAYS},
    "delete": lambda sent: sent._replace(headers={"if-match": 'W/"9"'}),
    "conditional delete": lambda sent: sent._replace(headers={"if-match": 'W/"9"'}),
    "message": lambda sent: sent._replace(body=sent.body + b"PID|2||6^^^N||Roe^Bea\r"),
    "$extract": lambda sent: sent._replace(path=f"{sent.path}?engine=none"),
}


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_written_of_what_is_invalid(way: str, at: At) -> None:
    id = uuid4().hex
    asyncio.run(at.ready(id))
    before = kept(at.file)
    assert not asyncio.run(at.send(SPOILT[way](WAYS[way](id, BIG))))
    assert kept(at.file) == before


@pytest.mark.parametrize(
    "way", [way for way in WAYS if way not in ("message", "delete", "conditional delete")]
)
def test_nothing_is_written_of_what_is_too_large(way: str, at: At) -> None:
    id = uuid4().hex
    asyncio.run(at.ready(id, NOTE * 100))
    before = kept(at.file)
    assert not asyncio.run(at.send(WAYS[way](id, "x" * LIMIT)))
    assert kept(at.file) == before
