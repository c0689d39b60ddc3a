"""Index rows of a resource into their tables and out again; what did not change is left alone.

Rows of what is new wait for the end of the transaction, those of all its jobs are put at once. Much
may be put off for longer: rows of many resources touch each page of the index once. `late` tells of
it, so that what a crash or a rollback takes from memory is made anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import orjson
from sqlmodel import SQLModel

from fhir_server.store.names import Numbers
from fhir_server.store.tables import Dat, Late, Qty, Ref, Res, Str, Tok, Uri, insert, remove

if TYPE_CHECKING:
    from fhir_server.search.index import Rows

INDEX: tuple[type[SQLModel], ...] = (Tok, Ref, Str, Dat, Qty, Uri)
WIDE = 32  # rows of a statement that puts many
INSERT = {
    model: (insert(model, ignore=True), insert(model, ignore=True, rows=WIDE)) for model in INDEX
}
REMOVE = {model: remove(model) for model in INDEX}
KEPT = 1 << 16  # targets
PLACEHOLDER = insert(Res)
LAST = "SELECT max(rid) FROM res"
LEAST, MOST = 1_000, 50_000  # rows: of a job from which on they are put off, of all that wait
LATE = "SELECT rid FROM late"
SINCE = "SELECT rid, body FROM res WHERE rid >= ? AND del = 0"
BEGUN, ENDED = insert(Late), "DELETE FROM late"
FIND = "SELECT rid FROM res WHERE id = ? AND type = ?"

Row = tuple[int | str | float | bytes, ...]
Keyed = dict[type[SQLModel], list[Row]]
Extract = Callable[[dict[str, Any]], "Rows"]


def put_rows(connection: sqlite3.Connection, insert: tuple[str, str], rows: Sequence[Row]) -> None:
    """Puts rows by the INSERT of one row and that of many, which spares most of the calls."""
    one, many = insert
    if whole := len(rows) - len(rows) % WIDE:
        values = [chain.from_iterable(rows)] * (WIDE * len(rows[0]))
        connection.executemany(many, zip(*values, strict=False))
    if whole < len(rows):
        connection.executemany(one, rows[whole:])


class Index:
    """Writes index rows on the writing connection. `extract` gives those of a resource."""

    def __init__(
        self, connection: sqlite3.Connection, numbers: Numbers, extract: Extract | None = None
    ) -> None:
        self._connection, self._numbers, self._extract = connection, numbers, extract
        self._targets: dict[tuple[str, str], int] = {}  # rows of resources referred to lately
        self._new: list[tuple[int, Rows]] = []  # what this job has written
        self._waiting: Keyed = {model: [] for model in INDEX}
        self._coming: dict[tuple[str, str], int] = {}  # rows of what this job is about to write
        self._last = 0  # row that a resource was given; 0 where the table must be asked
        self._base = -1  # the last row before this job; -1 where it has not been asked
        self._first, self._old = 0, False  # row of the first resource that waits; one was there
        self._kept = [0] * len(INDEX)  # how many rows wait of jobs that have ended
        self._since = 0  # as it is in `late`; 0 where nothing is put off
        self._sure, self._whole = False, True  # that is known; memory has all that is put off
        self.late = (
            False  # as is durable, for any thread: searches have to wait for what is put off
        )

    def begin(self) -> None:
        """A job begins: another may have given rows since, and the one before may have failed."""
        self._last, self._base = 0, -1
        self._coming.clear()
        self._new.clear()
        for rows, kept in zip(self._waiting.values(), self._kept, strict=True):
            del rows[kept:]
        if not self._sure:
            row = self._connection.execute(LATE).fetchone()
            self._since = int(row[0]) if row else 0
            self._sure, self._whole = True, row is None

    def row(self) -> int:
        """The row of a resource that is new."""
        if not self._last:
            self._base = self._last = int(self._connection.execute(LAST).fetchone()[0] or 0)
        self._last += 1
        return self._last

    def change(self, rid: int, old: Rows | None, new: Rows | None) -> None:
        """Takes the old rows of a resource away and puts the new ones, by their difference.

        Those of a new resource wait for `flush`, which puts the rows of many at once.
        """
        if old is None:
            if new is not None:
                self._first = min(self._first or rid, rid)
                if not (rid > self._base >= 0 or rid >= self._since > 0):
                    self._old = True  # `late` would tell of all that came after it
                self._new.append((rid, new))
            return
        self.flush()
        before = self.keyed(rid, old)
        after = self.keyed(rid, new) if new is not None else {}
        for model in INDEX:
            was, becomes = set(before.get(model, ())), set(after.get(model, ()))
            if gone := was - becomes:
                self._connection.executemany(REMOVE[model], gone)
            if fresh := becomes - was:
                put_rows(self._connection, INSERT[model], sorted(fresh))

    def flush(self) -> None:
        """Puts what waits, in the order of its keys; nothing is found by it before."""
        if not self._whole and self._extract is not None:
            for rid, body in self._connection.execute(SINCE, (self._since,)).fetchall():
                self._new.append((rid, self._extract(orjson.loads(body))))
            self._whole = True
        self._take()
        for model, rows in self._waiting.items():
            rows.sort()
            put_rows(self._connection, INSERT[model], rows)
            rows.clear()
        if self._since:
            self._connection.execute(ENDED)
            self._since = 0
        self._first, self._old, self._kept = 0, False, [0] * len(INDEX)

    def keep(self) -> None:
        """A job ends well: what waits of it goes on waiting."""
        self._take()
        self._kept = [len(rows) for rows in self._waiting.values()]

    def end(self, *, later: bool) -> None:
        """The transaction ends: puts what waits, or (`later`) puts much off, but not too much."""
        self.begin()
        count = sum(self._kept)
        much = (bool(self._since) or count >= LEAST) and count <= MOST
        if self._old or not (later and much and self._whole):
            self.flush()
        elif not self._since:
            self._connection.execute(BEGUN, (self._first,))
            self._since = self._first

    def settle(self) -> None:
        """What the jobs did is durable."""
        self.late = bool(self._since)

    def forget(self) -> None:
        """Drops what a rollback has undone."""
        self._sure, self._first, self._old = False, 0, False
        self._targets.clear()
        for rows in self._waiting.values():
            rows.clear()
        self._kept = [0] * len(INDEX)

    def keyed(self, rid: int, rows: Rows) -> Keyed:
        """The rows as their tables hold them; names that are new get their numbers."""
        found: Keyed = {model: [] for model in INDEX}
        self._key([(rid, rows)], found)
        return found

    def _take(self) -> None:
        self._key(self._new, self._waiting)
        self._new.clear()

    def _key(self, given: Sequence[tuple[int, Rows]], into: Keyed) -> None:
        path, system = self._numbers.paths.given, self._numbers.systems.given
        known, coming, target = self._targets.get, self._coming.get, self.target
        into[Tok] += [(path[p], c, system[s], rid) for rid, rows in given for p, c, s in rows.tok]
        into[Ref] += [
            (path[p], coming(key := (kind, id)) or known(key) or target(kind, id), rid)
            for rid, rows in given
            for p, kind, id in rows.ref
        ]
        into[Str] += [(path[p], n, rid, exact) for rid, rows in given for p, n, exact in rows.str]
        into[Dat] += [(path[p], lo, hi, rid) for rid, rows in given for p, lo, hi in rows.dat]
        into[Qty] += [
            (path[p], val, c, system[s], rid) for rid, rows in given for p, val, s, c in rows.qty
        ]
        into[Uri] += [(path[p], uri, rid) for rid, rows in given for p, uri in rows.uri]

    def expect(self, names: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
        """The rows that new resources of this job will have: references to them find those."""
        first = self.row()
        self._last += len(names) - 1
        given = dict(zip(names, range(first, self._last + 1), strict=True))
        self._coming.update(given)
        return given

    def target(self, kind: str, id: str) -> int:
        """The row of a resource that is stored; a placeholder where nobody has written it yet."""
        if len(self._targets) >= KEPT:
            self._targets.clear()
        number = self._numbers.types.give(kind)
        row = self._connection.execute(FIND, (id, number)).fetchone()
        rid = self._targets[kind, id] = int(row[0]) if row is not None else self.row()
        if row is None:
            self._connection.execute(PLACEHOLDER, (rid, number, id, 0, 0, 1, 0, None))
        return rid
