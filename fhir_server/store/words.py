"""The index of full text: made on demand, so that writes pay nothing for it.

What comes after the row in `seen` waits, and what was changed before it: a trigger puts that into
`todo`. Once somebody searches by words, what waits is indexed in the background; till then it is
found by being read. FTS5 keeps no texts: a document that is no longer in `doc` stays behind in it
unseen.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import NamedTuple

from fhir_server.store.session import Session
from fhir_server.store.sqlite import Store

RESOURCES = 200  # in one transaction
STALE = 10_000  # documents left behind from which on the index is made anew, if they are the most
SEEN = "SELECT rid FROM seen"
CHANGED = f"""SELECT rid, vid, body FROM res
    WHERE rid IN (SELECT rid FROM todo WHERE rid <= ({SEEN}) ORDER BY rid LIMIT ?)"""  # noqa: S608
NEW = f"SELECT rid, vid, body FROM res WHERE rid > ({SEEN}) ORDER BY rid LIMIT ?"  # noqa: S608
CURRENT = "SELECT 1 FROM res WHERE rid = ? AND vid = ?"
RESET = (
    "DELETE FROM doc",
    "INSERT INTO words (words) VALUES ('delete-all')",
    "DELETE FROM todo",
    "UPDATE seen SET rid = 0",
)

Texts = Callable[[bytes], tuple[str, str]]  # of a resource: its narrative, all else


class Document(NamedTuple):
    """The words of a version; none where the resource is deleted."""

    rid: int
    vid: int
    texts: tuple[str, str] | None


class Waiting(NamedTuple):
    """Documents to take up; once that is done, what was `seen` goes up to the row `last`."""

    documents: list[Document]
    seen: int
    last: int


async def index(store: Store, texts: Texts, ended: Callable[[], bool] = lambda: False) -> int:
    """Indexes what waits, in small transactions, until it is `ended`; gives how many resources."""
    done = 0
    while not ended() and (waiting := await store.query(lambda c, _: _read(c, texts))).documents:
        done += await store.transact(lambda s: _put(s, waiting), ())
    await store.transact(_renew, ())
    return done


async def reset(store: Store) -> None:
    """Empties the index; everything waits."""
    await store.transact(_reset, ())


def _read(connection: sqlite3.Connection, texts: Texts) -> Waiting:
    (seen,) = connection.execute(SEEN).fetchone()
    changed = connection.execute(CHANGED, (RESOURCES,)).fetchall()
    new = connection.execute(NEW, (RESOURCES,)).fetchall()
    documents = [Document(rid, vid, texts(b) if b else None) for rid, vid, b in (*changed, *new)]
    return Waiting(documents, seen, new[-1][0] if new else seen)


def _put(session: Session, waiting: Waiting) -> int:
    """Takes up what has not changed meanwhile; what has waits on."""
    session.flush()
    execute, last = session.connection.execute, waiting.last
    for rid, vid, texts in waiting.documents:
        if execute(CURRENT, (rid, vid)).fetchone() is None:
            last = min(last, rid - 1)
            continue
        execute("DELETE FROM doc WHERE rid = ?", (rid,))
        if texts is not None:
            doc = execute("INSERT INTO doc (rid) VALUES (?)", (rid,)).lastrowid
            execute("INSERT INTO words (rowid, narrative, other) VALUES (?, ?, ?)", (doc, *texts))
        execute("DELETE FROM todo WHERE rid = ?", (rid,))
    execute("UPDATE seen SET rid = max(rid, ?) WHERE rid = ?", (last, waiting.seen))
    return len(waiting.documents)


def _renew(session: Session) -> None:
    """Begins anew where most of the index is of versions that are gone."""
    last, kept = session.connection.execute("SELECT max(doc), count(*) FROM doc").fetchone()
    if (last or 0) - kept > max(STALE, kept):
        _reset(session)


def _reset(session: Session) -> None:
    for statement in RESET:
        session.connection.execute(statement)
    session.connection.execute("DELETE FROM sqlite_sequence WHERE name = 'doc'")
