"""Index rows that are put off, beside searches, $reindex, new parameters, backups and a kill."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from fhir_server import custom
from fhir_server.changes import Settled
from fhir_server.custom import Parameters
from fhir_server.prepare import Prepared
from fhir_server.repository import Create, Repository, Update
from fhir_server.store import late as deferred
from fhir_server.store import reindex as reindexing
from fhir_server.store import sqlite as storing
from fhir_server.store import writer
from fhir_server.store.backup import backup, restore
from fhir_server.store.sqlite import Store
from tests.fhir_server.killed import killed
from tests.fhir_server.serving import patient
from tests.fhir_server.test_rows import OBSERVATION, found, late, load, run, whole

WRITERS, ROUNDS = 6, 10
COLOUR = "http://x.test/colour"
PARAMETER = {
    "resourceType": "SearchParameter", "id": "colour", "url": "http://x.test/by-colour", "name": "c",
    "status": "active", "description": "colour", "code": "colour", "base": ["Patient"],
    "type": "string", "expression": f"Patient.extension.where(url='{COLOUR}').value.as(string)",
}  # fmt: skip


@pytest.fixture(autouse=True)
def much(monkeypatch: pytest.MonkeyPatch) -> None:
    """All is much, and a search that has ended keeps nobody from putting off."""
    monkeypatch.setattr(deferred, "LEAST", 1)
    monkeypatch.setattr(storing, "QUIET", -1.0)
    monkeypatch.setattr(writer, "IDLE", 60.0)
    monkeypatch.setattr(custom, "SETTLE", 0.0)


class Ward:
    """Writers that load and delete; `there` is what was acknowledged and nobody is deleting."""

    def __init__(self, repository: Repository, store: Store) -> None:
        self.repository, self.store = repository, store
        self.draw = random.Random(7)  # noqa: S311 - made-up load
        self.there: set[str] = set()
        self.put_off = 0

    async def work(self) -> None:
        await asyncio.gather(*(self._write(number) for number in range(WRITERS)))

    async def _write(self, number: int) -> None:
        for turn in range(ROUNDS):
            id = f"{number}-{turn}"
            await load(self.repository, id)
            self.put_off += self.store._index.late
            self.there.add(id)
            if self.draw.random() < 0.2:
                self.there.discard(id)
                await self.repository.delete("Observation", f"o-{id}")
                assert await found(self.repository, subject=f"Patient/{id}") == set()
            await asyncio.sleep(self.draw.random() / 100)

    async def search(self, working: asyncio.Task[None]) -> int:
        """Searches till the work is done: all that was there before must be found."""
        searches = 0
        while not working.done():
            ids = set(self.draw.sample(sorted(self.there), min(len(self.there), 5)))
            subjects = ",".join(f"Patient/{id}" for id in ids)
            seen = await found(self.repository, subject=subjects) if ids else set()
            assert {f"o-{id}" for id in ids & self.there} <= seen
            searches += bool(ids)
            await asyncio.sleep(self.draw.random() / 100)
        return searches

    async def check(self) -> None:
        """All that is there is found, nothing else is, and the index is that of the resources."""
        everybody = ",".join(f"Patient/{n}-{t}" for n in range(WRITERS) for t in range(ROUNDS))
        seen = await found(self.repository, subject=everybody, _count="1000")
        assert seen == {f"o-{id}" for id in self.there}
        assert (await whole(self.store))[1:] == (0, 0)
        assert self.put_off, "nothing was put off: nothing was tried"


def test_searches_beside_writers_find_all_that_was_acknowledged(tmp_path: Path) -> None:
    async def job(repository: Repository, store: Store) -> None:
        ward = Ward(repository, store)
        working = asyncio.create_task(ward.work())
        assert min(await asyncio.gather(*(ward.search(working) for _ in range(3)))) > 3
        await working
        await ward.check()

    run(tmp_path, job)


def test_reindexing_beside_writers(tmp_path: Path) -> None:
    async def job(repository: Repository, store: Store) -> None:
        ward = Ward(repository, store)
        working = asyncio.create_task(ward.work())
        while not working.done():
            done = await repository.reindex()
            assert (done.added, done.removed) == (0, 0), "what waits is not missing"
        await working
        await ward.check()

    run(tmp_path, job)


def coloured(id: str) -> dict[str, Any]:
    return patient(id=id, extension=[{"url": COLOUR, "valueString": "Red"}])


async def red(repository: Repository) -> set[str]:
    """Who is red, once the parameter's index is made."""
    while repository.parameters._waiting:
        await asyncio.sleep(0.01)
    page = await repository.search("Patient", [("colour", "red"), ("_count", "100")])
    return {stored.id for stored in page.entries}


def test_a_new_parameter_finds_what_waits(tmp_path: Path) -> None:
    async def job(repository: Repository, store: Store) -> None:
        await repository.transact([Create("Patient", coloured(id), id) for id in ("a", "b")])
        assert late(tmp_path)
        await repository.transact([Update("SearchParameter", "colour", PARAMETER)])
        await repository.transact([Create("Patient", coloured("c"), "c")])
        assert await red(repository) == {"a", "b", "c"}
        assert (await whole(store))[1:] == (0, 0)

    run(tmp_path, job)


def test_what_was_prepared_without_a_new_parameter_is_prepared_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long Bundle: its index rows are taken before the parameter comes, it is stored after."""
    taken, free = threading.Event(), threading.Event()
    prepare = Repository.prepare

    def slow(
        self: Repository, settled: Sequence[Settled], places: Sequence[str] = ()
    ) -> list[Prepared]:
        prepared = prepare(self, settled, places)
        if len(settled) > 8:
            taken.set()
            free.wait(60)
        return prepared

    async def job(repository: Repository, store: Store) -> None:
        monkeypatch.setattr(Repository, "prepare", slow)
        many = [Create("Patient", coloured(f"p{n}"), f"p{n}") for n in range(9)]
        long = asyncio.create_task(repository.transact(many))
        await asyncio.to_thread(taken.wait, 60)
        await repository.transact([Update("SearchParameter", "colour", PARAMETER)])
        assert await red(repository) == set()
        free.set()
        await long
        assert await red(repository) == {f"p{n}" for n in range(9)}
        assert (await whole(store))[1:] == (0, 0)

    run(tmp_path, job)


async def named(repository: Repository, ids: set[str]) -> set[str]:
    """Those of the patients whom a search by name finds."""
    if not ids:
        return set()
    names = ",".join(f"Of {id}" for id in ids)
    page = await repository.search("Patient", [("name:exact", names), ("_count", "100")])
    return {stored.id for stored in page.entries}


def test_a_backup_while_rows_wait_is_whole(tmp_path: Path) -> None:
    copies: list[set[str]] = []  # who was there when each was begun
    waited: list[bool] = []

    async def job(repository: Repository, store: Store) -> None:
        ward = Ward(repository, store)
        working = asyncio.create_task(ward.work())
        while not working.done():
            copies.append(set(ward.there))
            copy = tmp_path / f"copy-{len(copies)}.sqlite"
            await asyncio.to_thread(backup, tmp_path / "store.sqlite", copy)
            waited.append(bool(late(tmp_path)))
        await working
        await ward.check()

    run(tmp_path, job)
    assert any(waited)
    for number, there in enumerate(copies, 1):
        folder = tmp_path / f"restored-{number}"
        restore(tmp_path / f"copy-{number}.sqlite", folder / "store.sqlite")

        async def after(repository: Repository, store: Store, there: set[str] = there) -> None:
            assert await named(repository, there) == there
            assert (await whole(store))[1:] == (0, 0)

        run(folder, after)


WRITES = """
import asyncio, sys
from pathlib import Path
from fhir_server.store import late, sqlite, writer
from tests.fhir_server.serving import opened
from tests.fhir_server.test_rows import load

late.LEAST, sqlite.QUIET, writer.IDLE = 1, -1.0, 60.0

async def one(repository, n):
    for turn in range(100_000):
        await load(repository, f"{n}-{turn}")
        sys.stdout.write(f"{n}-{turn}\\n")
        sys.stdout.flush()

async def main(repository):
    await asyncio.gather(*(one(repository, n) for n in range(4)))

with opened(Path(sys.argv[1])) as (repository, _):
    asyncio.run(main(repository))
"""


def test_a_kill_while_rows_wait_loses_none(tmp_path: Path) -> None:
    ids = killed(WRITES, tmp_path, 60)
    assert len(ids) >= 60
    assert late(tmp_path), "rows waited when it was killed"

    async def after(repository: Repository, store: Store) -> None:
        for id in ids:
            assert await found(repository, subject=f"Patient/{id}") == {f"o-{id}"}
        assert (await whole(store))[1:] == (0, 0)

    run(tmp_path, after)
    assert not late(tmp_path)


WHO = PARAMETER | {
    "id": "who", "url": "http://x.test/by-who", "code": "who", "base": ["Observation"],
    "type": "reference", "target": ["Patient"],
    "expression": f"Observation.extension.where(url='{COLOUR}').value.as(Reference)",
}  # fmt: skip


def of(id: str) -> Create:
    there = [{"url": COLOUR, "valueReference": {"reference": f"Patient/{id}"}}]
    return Create("Observation", {**OBSERVATION, "extension": there}, f"o-{id}")


@pytest.mark.parametrize("anew", [False, True])
def test_those_whom_an_indexing_comes_upon_may_be_stored_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, anew: bool
) -> None:
    """A new parameter's rows name patients that clients put in the same transactions."""
    ids = [f"p{n}" for n in range(40)]
    monkeypatch.setattr(reindexing, "RESOURCES", 3)

    async def put(repository: Repository, id: str) -> None:
        for gender in ("male", "female"):
            await repository.transact([Update("Patient", id, patient(id=id, gender=gender))])

    async def job(repository: Repository, store: Store) -> None:
        await repository.transact([of(id) for id in ids])
        if anew:  # nobody has told the store of the parameter: it is `$reindex` that does all
            monkeypatch.setattr(Parameters, "start", lambda self: None)
        await repository.transact([Update("SearchParameter", "who", WHO)])
        held = threading.Event()
        holding = store.writer.submit(lambda: held.wait(10))
        doing = [asyncio.create_task(repository.reindex())] if anew else []
        await asyncio.sleep(0.02)
        putting = [asyncio.create_task(put(repository, id)) for id in reversed(ids)]
        await asyncio.sleep(0.02)
        held.set()
        await asyncio.gather(holding, *doing, *putting)
        while repository.parameters._waiting and not anew:
            await asyncio.sleep(0.01)
        assert (await whole(store))[1:] == (0, 0)
        if not anew:
            everybody = ",".join(f"Patient/{id}" for id in ids)
            assert await found(repository, who=everybody, _count="100") == {f"o-{i}" for i in ids}

    run(tmp_path, job)


def test_an_indexing_that_fails_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    faults = [sqlite3.OperationalError("disk I/O error at Red"), None]

    async def faulty(*given: Any) -> reindexing.Done:
        if (fault := faults.pop(0)) is not None:
            raise fault
        return await reindexing.reindex(*given)

    async def job(repository: Repository, store: Store) -> None:
        await repository.transact([Create("Patient", coloured("a"), "a")])
        await repository.transact([Update("SearchParameter", "colour", PARAMETER)])
        assert await asyncio.wait_for(red(repository), 10) == {"a"}

    monkeypatch.setattr(custom, "reindex", faulty)
    monkeypatch.setattr(custom, "AGAIN", 0.0)
    run(tmp_path, job)
    (told,) = (r.getMessage() for r in caplog.records if r.levelname == "WARNING")
    assert "OperationalError" in told
    assert "Red" not in told


def test_what_a_client_that_left_has_stored_is_taken_up(tmp_path: Path) -> None:
    async def job(repository: Repository, store: Store) -> None:
        await repository.transact([Create("Patient", coloured("a"), "a")])
        held = threading.Event()
        holding = store.writer.submit(lambda: held.wait(10))
        change = Update("SearchParameter", "colour", PARAMETER)
        leaving = asyncio.create_task(repository.transact([change]))
        await asyncio.sleep(0.05)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        held.set()
        await holding
        async with asyncio.timeout(10):
            while not repository.parameters._more:
                await asyncio.sleep(0.01)
        assert repository.attempts.written["SearchParameter"] == 1
        assert await red(repository) == {"a"}

    run(tmp_path, job)
