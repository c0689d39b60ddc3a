"""Connections to the database: how each is set up, brought to the newest revision, and closed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from fhir_server.store.migrations import upgrade
from fhir_server.store.private import close_all
from fhir_server.store.types import Damaged, Unusable, is_damage

PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "cache_size = -65536",
    "mmap_size = 1073741824",
    "temp_store = MEMORY",
    "wal_autocheckpoint = 16000",
)


def connect(
    path: Path,
    kind: type[sqlite3.Connection] = sqlite3.Connection,
    *,
    read_only: bool = False,
) -> sqlite3.Connection:
    """A connection with the store's pragmas; transactions are begun by hand."""
    connection = sqlite3.connect(
        path,
        factory=kind,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=512,
        timeout=30,
    )
    with _closed_on_failure(connection):
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        if read_only:
            connection.execute("PRAGMA query_only = ON")
    return connection


def sound(path: Path) -> sqlite3.Connection:
    """A connection to the database of the newest revision; raises Unusable."""
    with told(path):
        connection = connect(path)
        with _closed_on_failure(connection):
            upgrade(connection)
            close_all(path)
    return connection


def in_memory() -> sqlite3.Connection:
    """A database of the newest revision that nothing outlives."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    upgrade(connection)
    return connection


@contextmanager
def told(path: Path) -> Iterator[None]:
    """What SQLite says becomes one line: Damaged of a file that is no sound database."""
    try:
        yield
    except (sqlite3.DatabaseError, DatabaseError) as error:
        cause = error.orig if isinstance(error, DatabaseError) and error.orig else error
        text = f"{path} can't be used: {cause}"
        if not is_damage(cause):
            raise Unusable(text) from None
        raise Damaged(f"{text}; restore a backup, or name another") from None


@contextmanager
def _closed_on_failure(connection: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise
