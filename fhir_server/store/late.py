"""Index rows that are put off, so that those of many resources touch each of their pages once.

The table `late` tells from which resource on, so that what a crash or a rollback takes from memory
is made anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from fhir_server.store.names import Numbers
from fhir_server.store.rows import Index, Indexed, Name, Shared, shared
from fhir_server.store.tables import Late, insert

if TYPE_CHECKING:
    from fhir_server.search.index import Rows

LEAST, MOST = 30, 4_000  # resources: of a transaction that begins to put off, of all that wait
HEAVY = 64 << 20  # bytes of all that wait: a start may have to read them again
UNSURE = -1  # since when, after a rollback
LATE = "SELECT rid FROM late"
SINCE = "SELECT rid, body FROM res WHERE rid >= ? AND del = 0"
BEGUN, ENDED = insert(Late), "DELETE FROM late"

Extract = Callable[[dict[str, Any]], "Rows"]


class _Waiting(NamedTuple):
    """What waits: the rows of what is durable, how many resources that is, the bytes of all."""

    rows: Shared
    resources: int
    bytes: int


class _Mark(NamedTuple):
    """What waited at some time: the durable, and resources since."""

    durable: _Waiting
    new: Indexed
    length: int  # of `new`: more may follow


class LateIndex(Index):
    """An index whose rows may wait for longer than a transaction; `extract` gives a resource's."""

    def __init__(self, connection: sqlite3.Connection, numbers: Numbers, extract: Extract) -> None:
        super().__init__(connection, numbers)
        self._extract = extract
        self._base = 0  # the last row of a resource before this transaction
        self._since = UNSURE  # as it is in `late`; 0 where nothing is put off
        self._whole = False  # whether memory has all that is put off
        self._waiting = _Waiting(shared([]), 0, 0)
        self._before = 0  # new resources of transactions before
        # At the last commit, and where what may be undone alone began; None where memory had not
        # all that was put off.
        self._durable: _Mark | None = None
        self._begun: _Mark | None = None
        self._look()
        self.late = bool(self._since)  # as is durable, for any thread: searches have to wait

    def begin(self, names: Sequence[Name]) -> None:
        super().begin(names)
        self._look()
        self._base, self._before = self.last(), len(self._new)
        self._begun = self._mark()

    def put_resources(self) -> None:
        rows, resources, size = self._waiting
        bodies = [version[-1] for version in self._fresh.values()]
        size += sum(len(body) for body in bodies if isinstance(body, bytes))
        self._waiting = _Waiting(rows, resources, size)
        super().put_resources()

    def flush(self) -> None:
        self._look()
        self.put_resources()
        if not self._whole:
            for rid, body in self._connection.execute(SINCE, (self._since,)):
                self.change(rid, None, self._extract(orjson.loads(body)))
            self._whole = True
        self.put(self._waiting.rows)
        self._waiting = _Waiting(shared([]), 0, 0)  # other rows: marks have the old ones
        super().flush()
        self._before = 0
        if self._since:
            self._connection.execute(ENDED)
            self._since = 0

    def forget(self) -> None:
        """Drops what a rollback has undone; what waited before goes on waiting."""
        mark = self._begun if self._connection.in_transaction else self._durable
        super().forget()
        self._waiting = mark.durable if mark else _Waiting(shared([]), 0, 0)
        self._new += mark.new[: mark.length] if mark else []
        self._before = len(self._new)
        self._kept = 0, self._before
        self._since, self._whole = UNSURE, mark is not None

    @contextmanager
    def undone(self) -> Iterator[None]:
        begun, self._begun = self._begun, self._mark()  # what waited at the former is put by now
        try:
            with super().undone():
                yield
        finally:
            self._begun = begun

    def end(self, *, later: bool) -> None:
        """The transaction ends: puts what waits, or (`later`) puts much off, but not too much."""
        self.drop()
        self._look()
        self.put_resources()
        new = self._new[self._before :]
        first = min((rid for rid, _ in new), default=self._since)
        self._before += len(new)
        count = self._waiting.resources + len(self._new)
        much = (bool(self._since) or count >= LEAST) and count <= MOST
        known = first > self._base or first >= self._since > 0  # else `late` would tell of too much
        if not (later and much and self._waiting.bytes <= HEAVY and known and self._whole):
            self.flush()
        elif not self._since:
            self._connection.execute(BEGUN, (first,))
            self._since = first

    def settle(self) -> None:
        """What the transaction did is durable."""
        self.late = bool(self._since)
        rows, resources, size = self._waiting
        self._waiting = _Waiting(shared(self._new, rows), resources + len(self._new), size)
        self._new, self._kept, self._before = [], (0, 0), 0
        self._durable = self._mark()

    def _mark(self) -> _Mark | None:
        return _Mark(self._waiting, self._new, len(self._new)) if self._whole else None

    def _look(self) -> None:
        """Finds out what was put off before, and is no longer in memory."""
        if self._since == UNSURE:
            row = self._connection.execute(LATE).fetchone()
            self._since = int(row[0]) if row else 0
            self._whole = self._whole or row is None
