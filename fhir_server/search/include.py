"""_include and _revinclude: what the matches refer to, and what refers to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fhir_server.errors import NotSupported
from fhir_server.search import canonicals
from fhir_server.search.query import Include
from fhir_server.store.names import UNKNOWN, Numbers
from fhir_server.store.types import Connection, Stored

MOST = 10_000  # resources that come along
EVERY = """SELECT f.tgt_rid FROM json_each(?) j CROSS JOIN ref f INDEXED BY ref_back
    ON f.rid = j.value CROSS JOIN res r ON r.rid = f.tgt_rid WHERE {} LIMIT ?"""
NAMED = "SELECT {}.rid {} AND {}.rid IN (SELECT value FROM json_each(?)) LIMIT ?"
BACK = """SELECT f.rid FROM json_each(?) j CROSS JOIN ref f
    ON f.tgt_rid = j.value AND f.p = ? LIMIT ?"""


def included(
    connection: Connection,
    numbers: Numbers,
    includes: Sequence[Include],
    matches: Sequence[int],
) -> tuple[Stored, ...] | None:
    """The resources that come along with the row ids of a page, each once and no match again.

    Those `again` are followed from what came along too, until nothing new does. None where they
    are too many for one page: ask for fewer matches. Raises NotSupported where it is one match.
    """
    known = dict.fromkeys(matches)
    fresh, asked = list(matches), includes
    while fresh and asked:
        found = dict.fromkeys(r for i in asked for r in _rids(connection, numbers, i, fresh))
        fresh = [rid for rid in found if rid not in known]
        known |= dict.fromkeys(fresh)
        if len(known) - len(matches) > MOST:
            if len(matches) > 1:
                return None
            raise NotSupported(f"more than {MOST} resources would come along with one match")
        asked = [include for include in includes if include.again]
    if not (rids := list(known)[len(matches) :]):
        return ()
    rows = connection.execute(
        "SELECT (SELECT name FROM type WHERE k = type), id, vid, ts, body FROM res"
        " WHERE rid IN (SELECT value FROM json_each(?)) AND del = 0",
        (str(rids),),
    )
    return tuple(Stored(*row) for row in rows)


def _rids(
    connection: Connection, numbers: Numbers, include: Include, rids: Sequence[int]
) -> Iterator[int]:
    if not include.paths:  # every reference of theirs
        sql = EVERY.format("1")
        yield from (int(r) for (r,) in connection.execute(sql, (str(list(rids)), MOST + 1)))
        return
    sql = BACK if include.back else EVERY.format("f.p = ? AND (? = '' OR r.type = ?)")
    for place in include.paths:
        path = numbers.paths.find(place.path)
        if path == UNKNOWN:
            continue
        bound: tuple[str | int, ...] = (path,)
        if not include.back:
            target = include.target or place.target
            bound = (path, target, numbers.types.find(target))
        found = connection.execute(sql, (str(list(rids)), *bound, MOST + 1))
        yield from (int(rid) for (rid,) in found)
        if by := canonicals.named(numbers, place, include.target):
            ends = ("u", "t") if include.back else ("t", "u")
            walk = NAMED.format(ends[0], by[0], ends[1])
            found = connection.execute(walk, (*by[1], str(list(rids)), MOST + 1))
            yield from (int(rid) for (rid,) in found)
