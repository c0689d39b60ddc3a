"""Index rows that are put off, so that those of many resources touch each of their pages once.

The table `late` tells from which resource on, so that what a crash or a rollback takes from memory
is made anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from fhir_server.store.names import Numbers
from fhir_server.store.rows import Index, Keyed, Name, Row
from fhir_server.store.tables import Late, insert

if TYPE_CHECKING:
    from fhir_server.search.index import Rows

LEAST, MOST = 250, 50_000  # rows: of a transaction that begins to put off, of all that wait
HEAVY = 64 << 20  # bytes of the resources whose rows wait: a start may have to read them again
LATE = "SELECT rid FROM late"
SINCE = "SELECT rid, body FROM res WHERE rid >= ? AND del = 0"
BEGUN, ENDED = insert(Late), "DELETE FROM late"

Extract = Callable[[dict[str, Any]], "Rows"]


class _Mark:
    """What waited at some time; `bytes` is the size of the resources that it is of."""

    def __init__(self, waiting: Keyed, size: int) -> None:
        self.bytes = size
        self._lengths = {model: len(rows) for model, rows in waiting.items()}
        self._held: Keyed | None = None

    def hold(self, waiting: Keyed) -> None:
        """What waits is about to be put, which may be undone."""
        self._held = self.rows(waiting)

    def rows(self, waiting: Keyed) -> Keyed:
        """What waited then, of what waits now or what was held."""
        return self._held or {model: waiting[model][:n] for model, n in self._lengths.items()}


class LateIndex(Index):
    """An index whose rows may wait for longer than a transaction; `extract` gives a resource's."""

    def __init__(self, connection: sqlite3.Connection, numbers: Numbers, extract: Extract) -> None:
        super().__init__(connection, numbers)
        self._extract = extract
        self._base = 0  # the last row of a resource before this transaction
        self._since = 0  # as it is in `late`; 0 where nothing is put off
        self._sure, self._whole = False, False  # that is known; memory has all that is put off
        self._bytes = 0  # of the resources that came since rows were put
        # At the last commit, and where what may be undone alone began; None where memory had not
        # all that was put off.
        self._durable: _Mark | None = None
        self._begun: _Mark | None = None
        self._look()
        self.late = bool(self._since)  # as is durable, for any thread: searches have to wait

    def begin(self, names: Sequence[Name]) -> None:
        super().begin(names)
        self._look()
        self._base = self.last()
        self._begun = self._mark()

    def add(self, name: Name, version: Row, rows: Rows) -> int:
        body = version[-1]
        self._bytes += len(body) if isinstance(body, bytes) else 0
        return super().add(name, version, rows)

    def flush(self) -> None:
        for mark in (self._durable, self._begun):
            if mark is not None:
                mark.hold(self._waiting)
        self._bytes = 0
        if not self._whole:
            self.put_resources()
            for rid, body in self._connection.execute(SINCE, (self._since,)):
                self.change(rid, None, self._extract(orjson.loads(body)))
            self._whole = True
        super().flush()
        if self._since:
            self._connection.execute(ENDED)
            self._since = 0

    def forget(self) -> None:
        """Drops what a rollback has undone; what waited before goes on waiting."""
        mark = self._begun if self._connection.in_transaction else self._durable
        kept = mark.rows(self._waiting) if mark is not None else {}
        super().forget()
        for model, rows in kept.items():
            self._waiting[model].extend(rows)
        self._bytes = mark.bytes if mark is not None else 0
        self._sure, self._whole = False, mark is not None

    def end(self, *, later: bool) -> None:
        """The transaction ends: puts what waits, or (`later`) puts much off, but not too much."""
        self.drop()
        self._look()
        first = min((rid for rid, _ in self._new), default=self._since)
        count = self.number()
        much = (bool(self._since) or count >= LEAST) and count <= MOST and self._bytes <= HEAVY
        known = first > self._base or first >= self._since > 0  # else `late` would tell of too much
        if not (later and much and known and self._whole):
            self.flush()
        elif not self._since:
            self._connection.execute(BEGUN, (first,))
            self._since = first

    def settle(self) -> None:
        """What the transaction did is durable."""
        self.late = bool(self._since)
        self._durable = self._mark()

    def _mark(self) -> _Mark | None:
        return _Mark(self._waiting, self._bytes) if self._whole else None

    def _look(self) -> None:
        """Finds out what was put off before, and is no longer in memory."""
        if not self._sure:
            row = self._connection.execute(LATE).fetchone()
            self._since = int(row[0]) if row else 0
            self._sure, self._whole = True, self._whole or row is None
