"""The index of full text: made on demand, so that writes pay one row each for it and no more.

Every write leaves the row id in `todo` (a trigger does it). Once somebody searches by words, what
waits is indexed in the background; till then it is found by being read. FTS5 keeps no texts: a
document that is no longer in `doc` stays behind in it unseen.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import NamedTuple

from fhir_server.store.session import Session
from fhir_server.store.sqlite import Store

RESOURCES = 200  # in one transaction
STALE = 10_000  # documents left behind from which on the index is made anew, if they are the most
WAITING = """SELECT t.rid, r.vid, r.body FROM todo t CROSS JOIN res r ON r.rid = t.rid
    ORDER BY t.rid LIMIT ?"""
CURRENT = "SELECT 1 FROM res WHERE rid = ? AND vid = ?"
RESET = (
    "DELETE FROM doc",
    "INSERT INTO words (words) VALUES ('delete-all')",
    "INSERT OR IGNORE INTO todo SELECT rid FROM res WHERE body IS NOT NULL",
)

Texts = Callable[[bytes], tuple[str, str]]  # of a resource: its narrative, all else


class Document(NamedTuple):
    """The words of a version; none where the resource is deleted."""

    rid: int
    vid: int
    texts: tuple[str, str] | None


async def index(store: Store, texts: Texts, ended: Callable[[], bool] = lambda: False) -> int:
    """Indexes what waits, in small transactions, until it is `ended`; gives how many resources."""
    done = 0
    while not ended() and (documents := await store.query(lambda c, _: _read(c, texts))):
        done += await store.transact(lambda s: _put(s, documents), ())
    await store.transact(_renew, ())
    return done


async def reset(store: Store) -> None:
    """Empties the index; everything waits."""
    await store.transact(_reset, ())


def _read(connection: sqlite3.Connection, texts: Texts) -> list[Document]:
    rows = connection.execute(WAITING, (RESOURCES,)).fetchall()
    return [Document(rid, vid, texts(body) if body else None) for rid, vid, body in rows]


def _put(session: Session, documents: Sequence[Document]) -> int:
    """Takes up what has not changed meanwhile; what has waits on."""
    session.flush()
    execute = session.connection.execute
    for rid, vid, texts in documents:
        if execute(CURRENT, (rid, vid)).fetchone() is None:
            continue
        execute("DELETE FROM doc WHERE rid = ?", (rid,))
        if texts is not None:
            doc = execute("INSERT INTO doc (rid) VALUES (?)", (rid,)).lastrowid
            execute("INSERT INTO words (rowid, narrative, other) VALUES (?, ?, ?)", (doc, *texts))
        execute("DELETE FROM todo WHERE rid = ?", (rid,))
    return len(documents)


def _renew(session: Session) -> None:
    """Begins anew where most of the index is of versions that are gone."""
    last, kept = session.connection.execute("SELECT max(doc), count(*) FROM doc").fetchone()
    if (last or 0) - kept > max(STALE, kept):
        _reset(session)


def _reset(session: Session) -> None:
    for statement in RESET:
        session.connection.execute(statement)
    session.connection.execute("DELETE FROM sqlite_sequence WHERE name = 'doc'")
