"""Versions of a resource, of a type, of everything: newest first, a page at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from fhir_server.store.names import Numbers
from fhir_server.store.types import METHODS, Stored

FIND = "SELECT rid FROM res WHERE id = ? AND type = ? AND vid > 0"
VERSION = """SELECT ts, op, body FROM res WHERE rid = :rid AND vid = :vid
    UNION ALL SELECT ts, op, body FROM hist WHERE rid = :rid AND vid = :vid"""
NEXT = """coalesce((SELECT ts FROM hist n WHERE n.rid = v.rid AND n.vid = v.vid + 1),
    (SELECT ts FROM res n WHERE n.rid = v.rid AND n.vid = v.vid + 1))"""
ORDER = "ORDER BY v.ts DESC, v.rid DESC, v.vid DESC"
BACK = ORDER.replace("DESC", "ASC")
ROWS = "SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(:rows)"
LISTED = f"((v.rid, 0) IN ({ROWS}) OR (v.rid, v.vid) IN ({ROWS}))"
FOREVER = 1 << 62  # milliseconds


Row = tuple[int, int]  # row id and version, 0 for every version of it


class Cursor(NamedTuple):
    """Where a page ended: the time, the row and the version of its last entry."""

    ts: int
    rid: int
    vid: int


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Which versions: of a resource, a type, or (both "") everything; times in milliseconds.

    Written at `since` or later and current at some time from `low` to before `high`; at most
    `count` of them, those that come after the place, or before it where `back`. `list` names the
    List that has them.
    """

    type: str = ""
    id: str = ""
    since: int = 0
    low: int = 0
    high: int = FOREVER
    count: int = 50
    after: Cursor | None = None
    back: bool = False
    list: str = ""


@dataclass(frozen=True, slots=True)
class Versions:
    """A page of history; `total` of all pages is told with the first, `last` where more follow,
    `first` where some came before."""

    entries: tuple[Stored, ...]
    total: int | None = None
    last: Cursor | None = None
    first: Cursor | None = None


def version(
    connection: sqlite3.Connection, numbers: Numbers, type: str, id: str, number: int
) -> Stored | None:
    """One version, a deletion too; None where there is none."""
    found = connection.execute(FIND, (id, numbers.types.find(type))).fetchone()
    given = {"rid": found[0] if found else -1, "vid": number}
    row = connection.execute(VERSION, given).fetchone()
    if row is None:
        return None
    ts, op, body = row
    return Stored(type, id, number, ts, body or b"", op == 3, METHODS[op])


def history(
    connection: sqlite3.Connection,
    numbers: Numbers,
    asked: HistoryQuery,
    listed: Iterable[Row] = (),
) -> Versions | None:
    """A page of versions; None where a resource is asked for that never was.

    `listed` are those that the list has, where one is asked for.
    """
    given = _bound(asked, numbers.types.find(asked.type) if asked.type else 0, listed)
    if asked.id:
        found = connection.execute(FIND, (asked.id, given["type"])).fetchone()
        if found is None:
            return None
        given["rid"] = found[0]
    total = None
    if asked.after is None:
        counts = (f"SELECT count(*) FROM {table} v WHERE {test}" for table, test in _arms(asked))  # noqa: S608
        total = sum(int(connection.execute(sql, given).fetchone()[0]) for sql in counts)
    if not asked.count:
        return Versions((), total)
    rows = connection.execute(_page(asked), given).fetchall()
    more = len(rows) > asked.count
    rows = rows[: asked.count]
    if asked.back:
        rows.reverse()
    entries = tuple(
        Stored(type, id, vid, ts, body or b"", op == 3, METHODS[op])
        for _, type, id, vid, ts, op, body in rows
    )
    # a page that was come to has one on the side that it was come from
    after = rows and (more or asked.back)
    before = rows and (more if asked.back else asked.after)
    return Versions(
        *(entries, total),
        _place(rows[-1]) if after else None,
        _place(rows[0]) if before else None,
    )


def _bound(asked: HistoryQuery, type: int, listed: Iterable[Row]) -> dict[str, int | str]:
    """The values of the statements; of a resource the row is still to be found."""
    given: dict[str, int | str] = {
        "rows": orjson.dumps(list(listed)).decode(),
        "type": type,
        "since": asked.since,
        "low": asked.low,
        "high": asked.high,
        "most": asked.count + 1,
    }
    if asked.after:
        given |= {"ts": asked.after.ts, "after_rid": asked.after.rid, "after_vid": asked.after.vid}
    return given


def _place(row: tuple[Any, ...]) -> Cursor:
    rid, _, _, vid, ts, *_ = row
    return Cursor(ts, rid, vid)


def _page(asked: HistoryQuery) -> str:
    """Each arm walks its index as far as the page needs; bodies are read for what is on it.

    Back from a place, the rows come in reverse.
    """
    sign, order = (">", BACK) if asked.back else ("<", ORDER)
    place = f" AND (v.ts, v.rid, v.vid) {sign} (:ts, :after_rid, :after_vid)"
    beyond = place if asked.after else ""
    arms = " UNION ALL ".join(
        f"SELECT * FROM (SELECT v.rid, v.vid, v.ts FROM {table} v"  # noqa: S608
        f" WHERE {test}{beyond} {order} LIMIT :most)"
        for table, test in _arms(asked)
    )
    return (
        "SELECT r.rid, t.name, r.id, v.vid, v.ts, coalesce(h.op, r.op),"  # noqa: S608
        " CASE WHEN h.rid IS NULL THEN r.body ELSE h.body END"
        f" FROM (SELECT * FROM ({arms}) v {order} LIMIT :most) v"
        " CROSS JOIN res r ON r.rid = v.rid JOIN type t ON t.k = r.type"
        f" LEFT JOIN hist h ON h.rid = v.rid AND h.vid = v.vid {order}"
    )


def _arms(asked: HistoryQuery) -> Iterator[tuple[str, str]]:
    """The tables to walk, each with its condition."""
    times = "v.ts >= :since AND v.ts < :high"
    if asked.list:
        times += f" AND {LISTED}"
    if asked.low:
        times += f" AND coalesce({NEXT}, {FOREVER}) > :low"
    if asked.id:
        yield "hist", f"v.rid = :rid AND {times}"
        yield "res", f"v.rid = :rid AND v.vid > 0 AND {times}"
    elif asked.type:
        yield "hist", f"v.type = :type AND {times}"
        yield "res", f"v.type = :type AND v.del = 0 AND {times}"
        yield "res", f"v.type = :type AND v.del = 1 AND v.vid > 0 AND {times}"
    else:
        yield "hist", times
        yield "res", f"v.vid > 0 AND {times}"
