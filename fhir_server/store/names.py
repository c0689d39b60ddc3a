"""Names as small integers: resource types, element paths, code systems. None is given twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping

from sqlmodel import SQLModel

from fhir_server.store.tables import Path, Sys, Type, columns, insert

NONE = 0  # no code system
UNKNOWN = -1  # nothing stored bears that name


class _Given(dict[str, int]):
    """The numbers met so far; what is not there is given one."""

    def __init__(self, give: Callable[[str], int]) -> None:
        super().__init__()
        self._give = give

    def __missing__(self, name: str) -> int:
        return self._give(name)


class Names:
    """One table of names, cached; the connection must be used by one thread at a time.

    `given` is `give` as a mapping, which is quicker for a name that is known. `fixed` are numbers
    that no table holds.
    """

    def __init__(
        self,
        model: type[SQLModel],
        connection: sqlite3.Connection,
        fixed: Mapping[str, int] | None = None,
    ) -> None:
        number, name = columns(model)
        self._connection, self._fixed = connection, dict(fixed or {})
        self.given = self._known = _Given(self.give)
        self._known.update(self._fixed)
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
        self._known.update(self._fixed)


class Numbers:
    """The three tables of names over one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.types = Names(Type, connection)
        self.paths = Names(Path, connection)
        self.systems = Names(Sys, connection, {"": NONE})

    def system(self, uri: str) -> int:
        """The number of a code system to search by; NONE for no system."""
        return self.systems.find(uri)

    def forget(self) -> None:
        for names in (self.types, self.paths, self.systems):
            names.forget()
