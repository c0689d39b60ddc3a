"""_include and _revinclude: what the matches refer to, and what refers to them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from fhir_server.errors import NotSupported
from fhir_server.search.query import Include
from fhir_server.store.names import Numbers
from fhir_server.store.types import Stored

MOST = 10_000  # resources that come along


def included(
    connection: sqlite3.Connection,
    numbers: Numbers,
    includes: Sequence[Include],
    matches: Sequence[int],
) -> tuple[Stored, ...]:
    """The resources that come along with the row ids of a page, each once and no match again.

    Raises NotSupported where they are too many for one reply.
    """
    rids: dict[int, None] = {}
    for include in includes if matches else ():
        rids |= dict.fromkeys(_rids(connection, numbers, include, matches))
    for rid in matches:
        rids.pop(rid, None)
    if len(rids) > MOST:
        raise NotSupported(f"more than {MOST} resources would come along: lower _count", "_count")
    if not rids:
        return ()
    found = connection.execute(
        "SELECT (SELECT name FROM type WHERE k = type), id, vid, ts, body FROM res"
        " WHERE rid IN (SELECT value FROM json_each(?)) AND del = 0",
        (str(list(rids)),),
    )
    return tuple(Stored(*row) for row in found)


def _rids(
    connection: sqlite3.Connection, numbers: Numbers, include: Include, matches: Sequence[int]
) -> Iterator[int]:
    have, want = ("tgt_rid", "rid") if include.back else ("rid", "tgt_rid")
    index = "" if include.back else " INDEXED BY ref_back"
    sql = (
        f"SELECT f.{want} FROM json_each(?) j CROSS JOIN ref f{index}"
        f" ON f.{have} = j.value AND f.p = ? CROSS JOIN res r ON r.rid = f.{want}"
        " WHERE (? = '' OR r.type = ?) LIMIT ?"
    )
    for place in include.paths:
        target = "" if include.back else include.target or place.target
        path, number = numbers.paths.find(place.path), numbers.types.find(target)
        found = connection.execute(sql, (str(list(matches)), path, target, number, MOST + 1))
        yield from (int(rid) for (rid,) in found)
