"""medparser db: backups of a store at work, restored whole; a stale index found and made right."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import orjson
import pytest

from fhir_server.cli import main
from fhir_server.repository import Repository
from fhir_server.store.backup import backup, restore
from fhir_server.store.lock import InUse
from fhir_server.store.types import Damaged
from tests.capability.samples import CONDITION, OBSERVATION, PATIENT, changed
from tests.fhir_server.serving import opened

Run = Callable[..., tuple[int, str, str]]
QUERIES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("Patient", (("name", "doe"),)),
    ("Patient", (("identifier", "urn:oid:1.2.3|A-1"),)),
    ("Patient", (("birthdate", "ge1980"), ("_sort", "-birthdate"))),
    ("Condition", (("code", "I10"), ("subject", "Patient/p1"))),
    ("Observation", (("value-quantity", "gt100|http://unitsofmeasure.org|mm[Hg]"),)),
    ("Observation", (("subject:missing", "false"), ("status", "final"))),
    ("Condition", (("subject:Patient.name", "ann"),)),
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("MEDPARSER_DATABASE", f"sqlite:///{tmp_path / 'store.sqlite'}")
    monkeypatch.setenv("MEDPARSER_BASE_URL", "http://test/fhir")
    monkeypatch.setattr("fhir_server.commands.db.out.width", 300, raising=False)

    def call(*arguments: str) -> tuple[int, str, str]:
        status = 0
        try:
            main(("db", *arguments))
        except SystemExit as ended:
            status = int(ended.code or 0)
        said = capsys.readouterr()
        return status, said.out.strip(), said.err.strip()

    return call


async def _fill(repository: Repository) -> None:
    for sample in (PATIENT, CONDITION, OBSERVATION):
        type = str(sample["resourceType"])
        for n in range(1, 4):
            body = changed(sample, "id", f"{sample['id'][0]}{n}")
            await repository.update(type, body["id"], orjson.dumps(body))
    await repository.delete("Patient", "p3")


async def _results(repository: Repository) -> list[list[tuple[str, str]]]:
    pages = [await repository.search(type, query) for type, query in QUERIES]
    return [[(s.type, s.id) for s in page.entries] for page in pages]


def test_the_index_is_made_again_from_the_resources(run: Run, tmp_path: Path) -> None:
    with opened(tmp_path) as (repository, _):
        asyncio.run(_fill(repository))
        before = asyncio.run(_results(repository))
    assert all(before)
    assert run("check")[:2] == (0, "8 resources; index rows: 0 missing, 0 stale")
    with closing(sqlite3.connect(tmp_path / "store.sqlite", isolation_level=None)) as connection:
        for table in ("tok", "ref", "str", "dat", "qty", "uri"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608
        connection.execute("INSERT INTO tok VALUES (1, 'lost', 0, 1)")
    status, said, _ = run("check")
    assert status == 1
    assert said.endswith("1 stale")
    assert run("check")[1] == said, "looking changes nothing"
    status, said, _ = run("check", "--repair")
    assert status == 0
    assert said.endswith("1 taken away")
    assert run("check")[:2] == (0, "8 resources; index rows: 0 missing, 0 stale")
    with opened(tmp_path) as (repository, _):
        assert asyncio.run(_results(repository)) == before


def test_a_backup_is_made_while_a_server_writes_and_restored(run: Run, tmp_path: Path) -> None:
    copy, database = tmp_path / "copy.sqlite", tmp_path / "store.sqlite"
    with opened(tmp_path) as (repository, _):
        asyncio.run(_fill(repository))
        before = asyncio.run(_results(repository))
        status, said, _ = run("backup", str(copy))
        assert (status, said) == (0, f"{copy}: {copy.stat().st_size:,} bytes")
        asyncio.run(repository.delete("Patient", "p1"))
        status, _, err = run("restore", str(copy), "--replace")
        assert status == 1
        assert "another server has" in err
    assert copy.stat().st_mode & 0o077 == 0, "a backup holds what the database does"
    status, _, err = run("restore", str(copy))
    assert status == 1
    assert "--replace" in err
    status, said, _ = run("restore", str(copy), "--replace")
    assert (status, said.endswith(f"the one before is {database}.old")) == (0, True)
    assert run("check")[0] == 0
    with opened(tmp_path) as (repository, _):
        assert asyncio.run(_results(repository)) == before
    assert sorted(p.name for p in tmp_path.iterdir() if ".part" in p.name) == []


def test_what_is_no_backup_is_left_alone(run: Run, tmp_path: Path) -> None:
    with opened(tmp_path) as (repository, _):
        asyncio.run(_fill(repository))
    database, copy = tmp_path / "store.sqlite", tmp_path / "copy.sqlite"
    words, other = tmp_path / "words", tmp_path / "other.sqlite"
    words.write_text("no database " * 1000)
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE a (b)")
        connection.commit()
    backup(database, copy)
    whole = bytearray(copy.read_bytes())
    whole[8192:20480] = b"\xff" * 12288
    (tmp_path / "torn").write_bytes(whole)
    for source in (words, other, tmp_path / "torn"):
        with pytest.raises(Damaged):
            restore(source, database, replace=True)
    with pytest.raises(FileNotFoundError):
        restore(tmp_path / "nowhere", database, replace=True)
    with pytest.raises(FileExistsError):
        backup(database, copy)
    assert run("check")[0] == 0


def test_upgrade_tells_the_revisions(run: Run, tmp_path: Path) -> None:
    status, said, _ = run("upgrade")
    assert status == 0
    assert ": nothing → 0" in said
    first, last = said.rpartition(": ")[2].split(" → ")
    assert first != last
    assert run("upgrade")[1].endswith(f"{last} → {last}")
    with opened(tmp_path), pytest.raises(InUse):
        restore(tmp_path / "store.sqlite", tmp_path / "store.sqlite", replace=True)


def test_damage_is_told(run: Run, tmp_path: Path) -> None:
    with opened(tmp_path) as (repository, _):
        asyncio.run(_fill(repository))
    with closing(sqlite3.connect(tmp_path / "store.sqlite", isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_schema SET rootpage = 2 WHERE name = 'res_ts'")
    status, said, _ = run("check", "--repair")
    assert status == 1
    assert said.startswith("damaged: ")


@pytest.mark.parametrize("kind", ["words", "cut"])
def test_a_file_that_is_no_database_is_told_in_one_line(
    run: Run, tmp_path: Path, kind: str
) -> None:
    database = tmp_path / "store.sqlite"
    with opened(tmp_path) as (repository, _):
        asyncio.run(_fill(repository))
    whole = database.read_bytes()
    database.write_bytes(b"no database " * 1000 if kind == "words" else whole[: len(whole) // 3])
    with pytest.raises(Damaged, match="can't be used"), opened(tmp_path):
        pass
    with pytest.raises(Damaged), opened(tmp_path):
        pytest.fail("the lock was not given back, or the file was taken")
    status, _, err = run("upgrade")
    assert status == 1
    assert "can't be used" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("command", ["check", "upgrade", "backup"])
def test_what_is_around_a_file_is_no_damage(run: Run, tmp_path: Path, command: str) -> None:
    with opened(tmp_path) as (repository, _):
        asyncio.run(_fill(repository))
    (tmp_path / "store.sqlite-wal").mkdir()
    status, said, err = run(command, *([str(tmp_path / "copy")] if command == "backup" else []))
    assert (status, said) == (1, "")
    assert "unable to open database file" in err
    assert "restore a backup" not in err


def test_what_is_kept_is_for_its_owner_alone(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    folder_of = f"sqlite:///{folder / 'store.sqlite'}"
    with contextlib.suppress(SystemExit):
        main(("db", "upgrade", "--database", folder_of))
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "store.sqlite").stat().st_mode & 0o077 == 0
    database = tmp_path / "store.sqlite"
    with opened(tmp_path) as (repository, _):
        asyncio.run(_fill(repository))
    database.chmod(0o644)  # as an earlier release left it
    with opened(tmp_path) as (repository, _):
        asyncio.run(repository.delete("Patient", "p1"))
        for each in tmp_path.glob("store.sqlite*"):
            assert each.stat().st_mode & 0o077 == 0, each.name
    backup(database, tmp_path / "copy")
    database.chmod(0o644)
    restore(tmp_path / "copy", database, replace=True)
    for each in tmp_path.glob("store.sqlite*"):
        assert each.stat().st_mode & 0o077 == 0, each.name
