"""A reading job's turn on a connection, which who asked for it may end from another thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any


class Reader(sqlite3.Connection):
    """A connection that does nothing more in a turn that is over."""

    over = False

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        if self.over:
            raise sqlite3.OperationalError("the turn is over")
        return super().execute(sql, parameters)


class Turn:
    """One job's, from before it begins; what is ended early never does."""

    __slots__ = ("_connection", "_lock", "_over")

    def __init__(self) -> None:
        self._lock, self._over = Lock(), False
        self._connection: Reader | None = None

    @contextmanager
    def on(self, connection: Reader) -> Iterator[None]:
        """The time within which `end` interrupts what the connection is at, by an error of it."""
        with self._lock:
            if self._over:
                raise sqlite3.OperationalError("the turn is over")
            self._connection = connection
        try:
            yield
        finally:
            with self._lock:
                self._connection, connection.over = None, False

    def end(self) -> bool:
        """Interrupts the job's statement, and lets it begin no other one; whether it is under way
        still, so that one that was just beginning is interrupted by the next call. For any thread.
        """
        with self._lock:
            self._over = True
            if self._connection is None:
                return False
            self._connection.over = True
            self._connection.interrupt()
            return True
