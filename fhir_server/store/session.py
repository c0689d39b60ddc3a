"""What jobs may do on the writing connection: one transaction's writes, and reads of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import orjson
from sqlmodel import SQLModel

from fhir_server.errors import Conflict, NotFound, PreconditionFailed
from fhir_server.store.names import Numbers
from fhir_server.store.rows import Index, Name, Row
from fhir_server.store.tables import Hist, insert
from fhir_server.store.types import ANY, METHODS, OPS, Absent, Drop, Put, Stored, Write

if TYPE_CHECKING:
    from fhir_server.search.index import Rows

T = TypeVar("T")

CURRENT = "SELECT rid, vid, ts, del, op, body FROM res WHERE id = ? AND type = ?"
REPLACE = "UPDATE res SET vid = ?, ts = ?, del = ?, op = ?, body = ? WHERE rid = ?"
NEIGHBOURS = """SELECT t.name, r.id FROM {} JOIN res r ON r.rid = {} JOIN type t ON t.k = r.type
    WHERE {}"""
MISSING = NEIGHBOURS.format("ref", "ref.tgt_rid", "ref.rid = ? AND r.del = 1")
REFERRING = NEIGHBOURS.format(
    *("path p CROSS JOIN ref", "ref.rid"),
    "ref.p = p.p AND ref.tgt_rid = ? AND ref.rid <> ref.tgt_rid AND t.name <> 'Bundle'",
)
REMEMBER = insert(Hist)


class _Row(NamedTuple):
    rid: int
    vid: int
    ts: int
    deleted: int
    op: int
    body: bytes | None


class Session:
    """The transaction under way on the writer's thread, its jobs one after the other.

    `extract` gives index rows, `now` is when the transaction began, in milliseconds.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        numbers: Numbers,
        index: Index,
        extract: Callable[[dict[str, Any]], Rows],
    ) -> None:
        self._connection, self.numbers, self.now = connection, numbers, 0
        self._index, self._extract = index, extract
        self._rows: list[tuple[int, Stored]] = []  # that the job has written

    def run(self, job: Callable[[Session], T]) -> T:
        """Does a job, whose new resources and index rows wait for the end of the transaction;
        nothing of one that fails does."""
        self._index.drop()
        try:
            result = job(self)
        finally:
            self._rows.clear()
        self._index.keep()
        return result

    def moved(self, mark: int) -> bool:
        """Whether anything was written since `Store.mark` gave that mark."""
        self._index.put_resources()
        return self._connection.total_changes != mark

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection, to search what was written so far too."""
        self.flush()
        return self._connection

    def indexed(self, rid: int, rows: Rows) -> None:
        """Takes rows of a resource; `flush` puts those that are missing."""
        self._index.change(rid, None, rows)

    def keyed(self, rid: int, rows: Rows) -> dict[type[SQLModel], set[Row]]:
        """The index rows of a resource as their tables hold them."""
        return self._index.keyed(rid, rows)

    def flush(self) -> None:
        """Puts the new resources and the index rows that wait."""
        self._index.flush()

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """What is written within is undone at the end of it."""
        self.flush()
        written = len(self._rows)
        with self._index.undone():
            self._connection.execute("SAVEPOINT rehearsal")
            try:
                yield
            finally:
                if self._connection.in_transaction:  # SQLite ends it itself where the disk is full
                    self._connection.execute("ROLLBACK TO rehearsal")
                    self._connection.execute("RELEASE rehearsal")
                del self._rows[written:]
                self.numbers.forget()

    def write(self, write: Write) -> Stored:
        """Does one write; raises Conflict and its kin, by which all of the job is undone."""
        return self._put(write) if isinstance(write, Put) else self._drop(write)

    def current(self, type: str, id: str) -> Stored:
        """The current version, a deletion too, as this transaction sees it; raises NotFound."""
        row = self._current(type, id)
        if row is None or not row.vid:
            raise NotFound(f"no {type} has the id {id!r}")
        deleted = row.body is None
        return Stored(type, id, row.vid, row.ts, row.body or b"", deleted, METHODS[row.op])

    def holds(self, type: str, id: str) -> bool:
        """Whether the resource is stored, or was and is deleted."""
        row = self._current(type, id)
        return row is not None and row.vid > 0

    def check_integrity(self, elsewhere: Container[Name] = ()) -> None:
        """Raises Conflict where what was written refers to nothing, or leaves others that do; and
        Absent for what may be `elsewhere`."""
        self.flush()
        for rid, stored in self._rows:
            if stored.type == "Bundle":
                continue  # the references of what is inside a document lead to what is inside too
            name = f"{stored.type}/{stored.id}"
            query = REFERRING if stored.deleted else MISSING
            found = self._connection.execute(query, (rid,))
            if (row := next((row for row in found if row not in elsewhere), None)) is None:
                continue
            other = "/".join(row)
            if stored.deleted:
                raise Conflict(f"{other} refers to {name}: change or delete that first", name)
            text = f"{name} refers to {other}, which is not here: store that first"
            raise Absent(text, name, row)

    def _put(self, put: Put) -> Stored:
        name = put.type, put.id
        absent = name in self._index.absent
        row = None if absent else self._current(*name)
        if put.if_match is not None or put.if_none_match:
            _check(put, row)
        if row is None:
            self._index.absent.discard(name)
            return self._begin(name, put)
        if put.fresh and row.vid:
            raise Conflict(f"{put.type}/{put.id} exists already")
        if row.body and put.template.fill(row.vid, row.ts) == row.body:
            return Stored(put.type, put.id, row.vid, row.ts, row.body, method=METHODS[row.op])
        old = self._extract(orjson.loads(row.body)) if row.body else None
        vid, ts = row.vid + 1, max(self.now, row.ts)
        body = put.template.fill(vid, ts)
        self._replace(row, put, vid, ts, body)
        self._index.change(row.rid, old, put.rows)
        born = not row.body
        return self._done(row.rid, Stored(put.type, put.id, vid, ts, body, False, put.method, born))

    def _begin(self, name: Name, put: Put) -> Stored:
        """The first version of a resource."""
        type, id, method, now = put.type, put.id, put.method, self.now
        body = put.template.fill(1, now)
        version = self.numbers.types.given[type], id, 1, now, 0, OPS[method], body
        rid = self._index.add(name, version, put.rows)
        return self._done(rid, Stored(type, id, 1, now, body, False, method, True))

    def _drop(self, drop: Drop) -> Stored:
        row = self._current(drop.type, drop.id)
        _check(drop, row)
        if row is None or not row.vid:
            return Stored(drop.type, drop.id, 0, self.now, b"", True, "DELETE")
        if not row.body:
            return Stored(drop.type, drop.id, row.vid, row.ts, b"", True, "DELETE")
        vid, ts = row.vid + 1, max(self.now, row.ts)
        self._replace(row, drop, vid, ts, None)
        self._index.change(row.rid, self._extract(orjson.loads(row.body)), None)
        return self._done(row.rid, Stored(drop.type, drop.id, vid, ts, b"", True, "DELETE"))

    def _replace(self, row: _Row, write: Write, vid: int, ts: int, body: bytes | None) -> None:
        op = OPS[write.method] if isinstance(write, Put) else OPS["DELETE"]
        if row.vid:
            number = self.numbers.types.find(write.type)
            remembered = (row.rid, row.vid, row.ts, row.op, row.body, number)
            self._connection.execute(REMEMBER, remembered)
        self._connection.execute(REPLACE, (vid, ts, int(body is None), op, body, row.rid))

    def _current(self, type: str, id: str) -> _Row | None:
        if self._index.waits((type, id)):
            self._index.put_resources()
        number = self.numbers.types.find(type)
        row = self._connection.execute(CURRENT, (id, number)).fetchone()
        return None if row is None else _Row(*row)

    def _done(self, rid: int, stored: Stored) -> Stored:
        self._rows.append((rid, stored))
        return stored


def _check(write: Write, row: _Row | None) -> None:
    """No lost updates: If-Match must name the current version of a resource that lives."""
    if isinstance(write, Put) and write.if_none_match and row is not None and row.body:
        raise PreconditionFailed(f"If-None-Match: {write.type}/{write.id} exists")
    if write.if_match is None:
        return
    if row is None or not row.vid:
        named = "any version" if write.if_match == ANY else f"version {write.if_match}"
        raise PreconditionFailed(f"If-Match names {named}, there is none")
    if row.deleted:
        text = f"If-Match names a version, {write.type}/{write.id} was deleted"
        raise PreconditionFailed(text)
    if write.if_match not in (ANY, row.vid):
        text = f"If-Match names version {write.if_match}, the current one is {row.vid}"
        raise PreconditionFailed(text)
