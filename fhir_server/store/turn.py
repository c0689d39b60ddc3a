"""A reading job's turn on a connection, which who asked for it may end from another thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class Turn:
    """One job's, from before it begins; what is ended early never does."""

    __slots__ = ("_connection", "_lock", "_over")

    def __init__(self) -> None:
        self._lock, self._over = Lock(), False
        self._connection: sqlite3.Connection | None = None

    @contextmanager
    def on(self, connection: sqlite3.Connection) -> Iterator[None]:
        """The time within which `end` interrupts what the connection is at, by an error of it."""
        with self._lock:
            if self._over:
                raise sqlite3.OperationalError("the turn is over")
            self._connection = connection
        try:
            yield
        finally:
            with self._lock:
                self._connection = None

    def end(self) -> None:
        """Interrupts the job, if it is under way; for any thread."""
        with self._lock:
            self._over = True
            if self._connection:
                self._connection.interrupt()
