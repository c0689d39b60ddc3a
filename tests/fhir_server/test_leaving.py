"""Who only reads and has left is not worked for any more."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Awaitable
from pathlib import Path

import pytest

from fhir_server.calls import questions
from fhir_server.http import leaving
from fhir_server.http.asgi import Message, Receive, Reply, Scope, Send, answer
from fhir_server.http.leaving import Leaving
from fhir_server.operations import OPERATIONS
from fhir_server.store import sqlite
from fhir_server.store.names import Numbers
from fhir_server.store.sqlite import Store
from fhir_server.store.turn import Reader, Turn
from tests.fhir_server.serving import opened

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


async def asked(method: str, path: str, *, leaves: bool, slow: float = 0.0) -> list[str]:
    """What becomes of a request that takes a while: what the app does, what is sent."""
    left, seen = asyncio.Event(), []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while method == "POST" and (await receive()).get("more_body"):
            seen.append("part")
        try:
            await asyncio.sleep(0.1)
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise
        await answer(send, Reply(200))

    parts = [{"type": "http.request", "body": b"x", "more_body": n < 1} for n in range(2)]

    async def receive() -> Message:
        if parts:
            await asyncio.sleep(slow)
            return parts.pop(0)
        if not leaves:
            await left.wait()
        return {"type": "http.disconnect"}

    def send(message: Message) -> Awaitable[None]:
        seen.append(message["type"])
        return asyncio.sleep(0)

    scope = {"type": "http", "method": method, "path": path}
    await Leaving(app, questions(OPERATIONS))(scope, receive, send)
    return seen


DONE = ["http.response.start", "http.response.body"]


@pytest.mark.parametrize(
    ("method", "path", "leaves", "told"),
    [
        ("GET", "/fhir/Patient", True, ["cancelled"]),
        ("GET", "/fhir/Patient", False, DONE),
        ("POST", "/fhir/Patient/_search", True, ["part", "cancelled"]),
        ("POST", "/fhir/Patient/_search", False, ["part", *DONE]),
        ("POST", "/fhir/ValueSet/$expand", True, ["part", "cancelled"]),
        ("POST", "/fhir/CodeSystem/$match", True, ["part", "cancelled"]),
        ("POST", "/fhir/Patient/a/$validate", True, ["part", "cancelled"]),
        ("POST", "/fhir/DocumentReference/a/$extract", True, ["part", *DONE]),
        ("POST", "/fhir/Patient", True, ["part", *DONE]),
    ],
)
def test_what_only_reads_is_given_up(
    method: str, path: str, leaves: bool, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "PATIENCE", 0.01)
    assert asyncio.run(asked(method, path, leaves=leaves)) == told


def test_a_question_that_came_slowly_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaving, "PATIENCE", 0.01)
    told = asyncio.run(asked("POST", "/fhir/ValueSet/$expand", leaves=True, slow=0.02))
    assert told == ["part", "cancelled"]


def test_a_fault_of_the_app_is_no_leaving() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise TimeoutError

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        raise AssertionError

    with pytest.raises(TimeoutError):
        asyncio.run(Leaving(app, ())({"type": "http", "method": "GET", "path": "/"}, receive, send))  # type: ignore[arg-type]


def test_a_search_that_is_given_up_lets_its_thread_go(tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def run(store: Store) -> None:
        loop = asyncio.get_running_loop()

        def job(connection: sqlite3.Connection, _: Numbers) -> object:
            loop.call_soon_threadsafe(begun.set)
            return connection.execute(ENDLESS).fetchone()

        searches = [asyncio.create_task(store.query(job)) for _ in range(8)]
        await begun.wait()
        await asyncio.sleep(0.05)
        for search in searches:
            search.cancel()
        async with asyncio.timeout(60):
            assert await store.query(lambda c, _: c.execute("SELECT 1").fetchone()) == (1,)
        assert all(
            isinstance(e, asyncio.CancelledError)
            for e in await asyncio.gather(*searches, return_exceptions=True)
        )

    with opened(tmp_path) as (_, store):
        asyncio.run(run(store))


def test_a_turn_that_is_over_before_it_begins_never_does() -> None:
    turn, connection = Turn(), sqlite3.connect(":memory:", factory=Reader)
    turn.end()
    with pytest.raises(sqlite3.OperationalError), turn.on(connection):
        pytest.fail("the job began")
    connection.close()


def test_a_reader_whose_cursors_are_open_reads_on_when_a_search_is_given_up(
    tmp_path: Path,
) -> None:
    begun = asyncio.Event()

    async def run(store: Store) -> None:
        loop = asyncio.get_running_loop()

        def job(connection: sqlite3.Connection, _: Numbers) -> None:
            for _row in connection.execute("VALUES (1), (2), (3)"):
                loop.call_soon_threadsafe(begun.set)
                connection.execute(ENDLESS).fetchone()

        searches = [asyncio.create_task(store.query(job)) for _ in range(4)]
        await begun.wait()
        await asyncio.sleep(0.05)
        for search in searches:
            search.cancel()
        await asyncio.gather(*searches, return_exceptions=True)
        for _ in range(8):
            assert await store.query(lambda c, _: c.execute("SELECT 1").fetchone()) == (1,)

    with opened(tmp_path) as (_, store):
        asyncio.run(run(store))


def test_a_reader_that_cannot_be_opened_is_opened_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one(connection: sqlite3.Connection, _: Numbers) -> object:
        return connection.execute("SELECT 1").fetchone()

    def none(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("unable to open database file")

    with opened(tmp_path) as (_, store):
        monkeypatch.setattr(sqlite, "connect", none)
        with pytest.raises(sqlite3.OperationalError):
            asyncio.run(store.query(one))
        monkeypatch.undo()
        assert asyncio.run(store.query(one)) == (1,)


def test_a_search_that_is_given_up_between_two_statements_begins_no_other(tmp_path: Path) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def run(store: Store) -> None:
        loop = asyncio.get_running_loop()

        def job(connection: sqlite3.Connection, _: Numbers) -> None:
            try:
                for _n in range(1000):
                    loop.call_soon_threadsafe(begun.set)
                    time.sleep(0.01)
                    connection.execute("SELECT 1").fetchone()
            except sqlite3.OperationalError:
                loop.call_soon_threadsafe(ended.set)
                raise

        search = asyncio.create_task(store.query(job))
        await begun.wait()
        search.cancel()
        await asyncio.wait_for(ended.wait(), 5)
        assert await store.query(lambda c, _: c.execute("SELECT 1").fetchone()) == (1,)

    with opened(tmp_path) as (_, store):
        asyncio.run(run(store))
