"""The journal of HL7 v2 messages: what came in, byte for byte, durable before anything else."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from fhir_server.store.names import Numbers
from fhir_server.store.sqlite import Store
from fhir_server.store.tables import Msg, columns, insert

UNFINISHED = ("received", "stored")  # no answer yet; answered, and a document waits for $extract
ALL = "SELECT {} FROM msg".format(", ".join(columns(Msg)))  # noqa: S608 - names of the table
SAME = f"{ALL} WHERE sender = ? AND control_id = ? AND digest = ? ORDER BY seq LIMIT 1"
OPEN = f"{ALL} WHERE state IN (?, ?) ORDER BY seq"
SETTLE = "UPDATE msg SET state = ?, ack = coalesce(?, ack), error = ? WHERE seq = ?"
INSERT = insert(Msg)


@dataclass(frozen=True, slots=True)
class Entry:
    """A message of the journal; `received` is milliseconds since 1970, `ack` its answer."""

    seq: int
    received: int
    peer: str
    control_id: str
    sender: str
    digest: bytes
    raw: bytes
    state: str
    ack: bytes | None
    error: str | None


class Journal:
    """Messages in the order of their arrival. A method returns once what it wrote is durable."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now

    async def append(self, raw: bytes, peer: str, control_id: str, sender: str) -> Entry:
        """Keeps the message; the same bytes under the same control id are the entry they were."""
        digest = hashlib.sha256(raw).digest()
        received = int(self._now().timestamp() * 1000)

        def job() -> Entry:
            connection = self._store.connection
            row = connection.execute(SAME, (sender, control_id, digest)).fetchone()
            if row is not None:
                return Entry(*row)
            values = (received, peer, control_id, sender, digest, raw, "received", None, None)
            seq = connection.execute(INSERT, (None, *values)).lastrowid or 0
            return Entry(seq, *values)

        return await self._store.writer.submit(job)

    async def settle(self, seq: int, state: str, ack: bytes | None, error: str = "") -> None:
        """What became of the message; an ack that was given before stays where this is None."""

        def job() -> None:
            self._store.connection.execute(SETTLE, (state, ack, error or None, seq))

        await self._store.writer.submit(job)

    async def unfinished(self) -> list[Entry]:
        """What an earlier run did not bring to its end, oldest first."""

        def job(connection: sqlite3.Connection, _: Numbers) -> list[Entry]:
            return [Entry(*row) for row in connection.execute(OPEN, UNFINISHED)]

        return await self._store.query(job)
