"""The store: its schema, its index rows, group commit, durability through a kill."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import closing
from functools import partial
from pathlib import Path

import orjson
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from fhir_server.errors import Conflict, NotFound, PreconditionFailed
from fhir_server.repository import Create, Delete, Repository, Update
from fhir_server.store.connection import connect
from fhir_server.store.history import HistoryQuery
from fhir_server.store.lock import InUse
from fhir_server.store.migrations import upgrade
from fhir_server.store.names import UNKNOWN, Names
from fhir_server.store.recent import Recent
from fhir_server.store.reindex import reindex
from fhir_server.store.sqlite import Store
from fhir_server.store.tables import METADATA, Sys
from fhir_server.store.types import Stored
from fhir_server.store.writer import Closed, Upkeep, Writer
from tests.fhir_server.killed import killed
from tests.fhir_server.serving import opened, patient

INDEX = ("tok", "ref", "str", "dat", "qty", "uri")


def dump(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of the index tables, as another process would see them."""
    with closing(sqlite3.connect(folder / "store.sqlite")) as connection:
        return {t: sorted(connection.execute(f"SELECT * FROM {t}")) for t in INDEX}  # noqa: S608


def test_the_revisions_make_the_tables_that_are_declared(tmp_path: Path) -> None:
    connection = connect(tmp_path / "x.sqlite")
    upgrade(connection)
    upgrade(connection)  # nothing is left to do
    connection.close()
    engine = create_engine(f"sqlite:///{tmp_path / 'x.sqlite'}")
    with engine.connect() as opened_:
        known = {"include_name": lambda name, *_: not str(name).startswith("words")}  # FTS5's own
        context = MigrationContext.configure(opened_, opts=known)
        assert compare_metadata(context, METADATA) == []
        options = {t: inspect(opened_).get_table_options(t) for t in INDEX}
    engine.dispose()
    assert all(options[t].get("sqlite_with_rowid") is False for t in INDEX)


def test_index_rows_follow_the_resource(tmp_path: Path) -> None:
    async def run(repository: Repository) -> None:
        stored = await repository.create(
            "Patient", patient(gender="male", name=[{"family": "Élan"}])
        )
        first = dump(tmp_path)
        assert ("elan", "Élan") in {(n, e) for _, n, _, e in first["str"]}
        body = patient(id=stored.id, gender="female", name=[{"family": "Élan"}])
        await repository.update("Patient", stored.id, body)
        second = dump(tmp_path)
        assert second["str"] == first["str"]
        assert {row[1] for row in first["tok"]} - {row[1] for row in second["tok"]} == {"male"}
        await repository.delete("Patient", stored.id)
        assert not any(dump(tmp_path).values())
        await repository.update("Patient", stored.id, body)
        assert dump(tmp_path) == second

    with opened(tmp_path) as (repository, _):
        asyncio.run(run(repository))


def test_what_is_said_twice_is_indexed_once(tmp_path: Path) -> None:
    name = {"family": "Roe"}

    async def run(repository: Repository) -> None:
        twice, other = patient(id="t", name=[name, name]), patient(id="t", name=[name])
        await repository.update("Patient", "t", twice)
        assert len(dump(tmp_path)["str"]) == 2
        await repository.update("Patient", "t", other)
        assert len(dump(tmp_path)["str"]) == 2
        await repository.update("Patient", "t", twice)
        await repository.delete("Patient", "t")
        assert dump(tmp_path)["str"] == []

    with opened(tmp_path) as (repository, _):
        asyncio.run(run(repository))


def test_a_reference_to_what_is_not_there_yet_holds_its_place(tmp_path: Path) -> None:
    condition = {"resourceType": "Condition", "subject": {"reference": "Patient/later"}}

    async def run(repository: Repository) -> None:
        await repository.create("Condition", orjson.dumps(condition))
        with pytest.raises(NotFound):
            await repository.read("Patient", "later")
        assert (await repository.delete("Patient", "later")).version == 0
        before = dump(tmp_path)["ref"]
        stored, created = await repository.update("Patient", "later", patient(id="later"))
        assert (stored.version, created) == (1, True)
        assert dump(tmp_path)["ref"] == before
        assert [
            s.version for s in (await repository.history(HistoryQuery("Patient", "later"))).entries
        ] == [1]

    with opened(tmp_path) as (repository, _):
        asyncio.run(run(repository))


def test_a_reference_to_another_server_is_a_uri(tmp_path: Path) -> None:
    away = "https://elsewhere.example/fhir/Patient/1"
    condition = {"resourceType": "Condition", "subject": {"reference": away}}
    with opened(tmp_path) as (repository, _):
        asyncio.run(repository.create("Condition", orjson.dumps(condition)))
        assert away in {uri for _, uri, _ in dump(tmp_path)["uri"]}
        assert dump(tmp_path)["ref"] == []


def test_a_failed_job_leaves_the_others_of_its_transaction(tmp_path: Path) -> None:
    async def run(repository: Repository, store: Store) -> None:
        commits = store.writer.commits
        results = await asyncio.gather(
            *(
                repository.transact([Create("Patient", patient(), f"p{n}"), _second(n)])
                for n in range(40)
            ),
            return_exceptions=True,
        )
        for n, result in enumerate(results):
            if n % 4 == 0:
                assert isinstance(result, Conflict)
                with pytest.raises(NotFound):
                    await repository.read("Patient", f"p{n}")
            else:
                assert (await repository.read("Patient", f"p{n}")).version == 1
        assert store.writer.commits - commits < len(results)

    def _second(n: int) -> Create | Delete:
        fails = n % 4 == 0
        return Create("Patient", patient(), "taken") if fails else Delete("Patient", "taken0")

    with opened(tmp_path) as (repository, store):
        asyncio.run(repository.transact([Create("Patient", patient(), "taken")]))
        asyncio.run(repository.transact([Create("Patient", patient(), "taken0")]))
        asyncio.run(run(repository, store))


def test_a_job_that_writes_nothing_fails_alone(tmp_path: Path) -> None:
    """What others of its transaction wrote waits to be put: it is none of the failing job's."""
    statements: list[str] = []

    async def run(repository: Repository, store: Store) -> None:
        await repository.update("Patient", "p", patient(id="p"))
        held = threading.Event()
        holding = store.writer.submit(lambda: held.wait(10))
        store.connection.set_trace_callback(statements.append)
        body, changed = patient(), patient(id="p", active=True)
        jobs = (
            *(repository.create("Patient", body) for _ in range(3)),
            repository.update("Patient", "p", changed, if_match=7),
            *(repository.create("Patient", body) for _ in range(3)),
            repository.transact([Create("Patient", patient(), "x"), Delete("Patient", "p", 7)]),
        )
        waiting = asyncio.gather(*jobs, return_exceptions=True)
        await asyncio.sleep(0.01)
        held.set()
        results = await waiting
        await holding
        assert [isinstance(r, PreconditionFailed) for r in results] == [*[0] * 3, 1, *[0] * 3, 1]
        with pytest.raises(NotFound):
            await repository.read("Patient", "x")

    with opened(tmp_path) as (repository, store):
        asyncio.run(run(repository, store))
        with closing(sqlite3.connect(tmp_path / "store.sqlite")) as connection:
            assert connection.execute("SELECT count(*) FROM res").fetchone() == (7,)
    assert any("INSERT INTO res" in each for each in statements)
    assert not any("SAVEPOINT" in each for each in statements)


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    async def run(repository: Repository) -> None:
        changes = [Update("Patient", "a", patient(id="a")), Delete("Patient", "nobody", 1)]
        with pytest.raises(PreconditionFailed):
            await repository.transact(changes)
        with pytest.raises(NotFound):
            await repository.read("Patient", "a")

    with opened(tmp_path) as (repository, _):
        asyncio.run(run(repository))


def test_numbers_given_in_what_was_undone_are_not_kept(tmp_path: Path) -> None:
    connection = connect(tmp_path / "x.sqlite")
    upgrade(connection)
    systems = Names(Sys, connection)
    writer = Writer(connection, Upkeep(undone=systems.forget))

    def fails() -> None:
        systems.give("http://undone")
        raise Conflict("no")

    async def run() -> None:
        with pytest.raises(Conflict):
            await writer.submit(fails)
        assert await writer.submit(lambda: systems.find("http://undone")) == UNKNOWN
        assert await writer.submit(lambda: systems.give("http://kept")) == 1

    asyncio.run(run())
    writer.close()


def test_a_client_that_leaves_harms_nobody(tmp_path: Path) -> None:
    async def run(repository: Repository) -> None:
        writes = [asyncio.create_task(repository.create("Patient", patient())) for _ in range(8)]
        await asyncio.sleep(0)
        writes[0].cancel()
        results = await asyncio.gather(*writes, return_exceptions=True)
        assert isinstance(results[0], asyncio.CancelledError)
        assert not any(isinstance(r, BaseException) for r in results[1:])

    with opened(tmp_path) as (repository, _):
        asyncio.run(run(repository))


def test_what_goes_wrong_before_a_commit_is_told_and_the_writer_lives_on(tmp_path: Path) -> None:
    connection = connect(tmp_path / "store.sqlite")
    connection.execute("CREATE TABLE told(n)")
    faults = [ValueError("of a row"), None]

    def ending() -> None:
        if (fault := faults.pop(0)) is not None:
            raise fault

    writer = Writer(connection, Upkeep(ending=ending))

    def told() -> int:
        connection.execute("INSERT INTO told VALUES (1)")
        count: int = connection.execute("SELECT count(*) FROM told").fetchone()[0]
        return count

    async def conversation() -> None:
        with pytest.raises(sqlite3.DataError):
            await writer.submit(told)
        assert await writer.submit(told) == 1

    asyncio.run(conversation())
    writer.close()


def test_a_job_after_which_the_rest_cannot_be_written_fails_alone(tmp_path: Path) -> None:
    connection = connect(tmp_path / "store.sqlite")
    connection.execute("CREATE TABLE told(n)")
    pending: list[int] = []

    def ending() -> None:
        if 3 in pending:
            raise sqlite3.IntegrityError("of a row")
        pending.clear()

    writer = Writer(connection, Upkeep(ending=ending, undone=pending.clear))

    def told(n: int) -> int:
        connection.execute("INSERT INTO told VALUES (?)", (n,))
        pending.append(n)
        return n

    async def conversation() -> None:
        held = threading.Event()
        holding = writer.submit(lambda: held.wait(10))
        jobs = [writer.submit(partial(told, n)) for n in range(6)]
        held.set()
        results = await asyncio.gather(holding, *jobs, return_exceptions=True)
        assert isinstance(results.pop(4), sqlite3.DataError)
        assert results == [True, 0, 1, 2, 4, 5]

    asyncio.run(conversation())
    writer.close()
    with closing(sqlite3.connect(tmp_path / "store.sqlite")) as after:
        assert after.execute("SELECT n FROM told").fetchall() == [(n,) for n in (0, 1, 2, 4, 5)]


def test_an_event_loop_that_ends_leaves_the_writer_at_work(tmp_path: Path) -> None:
    held, done = threading.Event(), threading.Event()

    def slow() -> None:
        held.wait(10)
        done.set()

    with opened(tmp_path) as (repository, store):

        async def leave() -> None:
            task = asyncio.ensure_future(store.writer.submit(slow))
            await asyncio.sleep(0)
            task.cancel()

        asyncio.run(leave())
        held.set()
        assert done.wait(10)
        assert asyncio.run(repository.create("Patient", patient())).version == 1


def test_a_closed_store_refuses(tmp_path: Path) -> None:
    with opened(tmp_path) as (repository, store):
        store.close()
        with pytest.raises(Closed):
            asyncio.run(repository.create("Patient", patient()))


def test_what_is_kept_in_memory_is_what_is_stored(tmp_path: Path) -> None:
    """Reads between writes, some of whose clients leave before they hear of them."""

    async def run(repository: Repository, store: Store) -> None:
        async def write(n: int) -> None:
            await repository.update("Patient", "p", patient(id="p", multipleBirthInteger=n))

        await write(0)
        for n in range(1, 50):
            task = asyncio.create_task(write(n))
            for _ in range(n % 5):
                await asyncio.sleep(0)
                store.read("Patient", "p")
            if n % 3 == 0:
                task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await repository.create("Patient", patient())  # behind the write in the queue
            (newest, *_) = (await repository.history(HistoryQuery("Patient", "p"))).entries
            assert store.read("Patient", "p") == newest

    with opened(tmp_path) as (repository, store):
        asyncio.run(run(repository, store))


def test_the_room_in_memory_is_kept_to() -> None:
    recent = Recent(room=100)
    for n in range(10):
        recent.put(Stored("Patient", str(n), 1, 0, b"x" * 30))
    kept = [n for n in range(10) if recent.get("Patient", str(n))]
    assert kept == [7, 8, 9]
    recent.drop([("Patient", "8")])
    recent.put(Stored("Patient", "10", 1, 0, b"x" * 30))
    assert recent.get("Patient", "7")


def test_a_database_has_one_server(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(InUse, match="another server"), opened(tmp_path):
        raise AssertionError("two servers on one database")
    with opened(tmp_path):
        pass


WRITES = """
import asyncio, sys
from pathlib import Path
from tests.fhir_server.serving import opened, patient

async def one(repository, n):
    while True:
        stored = await repository.create("Patient", patient(active=True))
        sys.stdout.write(stored.id + "\\n")
        sys.stdout.flush()

async def main(repository):
    await asyncio.gather(*(one(repository, n) for n in range(8)))

with opened(Path(sys.argv[1])) as (repository, _):
    asyncio.run(main(repository))
"""


def test_what_was_acknowledged_outlives_a_kill(tmp_path: Path) -> None:
    whole = killed(WRITES, tmp_path, 1, more=0.3)
    assert len(whole) > 8
    with opened(tmp_path) as (repository, store):
        for resource_id in whole:
            assert asyncio.run(repository.read("Patient", resource_id)).version == 1
        done = asyncio.run(reindex(store, keep=False))
        assert done.resources >= len(whole)
        assert (done.added, done.removed) == (0, 0), "the index is that of the resources"
