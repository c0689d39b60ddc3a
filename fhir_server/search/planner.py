"""Search: a query becomes one statement, walked from its most selective criterion, and a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from fhir_server.search import cursor
from fhir_server.search.arms import Args, Test
from fhir_server.search.builder import Builder
from fhir_server.search.criteria import Lookup, Unknown, Walked
from fhir_server.search.cursor import Cursor
from fhir_server.search.extract import compiled
from fhir_server.search.include import included
from fhir_server.search.index import Codes
from fhir_server.search.query import Pairs, Query, Sort, parse
from fhir_server.search.scope import Scope
from fhir_server.search.sorting import Key, beyond, keys_of, ordering
from fhir_server.search.terms import Criterion
from fhir_server.search.versioned import as_referred
from fhir_server.store.names import Numbers
from fhir_server.store.types import Connection, Page, Stored, not_too_deep

ENOUGH = 500  # resources that a criterion is counted up to, to see which is the most selective


Row = Sequence[Any]  # rid, type, id, vid, ts, body, then the sort keys


class Statement(NamedTuple):
    """SQL and the values it binds."""

    sql: str
    args: Args


@not_too_deep()
def search(
    connection: Connection,
    numbers: Numbers,
    scope: str | Scope,
    pairs: Iterable[tuple[str, str]],
    base: str,
    *,
    strict: bool = True,
    compiled: Lookup = compiled,
    codes: Mapping[tuple[str, str], Codes] | None = None,
) -> Page:
    """A page of the resources of a type, or of a wider scope, that match the (name, value) pairs.

    `base` is the server's own URL, `compiled` tells what a type can be searched by. Parameters that
    the server does not know or do are errors where `strict`, else they are in the page's `ignored`.
    Raises BadRequest, NotSupported with the place, and Unresolved for what `codes` must hold.
    """
    scope = Scope((scope,)) if isinstance(scope, str) else scope
    builder = Builder(connection, numbers, base, codes)
    queries = _queries(scope, list(pairs), compiled, strict=strict)
    if not queries:
        return Page((), total=0)
    query, several = queries[0], scope.several
    walks = [Walk.of(builder, q, scope.criteria(q.type, compiled), several) for q in queries]
    digest = cursor.digest(scope, query)
    place = cursor.read(query.cursor, len(walks[0].keys), digest)
    total = place.total
    if not query.cursor and (query.total or not query.count):
        total = sum(walk.total(builder) for walk in walks)
    if not query.count:
        return Page((), total=total, used=query.used, ignored=query.ignored)
    found = _found(builder, walks, place, queries)
    kept = tuple(p for p in query.used if p[0] != "_cursor")

    def beside(row: Row, *, back: bool) -> Pairs:
        """The query of the page that comes next to a row."""
        text = cursor.write(Cursor(list(row[6:]), total, back), digest)
        return (*kept, ("_cursor", text))

    # a page that was come to has one on the side that it was come from
    after = found.more or place.back
    before = found.more if place.back else bool(place.keys)
    return Page(
        *(found.entries, found.along, total),
        beside(found.rows[-1], back=False) if found.rows and after else (),
        query.used,
        query.ignored,
        beside(found.rows[0], back=True) if found.rows and before else (),
    )


def _queries(
    scope: Scope, pairs: Sequence[tuple[str, str]], compiled: Lookup, *, strict: bool
) -> list[Query]:
    """What is asked of each type of a scope; raises what `search` does."""
    walked = Walked()
    queries = [
        parse(t, pairs, strict=strict, compiled=compiled, several=scope.several, walked=walked)
        for t in scope.types
    ]
    _check_common(queries)
    return queries


class _Found(NamedTuple):
    """The rows of a page, as `plan` gives them, what they hold, and what comes along; `more` of
    them lie on the way that the page was walked."""

    rows: list[Row]
    entries: tuple[Stored, ...]
    along: tuple[Stored, ...]
    more: bool


def _found(
    builder: Builder, walks: Sequence[Walk], place: Cursor, queries: Sequence[Query]
) -> _Found:
    """A page in its order; it is halved until what comes along is not too much."""
    connection, numbers, count = builder.connection, builder.numbers, queries[0].count
    rows = connection.execute(*plan(builder, walks, place, count)).fetchall()
    more, rows = len(rows) > count, rows[:count]
    includes = tuple(dict.fromkeys(include for q in queries for include in q.includes))
    while (along := included(connection, numbers, includes, [row[0] for row in rows])) is None:
        more, rows = True, rows[: len(rows) // 2]
    if place.back:
        rows.reverse()
    entries = tuple(Stored(type, id, vid, ts, body) for _, type, id, vid, ts, body, *_ in rows)
    back = any(include.back for include in includes)
    along = as_referred(connection, numbers, entries, along, builder.base, current=back)
    return _Found(rows, entries, along, more)


def _check_common(queries: Sequence[Query]) -> None:
    """Raises Unknown for what only some of the types can be searched by: of the others all would
    be found."""
    ignored = {pair for query in queries for pair in query.ignored}
    for query in queries:
        for pair in query.used:
            if pair in ignored:
                text = "not all of the types have this parameter: name those by _type"
                raise Unknown(text, pair[0])


@dataclass(frozen=True, slots=True)
class Walk:
    """One type of a search: its tests, the most selective first, and its sort keys."""

    type: str
    tests: tuple[Test, ...]
    keys: tuple[Key, ...]

    @classmethod
    def of(cls, builder: Builder, query: Query, more: Iterable[Criterion], by_time: bool) -> Walk:
        """The walk of a query with further criteria; `by_time` says how, where nothing else does.

        So the walks of several types have keys of the same kind.
        """
        if by_time and not query.sort:
            query = replace(query, sort=(Sort("res", "ts", (), down=True),))
        criteria = (*query.criteria, *more)
        tests = ordered(builder.connection, [t for c in criteria for t in builder.tests(c)])
        free = all(t.none for t in tests)
        return cls(query.type, tuple(tests), tuple(keys_of(query, builder.numbers, free=free)))

    def total(self, builder: Builder) -> int:
        """How many resources pass."""
        sql, args = builder.matching(self.type, self.tests, "count(*)")
        return int(builder.connection.execute(sql, args).fetchone()[0])

    def rows(self, builder: Builder) -> Statement:
        """The SELECT of rid, k0, k1 … of what passes."""
        columns = ", ".join(f"{key.sql} AS k{i}" for i, key in enumerate(self.keys))
        inner, args = builder.matching(self.type, self.tests, f"d.rid AS rid, {columns}")
        return Statement(inner, (*(a for key in self.keys for a in key.args), *args))


def ordered(connection: Connection, tests: Sequence[Test]) -> list[Test]:
    """The tests with the one that the fewest resources pass first."""
    candidates = [t for t in tests if not t.none]
    candidates = [t for t in candidates if not t.costly] or candidates
    if len(candidates) < 2:
        return [*candidates, *(t for t in tests if all(t is not c for c in candidates))]
    sizes: dict[int, int] = {}
    for at, test in sorted(enumerate(candidates), key=lambda each: not each[1].seeks):
        if not test.seeks and sizes and min(sizes.values()) < ENOUGH:
            break  # few enough: no range needs counting
        sizes[at] = int(connection.execute(test.some(ENOUGH), test.args).fetchone()[0])
    lead = candidates[min(sizes, key=lambda at: sizes[at])]
    return [lead, *(t for t in tests if t is not lead)]


def plan(builder: Builder, walks: Sequence[Walk], place: Cursor, count: int) -> Statement:
    """The statement of one page and one more: rid, type, id, vid, ts, body, then the sort keys.

    The page is cut from row ids and keys alone; bodies are read for what is on it. Back from a
    place, its rows come in reverse.
    """
    parts = [walk.rows(builder) for walk in walks]
    inner = " UNION ALL ".join(part.sql for part in parts)
    args = tuple(a for part in parts for a in part.args)
    keys = walks[0].keys
    if place.back:
        keys = tuple(key.back() for key in keys)
    where, bound = beyond(keys, place.keys)
    order = ", ".join(ordering(f"k{i}", key) for i, key in enumerate(keys))
    names = ", ".join(f"s.k{i}" for i in range(len(keys)))
    sql = (
        f"SELECT s.rid, t.name, r.id, r.vid, r.ts, r.body, {names} FROM ("
        f"SELECT * FROM ({inner}) WHERE {where} ORDER BY {order} LIMIT ?"
        f") s CROSS JOIN res r ON r.rid = s.rid CROSS JOIN type t ON t.k = r.type ORDER BY {order}"
    )
    return Statement(sql, (*args, *bound, count + 1))
