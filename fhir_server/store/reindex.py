"""The index made anew from the stored resources, in small transactions beside all other work.

First what is missing is put, then what no resource accounts for is taken away: at no moment does
a search find less than before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import orjson
from sqlmodel import SQLModel

from fhir_server.store.rows import INDEX, REMOVE, Row
from fhir_server.store.session import Session
from fhir_server.store.sqlite import Store
from fhir_server.store.tables import columns, table

if TYPE_CHECKING:
    from fhir_server.search.index import Rows

RESOURCES = 100  # in one transaction
ROWS = 2000  # of an index table looked at in one transaction
LIVE = "SELECT rid, type, body FROM res WHERE rid > ? AND del = 0 ORDER BY rid LIMIT ?"
BODY = "SELECT body FROM res WHERE rid = ? AND del = 0"

Progress = Callable[[int, int], None]


class Done(NamedTuple):
    """What a reindexing did: resources read, index rows put and taken away."""

    resources: int
    added: int
    removed: int


async def reindex(
    store: Store,
    types: Collection[str] = (),
    progress: Progress = lambda done, total: None,
    *,
    keep: bool = True,
) -> Done:
    """Indexes all resources anew, or those of some types; `progress` is told (done, total).

    Unless `keep`, it only tells what it would do.
    """
    resources, added = await put_missing(store, types, progress, keep=keep)
    return Done(resources, added, await _take_stale(store, keep=keep))


async def put_missing(
    store: Store,
    types: Collection[str] = (),
    progress: Progress = lambda done, total: None,
    *,
    keep: bool = True,
) -> tuple[int, int]:
    """Puts the index rows that resources lack; gives how many resources and rows that were."""
    count = "SELECT count(*) FROM res WHERE del = 0"
    total = await store.query(lambda c, n: int(c.execute(count).fetchone()[0]))
    last = seen = read = added = 0
    while True:
        job = partial(_put, extract=store.extract, after=last, types=types)
        done = store.transact(job, ()) if keep else store.rehearse(job)
        last, looked, indexed, rows = await done
        seen, read, added = seen + looked, read + indexed, added + rows
        progress(min(seen, total), total)
        if looked < RESOURCES:
            return read, added


def _put(
    session: Session, extract: Callable[..., Rows], after: int, types: Collection[str]
) -> tuple[int, int, int, int]:
    wanted = {session.numbers.types.find(name) for name in types}
    connection = session.connection
    before = connection.total_changes
    found = connection.execute(LIVE, (after, RESOURCES)).fetchall()
    chosen = [(rid, body) for rid, kind, body in found if not types or kind in wanted]
    for rid, body in chosen:
        session.indexed(rid, extract(orjson.loads(body)))
    session.flush()
    added = connection.total_changes - before
    return found[-1][0] if found else after, len(found), len(chosen), added


async def _take_stale(store: Store, *, keep: bool) -> int:
    removed = 0
    for model in INDEX:
        after: Row | None = None
        while True:
            job = partial(_take, extract=store.extract, model=model, after=after)
            after, taken = await (store.transact(job, ()) if keep else store.rehearse(job))
            removed += taken
            if after is None:
                break
    return removed


def _take(
    session: Session, extract: Callable[..., Rows], model: type[SQLModel], after: Row | None
) -> tuple[Row | None, int]:
    """Looks at the rows of an index table that follow one; gives the last, None at the end."""
    key = [column.name for column in table(model).primary_key.columns]
    names = columns(model)
    listed = ", ".join(f'"{name}"' for name in key)
    where = f"WHERE ({listed}) > ({', '.join('?' * len(key))})" if after else ""
    sql = f"SELECT {listed} FROM {model.__tablename__!s} {where} ORDER BY {listed} LIMIT {ROWS}"  # noqa: S608 - names of our own tables
    rows = session.connection.execute(sql, after or ()).fetchall()
    stale = []
    place, order = key.index("rid"), [key.index(name) for name in names]
    known: dict[int, set[Row]] = {}
    for row in rows:
        rid = row[place]
        if rid not in known:
            body = session.connection.execute(BODY, (rid,)).fetchone()
            keyed = session.keyed(rid, extract(orjson.loads(body[0]))) if body else {}
            known[rid] = keyed.get(model, set())
        whole = tuple(row[at] for at in order)
        if whole not in known[rid]:
            stale.append(whole)
    session.connection.executemany(REMOVE[model], stale)
    return (tuple(rows[-1]) if len(rows) == ROWS else None), len(stale)
