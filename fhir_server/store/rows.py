"""Index rows of a resource into their tables and out again; what did not change is left alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlmodel import SQLModel

from fhir_server.store.names import NONE, Numbers
from fhir_server.store.tables import Dat, Qty, Ref, Res, Str, Tok, Uri, insert, remove

if TYPE_CHECKING:
    from fhir_server.search.index import Rows

INDEX: tuple[type[SQLModel], ...] = (Tok, Ref, Str, Dat, Qty, Uri)
INSERT = {model: insert(model, ignore=True) for model in INDEX}
REMOVE = {model: remove(model) for model in INDEX}
KEPT = 1 << 16  # targets
PLACEHOLDER = insert(Res)
FIND = "SELECT rid FROM res WHERE id = ? AND type = ?"

Row = tuple[int | str | float, ...]
Keyed = dict[type[SQLModel], set[Row]]


class Index:
    """Writes index rows on the writing connection."""

    def __init__(self, connection: sqlite3.Connection, numbers: Numbers) -> None:
        self._connection, self._numbers = connection, numbers
        self._targets: dict[tuple[str, str], int] = {}  # rows of resources referred to lately
        self._waiting: dict[type[SQLModel], set[Row]] = {model: set() for model in INDEX}

    def change(self, rid: int, old: Rows | None, new: Rows | None) -> None:
        """Takes the old rows of a resource away and puts the new ones, by their difference.

        Those of a new resource wait for `flush`, which puts the rows of many at once.
        """
        if old is None:
            if new is not None:
                for model, rows in self.keyed(rid, new).items():
                    self._waiting[model] |= rows
            return
        self.flush()
        before = self.keyed(rid, old)
        after = self.keyed(rid, new) if new is not None else {}
        for model in INDEX:
            was, becomes = before.get(model, set()), after.get(model, set())
            if gone := was - becomes:
                self._connection.executemany(REMOVE[model], gone)
            if fresh := becomes - was:
                self._connection.executemany(INSERT[model], sorted(fresh))

    def flush(self) -> None:
        """Puts what waits, in the order of its keys; nothing is found by it before."""
        for model, rows in self._waiting.items():
            if rows:
                self._connection.executemany(INSERT[model], sorted(rows))
                rows.clear()

    def forget(self) -> None:
        """Drops what a rollback has undone."""
        self._targets.clear()
        for rows in self._waiting.values():
            rows.clear()

    def keyed(self, rid: int, rows: Rows) -> Keyed:
        """The rows as their tables hold them; names that are new get their numbers."""
        path, system = self._numbers.paths.give, self._system
        refs, uris = self._references(rid, rows.ref)
        return {
            Tok: {(path(p), code, system(sys), rid) for p, code, sys in rows.tok},
            Ref: refs,
            Str: {(path(p), norm, rid, exact) for p, norm, exact in rows.str},
            Dat: {(path(p), lo, hi, rid) for p, lo, hi in rows.dat},
            Qty: {(path(p), val, code, system(sys), rid) for p, val, sys, code in rows.qty},
            Uri: uris | {(path(p), uri, rid) for p, uri in rows.uri},
        }

    def _references(
        self, rid: int, references: Iterable[tuple[str, str, str, str]]
    ) -> tuple[set[Row], set[Row]]:
        refs: set[Row] = set()
        uris: set[Row] = set()
        for path, kind, id, written in references:
            p = self._numbers.paths.give(path)
            if id:
                refs.add((p, self.target(kind, id), rid))
            else:
                uris.add((p, written, rid))
        return refs, uris

    def target(self, kind: str, id: str) -> int:
        """The row of a resource; a placeholder where nobody has written it yet."""
        if rid := self._targets.get((kind, id)):
            return rid
        if len(self._targets) >= KEPT:
            self._targets.clear()
        rid = self._targets[kind, id] = self._target(kind, id)
        return rid

    def _target(self, kind: str, id: str) -> int:
        number = self._numbers.types.give(kind)
        row = self._connection.execute(FIND, (id, number)).fetchone()
        if row is not None:
            return int(row[0])
        blank = (None, number, id, 0, 0, 1, 0, None)
        return int(self._connection.execute(PLACEHOLDER, blank).lastrowid or 0)

    def _system(self, uri: str) -> int:
        return self._numbers.systems.give(uri) if uri else NONE
