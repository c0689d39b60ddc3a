"""Names as small integers: resource types, element paths, code systems. None is given twice."""

from __future__ import annotations

import sqlite3

from sqlmodel import SQLModel

from fhir_server.store.tables import Path, Sys, Type, columns, insert

NONE = 0  # no code system
UNKNOWN = -1  # nothing stored bears that name


class Names:
    """One table of names, cached; the connection must be used by one thread at a time."""

    def __init__(self, model: type[SQLModel], connection: sqlite3.Connection) -> None:
        number, name = columns(model)
        self._connection = connection
        self._known: dict[str, int] = {}
        self._find = f'SELECT "{number}" FROM {model.__tablename__!s} WHERE "{name}" = ?'  # noqa: S608
        self._last = f'SELECT coalesce(max("{number}"), 0) FROM {model.__tablename__!s}'  # noqa: S608
        self._insert = insert(model)

    def find(self, name: str) -> int:
        """The number of a name, UNKNOWN where it was never stored."""
        number = self._known.get(name)
        if number is None:
            row = self._connection.execute(self._find, (name,)).fetchone()
            if row is None:
                return UNKNOWN
            number = self._known[name] = int(row[0])
        return number

    def give(self, name: str) -> int:
        """The number of a name, a new one where it has none; only on the writing connection."""
        known = self._known.get(name)
        if known is not None:
            return known
        number = self.find(name)
        if number == UNKNOWN:
            number = int(self._connection.execute(self._last).fetchone()[0]) + 1
            self._connection.execute(self._insert, (number, name))
            self._known[name] = number
        return number

    def forget(self) -> None:
        """Drops the cache: after a rollback it may hold numbers that were never stored."""
        self._known.clear()


class Numbers:
    """The three tables of names over one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.types = Names(Type, connection)
        self.paths = Names(Path, connection)
        self.systems = Names(Sys, connection)

    def system(self, uri: str) -> int:
        """The number of a code system to search by; NONE for no system."""
        return self.systems.find(uri) if uri else NONE

    def forget(self) -> None:
        for names in (self.types, self.paths, self.systems):
            names.forget()
