"""_sort: the columns that a search is ordered by, and what comes after a place or before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from fhir_server.search.arms import Args
from fhir_server.search.cursor import Values
from fhir_server.search.query import Query, Sort
from fhir_server.store.names import Numbers


class Key(NamedTuple):
    """One column to sort by; no value comes last, or first where `turned`."""

    sql: str
    args: Args
    down: bool
    nullable: bool = True
    turned: bool = False

    def back(self) -> Key:
        """The same column for the way back."""
        return self._replace(down=not self.down, turned=not self.turned)


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
    nulls = f" NULLS {'FIRST' if key.turned else 'LAST'}" if key.nullable else ""
    return f"{name} {direction}{nulls}"


def beyond(keys: Sequence[Key], after: Values) -> tuple[str, Args]:
    """The condition of what comes after a row that has these keys."""
    if not after:
        return "1", ()
    names = [f"k{i}" for i in range(len(keys))]
    if len({key.down for key in keys}) == 1 and not any(key.nullable for key in keys):
        sign = "<" if keys[0].down else ">"
        marks = ", ".join("?" * len(keys))
        return f"({', '.join(names)}) {sign} ({marks})", tuple(v for v in after if v is not None)
    arms, bound = [], []
    for at, (name, key, value) in enumerate(zip(names, keys, after, strict=True)):
        if further := _further(name, key, value):
            same = "".join(f"{n} IS ? AND " for n in names[:at])
            arms.append(f"({same}{further})")
            bound += [*after[:at], *([] if value is None else [value])]
    return " OR ".join(arms), tuple(bound)


def _further(name: str, key: Key, value: object) -> str:
    """What of one key comes after a value; "" for nothing."""
    if value is None:
        return f"{name} IS NOT NULL" if key.turned else ""
    further = f"{name} {'<' if key.down else '>'} ?"
    return f"({further} OR {name} IS NULL)" if key.nullable and not key.turned else further
