"""Resources and their index rows into their tables; of what changed only the difference.

What is new waits for the end of the transaction: that of all its jobs is put at once, index rows in
the order of their keys, each key once for all resources that have it.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import orjson
from sqlmodel import SQLModel

from fhir_server.store.names import Numbers
from fhir_server.store.tables import Dat, Qty, Ref, Res, Str, Tok, Uri, insert, remove, spread

if TYPE_CHECKING:
    from fhir_server.search.index import Rows

INDEX: tuple[type[SQLModel], ...] = (Tok, Ref, Str, Dat, Qty, Uri)
TABLES = "tok", "ref", "str", "dat", "qty", "uri"  # of Rows, in the order of INDEX
OF_ROWS = attrgetter(*TABLES)
WIDE = 32  # rows of a statement that puts many
INSERT = {
    model: [insert(model, ignore=True, rows=n) for n in range(1, WIDE + 1)] for model in INDEX
}
SPREAD = {model: spread(model) for model in INDEX}
REMOVE = {model: remove(model) for model in INDEX}
KEPT = 1 << 16  # targets
NEW = [insert(Res, rows=n) for n in range(1, WIDE + 1)]
PLACEHOLDER = insert(Res)
LAST = "SELECT max(rid) FROM res"
FIND = "SELECT rid FROM res WHERE id = ? AND type = ?"
AMONG = """SELECT t.name, r.id FROM json_each(?) j CROSS JOIN res r ON r.id = j.value
    JOIN type t ON t.k = r.type"""

Row = tuple[int | str | float | bytes | None, ...]
Name = tuple[str, str]  # type and id
Indexed = list[tuple[int, "Rows"]]  # resources, with what they are indexed by
Shared = dict[str, defaultdict[Any, list[int]]]  # by table: rows, and the resources that have each


def put_rows(connection: sqlite3.Connection, inserts: Sequence[str], rows: Sequence[Row]) -> None:
    """Puts rows by the INSERTs of one row, of two and so on: each call lets other threads go on,
    and has to wait for them."""
    rest = len(rows) % WIDE
    if whole := len(rows) - rest:
        values = [chain.from_iterable(rows)] * (WIDE * len(rows[0]))
        connection.executemany(inserts[-1], zip(*values, strict=False))
    if rest:
        connection.execute(inserts[rest - 1], [*chain.from_iterable(rows[whole:])])


class Index:
    """Writes resources and index rows on the writing connection."""

    def __init__(self, connection: sqlite3.Connection, numbers: Numbers) -> None:
        self._connection, self._numbers = connection, numbers
        self._targets: dict[Name, int] = {}  # rows of resources referred to lately
        self.absent: set[Name] = set()  # of what the transaction may write: what has no row
        self._fresh: dict[Name, Row] = {}  # resources that wait
        self._new: Indexed = []
        self._kept = 0, 0  # how many of both are of jobs that have ended well
        self._last = 0  # row that a resource was given; 0 where the table must be asked

    def begin(self, names: Sequence[Name]) -> None:
        """A transaction begins, which may write these."""
        self._last = 0
        if len(self._targets) >= KEPT:
            self._targets.clear()
        self.absent = self._without(names) if len(names) > 1 else set()

    def last(self) -> int:
        """The last row that a resource has."""
        if not self._last:
            self._last = int(self._connection.execute(LAST).fetchone()[0] or 0)
        return self._last

    def row(self) -> int:
        """The row of a resource that is new."""
        self._last = (self._last or self.last()) + 1
        return self._last

    def add(self, name: Name, version: Row, rows: Rows) -> int:
        """Takes the first version of a resource, without its row, which it gives."""
        rid = self._targets[name] = self.row()
        self._fresh[name] = rid, *version
        self._new.append((rid, rows))
        return rid

    def change(self, rid: int, old: Rows | None, new: Rows | None) -> None:
        """Takes the old rows of a resource away and puts the new ones, by their difference.

        Where there are no old ones the new ones wait for `flush`.
        """
        if old is None:
            if new is not None:
                self._new.append((rid, new))
            return
        self.flush()
        before = self.keyed(rid, old)
        after = self.keyed(rid, new) if new is not None else {}
        for model in INDEX:
            was, becomes = before[model], after.get(model, set())
            if gone := was - becomes:
                self._connection.executemany(REMOVE[model], gone)
            if fresh := becomes - was:
                put_rows(self._connection, INSERT[model], sorted(fresh))

    def keep(self) -> None:
        """A job has ended well: what waits of it goes on waiting."""
        self._kept = len(self._fresh), len(self._new)

    def drop(self) -> None:
        """Takes back what a job has left that did not end well."""
        resources, indexed = self._kept
        while len(self._fresh) > resources:
            name, _ = self._fresh.popitem()
            del self._targets[name]
        del self._new[indexed:]

    def waits(self, name: Name) -> bool:
        """Whether it is a resource that no statement finds yet."""
        return name in self._fresh

    def put_resources(self) -> None:
        """Puts the resources that wait, without their index rows."""
        if self._fresh:
            put_rows(self._connection, NEW, [*self._fresh.values()])
            self._fresh.clear()
            self._kept = 0, self._kept[1]

    def flush(self) -> None:
        """Puts what waits; no index row is found before."""
        self.put_resources()
        self.put(shared(self._new))
        self._new = []
        self._kept = 0, 0
        self._last = 0  # whoever asked for it may write by other ways

    def put(self, given: Shared) -> None:
        """Puts index rows."""
        for model, rows in self._key(given).items():
            rows.sort()
            one = [(*key, *rids) for key, rids in rows if len(rids) == 1]
            put_rows(self._connection, INSERT[model], one)
            more = ((*key, orjson.dumps(rids).decode()) for key, rids in rows if len(rids) > 1)
            self._connection.executemany(SPREAD[model], more)

    def forget(self) -> None:
        """Drops all that waits, and what a rollback may have undone."""
        self.absent.clear()
        self._targets.clear()
        self._fresh.clear()
        self._new = []
        self._kept, self._last = (0, 0), 0

    @contextmanager
    def undone(self) -> Iterator[None]:
        """The time of what a rollback undoes before the end of it; nothing may wait before."""
        try:
            yield
        finally:
            self.forget()

    def keyed(self, rid: int, rows: Rows) -> dict[type[SQLModel], set[Row]]:
        """The rows as their tables hold them; names that are new get their numbers."""
        found = self._key(shared([(rid, rows)]))
        return {model: {(*key, rid) for key, _ in keys} for model, keys in found.items()}

    def target(self, kind: str, id: str) -> int:
        """The row of a resource that is stored; a placeholder where nobody has written it yet."""
        number = self._numbers.types.give(kind)
        row = self._connection.execute(FIND, (id, number)).fetchone()
        rid = self._targets[kind, id] = int(row[0]) if row is not None else self.row()
        if row is None:
            self._connection.execute(PLACEHOLDER, (rid, number, id, 0, 0, 1, 0, None))
            self.absent.discard((kind, id))
        return rid

    def _without(self, names: Iterable[Name]) -> set[Name]:
        """Those of the names that have no row."""
        ids = orjson.dumps([id for _, id in names]).decode()
        return set(names).difference(self._connection.execute(AMONG, (ids,)))

    def _key(self, given: Shared) -> dict[type[SQLModel], list[tuple[Row, list[int]]]]:
        """Rows as their tables hold them, but for the resources."""
        path, system = self._numbers.paths.given, self._numbers.systems.given
        known, target = self._targets.get, self.target
        tok, ref, text, dat, qty, uri = (given[table].items() for table in TABLES)
        return {
            Tok: [((path[p], c, system[s]), rids) for (p, c, s), rids in tok],
            Ref: [((path[p], known((k, id)) or target(k, id)), rids) for (p, k, id), rids in ref],
            Str: [((path[p], norm, exact), rids) for (p, norm, exact), rids in text],
            Dat: [((path[p], low, high), rids) for (p, low, high), rids in dat],
            Qty: [((path[p], val, c, system[s]), rids) for (p, val, s, c), rids in qty],
            Uri: [((path[p], uri), rids) for (p, uri), rids in uri],
        }


def shared(given: Indexed, into: Shared | None = None) -> Shared:
    """What resources are indexed by, each row once; beside what is there."""
    into = {table: defaultdict(list) for table in TABLES} if into is None else into
    for rid, rows in given:
        for found, listed in zip(into.values(), OF_ROWS(rows), strict=True):
            for row in listed:
                found[row].append(rid)
    return into
