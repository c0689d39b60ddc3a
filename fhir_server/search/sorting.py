"""_sort: the columns that a search is ordered by, and where the next page begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from fhir_server.search.arms import Args
from fhir_server.search.cursor import Cursor
from fhir_server.search.query import Query, Sort
from fhir_server.store.names import Numbers


class Key(NamedTuple):
    """One column to sort by."""

    sql: str
    args: Args
    down: bool
    nullable: bool = True


def keys_of(query: Query, numbers: Numbers, *, free: bool) -> list[Key]:
    """The sort keys, the row id last: no two resources are equal.

    Without _sort the newest come first: by row id, as indexes give them, or by last change where
    all of the type are walked (`free`).
    """
    keys = [_key(sort, numbers, free=free) for sort in query.sort]
    if not keys and free:
        keys = [Key("d.ts", (), down=True, nullable=False)]
    last = keys[-1].down if keys else True
    return [*keys, Key("d.rid", (), down=last, nullable=False)]


def _key(sort: Sort, numbers: Numbers, *, free: bool) -> Key:
    if sort.table == "res":
        own = f"d.{sort.column}" if free else f"(SELECT {sort.column} FROM res WHERE rid = d.rid)"
        return Key(own, (), sort.down, nullable=False)
    paths = tuple(numbers.paths.find(path) for path in sort.paths)
    best = "max" if sort.down else "min"
    some = f"p IN ({', '.join('?' * len(paths))})"
    if sort.table == "ref":
        walk = (
            f"SELECT {best}(t.id) FROM ref f INDEXED BY ref_back"
            f" CROSS JOIN res t ON t.rid = f.tgt_rid WHERE f.rid = d.rid AND f.{some}"
        )
        if sort.target:
            walk, paths = f"{walk} AND t.type = ?", (*paths, numbers.types.find(sort.target))
        return Key(f"({walk})", paths, sort.down)
    if sort.table == "dat":
        walk = f"SELECT {best}(lo) FROM dat INDEXED BY dat_back WHERE rid = d.rid AND {some}"
        return Key(f"({walk})", paths, sort.down)
    value = f"nullif({sort.column}, '')"  # of a concept that is but a text there is no code
    each = f"SELECT rid, {best}({value}) AS v FROM {sort.table} WHERE {some} GROUP BY rid"
    return Key(f"(SELECT v FROM ({each}) WHERE rid = d.rid)", paths, sort.down)


def ordering(name: str, key: Key) -> str:
    """One term of ORDER BY."""
    direction = "DESC" if key.down else "ASC"
    return f"{name} {direction} NULLS LAST" if key.nullable else f"{name} {direction}"


def beyond(keys: Sequence[Key], after: Cursor) -> tuple[str, Args]:
    """The condition of what comes after the last of the page before; no value comes last."""
    if not after:
        return "1", ()
    names = [f"k{i}" for i in range(len(keys))]
    if len({key.down for key in keys}) == 1 and not any(key.nullable for key in keys):
        sign = "<" if keys[0].down else ">"
        marks = ", ".join("?" * len(keys))
        return f"({', '.join(names)}) {sign} ({marks})", tuple(v for v in after if v is not None)
    arms, bound = [], []
    for at, (name, key, value) in enumerate(zip(names, keys, after, strict=True)):
        if value is None:
            continue
        same = "".join(f"{n} IS ? AND " for n in names[:at])
        further = f"{name} {'<' if key.down else '>'} ?"
        arms.append(
            f"({same}({further} OR {name} IS NULL))" if key.nullable else f"({same}{further})"
        )
        bound += [*after[:at], value]
    return " OR ".join(arms), tuple(bound)
