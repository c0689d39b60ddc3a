"""The database's files, for their owner alone: what they hold is nobody else's to read."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

TAILS = ("", "-wal", "-shm", "-journal", ".old")  # of the files that hold resources
OTHERS = 0o077


def own_file(database: Path) -> None:
    """Makes the file, and its folder, where there is none: SQLite gives those beside its mode."""
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(database, os.O_RDWR | os.O_CREAT, 0o600))


def close_all(database: Path) -> None:
    """Closes to others what an earlier release left open: the database and what lies beside it."""
    for tail in TAILS:
        close_to_others(database.with_name(database.name + tail))


def close_to_others(path: Path) -> None:
    """Takes a path's rights from all but its owner, where it is ours to change and there."""
    with suppress(FileNotFoundError, PermissionError):
        mode = path.stat().st_mode & 0o7777
        if mode & OTHERS:
            path.chmod(mode & ~OTHERS)
