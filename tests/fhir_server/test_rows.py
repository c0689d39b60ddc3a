"""Index rows that are put off: searches find them, and so does who comes after a crash."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from fhir_server.errors import PreconditionFailed
from fhir_server.repository import Create, Delete, Repository, Update, do
from fhir_server.search.extract import rows as rows_of
from fhir_server.search.index import Rows
from fhir_server.store import late as deferred
from fhir_server.store import sqlite, writer
from fhir_server.store.history import HistoryQuery
from fhir_server.store.reindex import Done, reindex
from fhir_server.store.session import Session
from fhir_server.store.sqlite import Store
from tests.fhir_server.serving import START, opened, patient
from tests.fhir_server.test_store import dump

Run = Callable[[Repository, Store], Coroutine[None, None, None]]
OBSERVATION = {"resourceType": "Observation", "status": "final", "code": {"text": "weight"}}


@pytest.fixture(autouse=True)
def much(monkeypatch: pytest.MonkeyPatch) -> None:
    """All is much, and nobody is taken to search, or the writer to be idle."""
    monkeypatch.setattr(deferred, "LEAST", 1)
    monkeypatch.setattr(sqlite, "QUIET", -1.0)
    monkeypatch.setattr(writer, "IDLE", 60.0)


def late(folder: Path) -> list[tuple[int]]:
    with closing(sqlite3.connect(folder / "store.sqlite")) as connection:
        return connection.execute("SELECT rid FROM late").fetchall()


async def load(repository: Repository, *ids: str) -> None:
    """A transaction of patients, each with an observation."""
    changes = []
    for id in ids:
        named = patient(id=id, name=[{"family": f"Of {id}"}])
        weighed = {**OBSERVATION, "subject": {"reference": f"Patient/{id}"}}
        changes += [Create("Patient", named, id), Create("Observation", weighed, f"o-{id}")]
    await repository.transact(changes)


async def found(repository: Repository, **query: str) -> set[str]:
    """The ids of the observations that a search finds."""
    page = await repository.search("Observation", list(query.items()))
    return {stored.id for stored in page.entries}


def whole(store: Store) -> Awaitable[Done]:
    """What is missing from the index, and what is too much in it."""
    return reindex(store, keep=False)


@asynccontextmanager
async def full_disk(store: Store) -> AsyncIterator[None]:
    """The time that the database may not grow."""

    async def limit(pages: int) -> None:
        text = f"PRAGMA max_page_count={pages}"
        await store.writer.submit(lambda: store.connection.execute(text).fetchone())

    await limit(1)  # SQLite takes what there is for the least
    try:
        yield
    finally:
        await limit(100_000)


def run(folder: Path, job: Run) -> None:
    folder.mkdir(exist_ok=True)
    with opened(folder) as (repository, store):
        asyncio.run(job(repository, store))


def test_a_search_finds_what_was_put_off(tmp_path: Path) -> None:
    async def job(repository: Repository, store: Store) -> None:
        await load(repository, "a", "b")
        await load(repository, "c")
        assert late(tmp_path) == [(1,)]
        assert not any(dump(tmp_path).values())
        assert await found(repository, subject="Patient/c") == {"o-c"}
        assert late(tmp_path) == []
        assert (await whole(store))[1:] == (0, 0)

    run(tmp_path, job)


def test_the_rows_are_those_of_who_puts_nothing_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def job(repository: Repository, store: Store) -> None:
        await load(repository, "a", "b")
        await repository.update("Patient", "a", patient(id="a", name=[{"family": "Other"}]))
        await load(repository, "c", "d")
        await repository.delete("Patient", "c")

    run(tmp_path / "off", job)
    monkeypatch.setattr(deferred, "LEAST", 1 << 30)
    run(tmp_path / "at once", job)
    assert dump(tmp_path / "off") == dump(tmp_path / "at once")


def test_a_crash_loses_nothing(tmp_path: Path) -> None:
    async def job(repository: Repository, _: Store) -> None:
        await load(repository, "a", "b")
        (tmp_path / "crashed").mkdir()
        for file in ("store.sqlite", "store.sqlite-wal"):
            shutil.copy(tmp_path / file, tmp_path / "crashed")

    async def after(repository: Repository, store: Store) -> None:
        assert await found(repository, subject="Patient/b") == {"o-b"}
        assert (await whole(store))[1:] == (0, 0)

    run(tmp_path, job)
    assert late(tmp_path / "crashed")
    run(tmp_path / "crashed", after)
    assert not late(tmp_path / "crashed")


def test_nothing_is_made_anew_before_it_is_known_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who opens a store after a crash may take longer than the writer waits."""

    async def job(repository: Repository, _: Store) -> None:
        await load(repository, "a")
        (tmp_path / "crashed").mkdir()
        for file in ("store.sqlite", "store.sqlite-wal"):
            shutil.copy(tmp_path / file, tmp_path / "crashed")

    run(tmp_path, job)
    monkeypatch.setattr(writer, "IDLE", 0.0)
    known: list[bool] = []

    def extract(resource: dict[str, object]) -> Rows:
        assert known, "the stored search parameters are not loaded"
        return rows_of(resource)

    store = Store(tmp_path / "crashed" / "store.sqlite", extract, lambda: START)
    time.sleep(0.05)
    assert late(tmp_path / "crashed")
    known.append(True)
    assert asyncio.run(whole(store))[1:] == (0, 0)  # type: ignore[arg-type]
    store.close()
    assert not late(tmp_path / "crashed")


def test_a_search_that_waits_for_its_turn_sees_nothing_without_its_rows(tmp_path: Path) -> None:
    """All readers are at work while a load begins: what is not indexed has no code to exclude."""
    free = threading.Event()

    async def job(repository: Repository, store: Store) -> None:
        await repository.transact([Create("Patient", patient(), "first")])
        busy = [asyncio.create_task(store.query(lambda c, n: free.wait(60))) for _ in range(4)]
        await asyncio.sleep(0.05)
        search = repository.search("Patient", [("active:not", "true")])
        waiting = asyncio.create_task(search)
        await asyncio.sleep(0)
        await repository.transact([Create("Patient", patient(active=True), "active")])
        free.set()
        assert {stored.id for stored in (await waiting).entries} == {"first"}
        await asyncio.gather(*busy)

    run(tmp_path, job)


def test_a_search_between_a_commit_and_the_word_of_it(tmp_path: Path) -> None:
    async def job(repository: Repository, store: Store) -> None:
        await load(repository, "a")
        store._index.late = False
        assert await found(repository, subject="Patient/a") == {"o-a"}
        assert late(tmp_path) == []

    run(tmp_path, job)


def test_what_fails_afterwards_takes_nothing_along(tmp_path: Path) -> None:
    async def job(repository: Repository, store: Store) -> None:
        await load(repository, "a")
        with pytest.raises(PreconditionFailed):  # after the first of the two was written
            await repository.transact(
                [Create("Patient", patient(), "x"), Delete("Patient", "a", 7)]
            )
        await load(repository, "b")
        assert await found(repository, subject="Patient/a,Patient/b") == {"o-a", "o-b"}
        assert (await whole(store))[1:] == (0, 0)

    run(tmp_path, job)


@pytest.mark.parametrize("first", [Update("Patient", "a", patient(id="a", active=True)), None])
@pytest.mark.parametrize("beside", [0, 3])
def test_what_fails_has_nothing_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: Update | None, beside: int
) -> None:
    """What waited before a job that is undone, after it put all of that, is in memory still."""

    async def job(repository: Repository, store: Store) -> None:
        await load(repository, "a", "b")
        monkeypatch.setattr(deferred, "SINCE", "no statement")
        wrong = [first or Create("Patient", patient(), "x"), Delete("Patient", "b", 7)]
        results = await asyncio.gather(
            *(load(repository, f"c{n}") for n in range(beside)),
            repository.transact(wrong),
            *(load(repository, f"d{n}") for n in range(beside)),
            repository.transact(wrong),
            return_exceptions=True,
        )
        assert sum(isinstance(result, PreconditionFailed) for result in results) == 2
        assert sum(isinstance(result, Exception) for result in results) == 2
        assert late(tmp_path)
        assert await found(repository, subject="Patient/a,Patient/b") == {"o-a", "o-b"}
        assert (await whole(store))[1:] == (0, 0)

    run(tmp_path, job)


def test_what_waits_is_known_where_a_commit_fails(tmp_path: Path) -> None:
    async def job(repository: Repository, store: Store) -> None:
        await load(repository, "a")
        big = patient(id="big", name=[{"family": "x" * 100_000}])
        async with full_disk(store):
            with pytest.raises(sqlite3.DataError):
                await repository.transact([Update("Patient", "big", big)])
        await load(repository, "b")
        assert await found(repository, subject="Patient/a,Patient/b") == {"o-a", "o-b"}
        assert (await whole(store))[1:] == (0, 0)

    run(tmp_path, job)


def test_versions_are_read_where_the_disk_is_full(tmp_path: Path) -> None:
    async def job(repository: Repository, store: Store) -> None:
        await load(repository, "a")
        async with full_disk(store):
            await load(repository, *(f"more-{n}" for n in range(3)))
            assert late(tmp_path)
            assert (await repository.vread("Patient", "a", 1)).version == 1
            assert len((await repository.history(HistoryQuery("Patient", "a"))).entries) == 1
            assert late(tmp_path), "they have nothing put"

    run(tmp_path, job)


def test_a_resource_that_others_awaited_is_found(tmp_path: Path) -> None:
    """Its row is older than those that wait: `late` would not tell of it."""

    async def job(repository: Repository, store: Store) -> None:
        of = {**OBSERVATION, "subject": {"reference": "Patient/p"}}
        await repository.transact([Create("Observation", of, "o")])
        await store.query(lambda c, n: None)
        await load(repository, "a")
        assert late(tmp_path)
        await repository.transact([Update("Patient", "p", patient(id="p"))])
        assert late(tmp_path) == []
        await repository.transact([Update("Patient", "p", patient(id="p", active=True))])
        assert (await whole(store))[1:] == (0, 0)

    run(tmp_path, job)


def test_nothing_is_put_off_where_somebody_searches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def job(repository: Repository, _: Store) -> None:
        await found(repository, subject="Patient/a")
        await load(repository, "a")
        assert late(tmp_path) == []

    monkeypatch.setattr(sqlite, "QUIET", 60.0)
    run(tmp_path, job)


def test_an_idle_writer_does_what_was_put_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def job(repository: Repository, _: Store) -> None:
        await load(repository, "a")
        for _wait in range(500):
            if not late(tmp_path):
                break
            await asyncio.sleep(0.01)
        assert late(tmp_path) == []
        assert dump(tmp_path)["ref"]

    monkeypatch.setattr(writer, "IDLE", 0.01)
    run(tmp_path, job)


def test_a_store_that_is_closed_has_all_its_rows(tmp_path: Path) -> None:
    async def job(repository: Repository, _: Store) -> None:
        await load(repository, "a")
        assert late(tmp_path)

    run(tmp_path, job)
    assert late(tmp_path) == []
    assert dump(tmp_path)["ref"]


def test_too_much_does_not_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def job(repository: Repository, _: Store) -> None:
        await load(repository, "a")
        assert late(tmp_path)
        await load(repository, "b", "c")
        assert late(tmp_path) == []

    monkeypatch.setattr(deferred, "MOST", 5)
    run(tmp_path, job)


def test_what_is_heavy_does_not_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def job(repository: Repository, _: Store) -> None:
        for id in ("a", "b"):
            await load(repository, id)
            assert late(tmp_path)
            big = patient(id="big", name=[{"family": "x" * 5000}])
            await repository.transact([Create("Patient", big)])
            assert late(tmp_path) == []

    monkeypatch.setattr(deferred, "HEAVY", 5000)
    run(tmp_path, job)


@pytest.mark.parametrize("least", [1, 1 << 30])
def test_jobs_that_share_a_transaction_with_failing_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, least: int
) -> None:
    async def job(repository: Repository, store: Store) -> None:
        await load(repository, "a")
        wrong = [Delete("Patient", "a", 7)]
        late_wrong = [Create("Patient", patient(), "x"), *wrong]
        results = await asyncio.gather(
            *(load(repository, f"b{n}") for n in range(5)),
            repository.transact(wrong),
            *(load(repository, f"c{n}") for n in range(5)),
            repository.transact(late_wrong),
            *(load(repository, f"d{n}") for n in range(5)),
            return_exceptions=True,
        )
        assert sum(isinstance(result, PreconditionFailed) for result in results) == 2
        assert (
            len(await found(repository, subject="Patient/a,Patient/b4,Patient/c0,Patient/d4")) == 4
        )
        assert (await whole(store))[1:] == (0, 0)

    monkeypatch.setattr(deferred, "LEAST", least)
    run(tmp_path, job)


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("beside", [0, 3])
def test_a_rehearsal_brings_nothing_back(tmp_path: Path, *, fails: bool, beside: int) -> None:
    """What waited before it is put, and has been changed since."""

    async def job(repository: Repository, store: Store) -> None:
        await load(repository, "a", "b", "c")
        changed = Update("Observation", "o-a", {**OBSERVATION, "id": "o-a"})
        writes = repository.prepare([changed, Delete("Observation", "o-b")])
        drafts = repository.prepare([Create("Patient", patient(), "x"), Delete("Patient", "c")])
        names = [(write.type, write.id) for write in (*writes, *drafts)]

        def rehearse(session: Session) -> None:
            for write in writes:
                do(session, write, {})
            with session.rehearsal():
                for draft in drafts:
                    do(session, draft, {})
            if fails:
                raise PreconditionFailed("after all")

        results = await asyncio.gather(
            *(load(repository, f"d{n}") for n in range(beside)),
            store.transact(rehearse, names),
            *(load(repository, f"e{n}") for n in range(beside)),
            return_exceptions=True,
        )
        assert sum(isinstance(result, Exception) for result in results) == fails
        both = await found(repository, subject="Patient/a,Patient/b,Patient/c")
        assert both == ({"o-a", "o-b", "o-c"} if fails else {"o-c"})
        assert (await whole(store))[1:] == (0, 0)

    run(tmp_path, job)
