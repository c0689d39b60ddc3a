"""Copies of a database: one made while a server writes to it, and one put in its place."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from fhir_server.store.lock import claim
from fhir_server.store.migrations import revision, upgrade
from fhir_server.store.private import close_to_others
from fhir_server.store.types import Damaged, Unusable, is_damage

FAULTS = 20  # that are told of a damaged file


def backup(database: Path, target: Path) -> int:
    """Copies the database as it is at this moment; gives the bytes of the copy.

    A server may go on reading and writing. The copy is looked through before it gets its name.
    Raises FileNotFoundError, FileExistsError, Damaged.
    """
    if target.exists():
        raise FileExistsError(f"{target} exists: name another file, or remove it")
    part = _copied(database, target)
    part.replace(target)
    _settle(target.parent)
    return target.stat().st_size


def restore(source: Path, database: Path, *, replace: bool = False) -> Path | None:
    """Puts a backup, brought to the newest revision, in the database's place; no server may run.

    Gives where the database that was there went to. Raises FileNotFoundError, FileExistsError
    unless `replace`, InUse, Damaged.
    """
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = claim(database)
    try:
        if database.exists() and not replace:
            raise FileExistsError(f"{database} exists: say --replace, it is kept beside the new")
        part = _copied(source, database)
        with closing(sqlite3.connect(part, isolation_level=None)) as connection:
            upgrade(connection)
        _sync(part)
        old = _aside(database) if database.exists() else None
        part.replace(database)
        _settle(database.parent)
        return old
    finally:
        os.close(held)


def faults(database: Path) -> list[str]:
    """What is wrong with a database's pages and indexes, by SQLite; empty where nothing is.

    Raises FileNotFoundError, and Unusable where it can't be looked through.
    """
    try:
        with closing(_read(database)) as connection:
            found = [str(row[0]) for row in connection.execute(f"PRAGMA integrity_check({FAULTS})")]
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise Unusable(f"{database} can't be looked through: {error}") from None
        return [str(error)]
    return [] if found == ["ok"] else found


def _read(database: Path) -> sqlite3.Connection:
    if not database.is_file():
        raise FileNotFoundError(f"there is no database at {database}")
    uri = f"file:{quote(str(database.absolute()))}?mode=rw"
    connection = sqlite3.connect(uri, uri=True, timeout=30)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _copied(source: Path, target: Path) -> Path:
    """A sound copy of a database under a passing name beside `target`."""
    with closing(_read(source)) as given:
        part = target.with_name(f"{target.name}.part")
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_WRONLY, 0o600))
        try:
            with closing(sqlite3.connect(part)) as made:
                given.backup(made)
                made.execute("PRAGMA journal_mode = DELETE")
                if revision(made) is None:
                    raise Damaged(f"{source} is no database of medparser")
            if found := faults(part):
                raise Damaged(f"{source} is damaged: {found[0]}")
            _sync(part)
        except sqlite3.DatabaseError as error:
            part.unlink(missing_ok=True)
            kind = Damaged if is_damage(error) else Unusable
            raise kind(f"{source} can't be copied: {error}") from None
        except Unusable:
            part.unlink(missing_ok=True)
            raise
    return part


def _aside(database: Path) -> Path:
    """Moves a database away, whole in one file."""
    with closing(sqlite3.connect(database)) as connection, suppress(sqlite3.DatabaseError):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for tail in ("-wal", "-shm"):
        database.with_name(database.name + tail).unlink(missing_ok=True)
    old = database.with_name(f"{database.name}.old")
    close_to_others(database)
    database.replace(old)
    return old


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Makes a folder's names durable."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
