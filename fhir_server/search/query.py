"""A search query, read: criteria, sorting, paging, what comes along (R4 search 3.1.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from capability.definitions import RESOURCE_TYPES
from fhir_server.errors import BadRequest, NotSupported
from fhir_server.search.criteria import Lookup, Unknown, Walked, criterion
from fhir_server.search.extract import compiled
from fhir_server.search.filter import read
from fhir_server.search.index import IndexPath, Table
from fhir_server.search.terms import Criterion

Pairs = tuple[tuple[str, str], ...]
TYPES = frozenset(RESOURCE_TYPES)
COUNT, MOST = 50, 1000  # resources on a page: by default, at most
RESULTS = ("_count", "_sort", "_total", "_summary", "_include", "_revinclude", "_cursor")
AGAIN = (":iterate", ":recurse")  # of _include and _revinclude; the second is the name of STU3
NAMES = frozenset(RESULTS) | {n + a for n in ("_include", "_revinclude") for a in AGAIN}
REFUSED = {  # what would be another search than the one that is asked for, if it were ignored
    "_query": "there are no named queries here",
    "_contained": "contained resources are not searched",
    "_containedType": "contained resources are not searched",
}
SORTED: dict[str, tuple[Table, str]] = {  # by which column of which table a search type sorts
    "date": ("dat", "lo"),
    "string": ("str", "norm"),
    "token": ("tok", "code"),
    "number": ("qty", "val"),
    "quantity": ("qty", "val"),
    "uri": ("uri", "uri"),
    "reference": ("ref", "id"),
}


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort key: a column of an index table under the paths, or of the resource itself.

    Of the table "ref" it is the id of what is referred to, of the `target` type where there is one.
    """

    table: Table | Literal["res"]
    column: str
    paths: tuple[str, ...]
    down: bool
    target: str = ""


@dataclass(frozen=True, slots=True)
class Include:
    """References to follow from the matches, or to the matches from resources of `type`.

    No paths stand for every reference; `again` follows those of what came along too.
    """

    type: str
    paths: tuple[IndexPath, ...] = ()
    target: str = ""  # resource type, "" for any
    back: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """`used` are the pairs that had an effect, `ignored` those that the server does not know."""

    type: str
    criteria: tuple[Criterion, ...] = ()
    sort: tuple[Sort, ...] = ()
    includes: tuple[Include, ...] = ()
    count: int = COUNT
    total: bool = True
    cursor: str = ""
    used: Pairs = ()
    ignored: Pairs = ()


def parse(
    type: str,
    pairs: Iterable[tuple[str, str]],
    *,
    strict: bool = True,
    compiled: Lookup = compiled,
    several: bool = False,
    walked: Walked | None = None,
) -> Query:
    """Read a query on a resource type, given as decoded (name, value) pairs.

    `several` says that the type is one of several, which `_type` may name.
    `compiled` tells what a type can be searched by; `walked` counts the links of all chains.
    What the server does not know or do is ignored where not `strict`; what can't be read never is.
    Raises BadRequest, NotSupported, with the parameter's name as the place.
    """
    walked = walked or Walked()
    criteria: list[Criterion] = []
    used: list[tuple[str, str]] = []
    ignored: list[tuple[str, str]] = []
    results: dict[str, list[str]] = {}
    for name, value in map(_named_now, pairs):
        try:
            if not value:
                raise Unknown("the value is empty", name)
            if name in NAMES or (name == "_type" and several):
                _check_result(type, name, value, compiled)
                results.setdefault(name, []).append(value)
            elif name in REFUSED and value != "false":
                raise NotSupported(REFUSED[name], name)
            elif name == "_filter":
                criteria.append(read(type, value, compiled, walked))
            else:
                criteria.append(criterion(type, name, value, compiled=compiled, walked=walked))
            used.append((name, value))
        except Unknown:
            if strict:
                raise
            ignored.append((name, value))
    count = _count(results)
    return Query(
        type,
        tuple(criteria),
        sort=_sort(type, results.get("_sort", ()), compiled),
        includes=tuple(_all_includes(type, results, compiled)),
        count=0 if _summary(results) else count,
        total=_one(results, "_total", "accurate", ("none", "estimate", "accurate")) != "none",
        cursor=results.get("_cursor", [""])[-1],
        used=tuple(used),
        ignored=tuple(ignored),
    )


def _all_includes(
    type: str, results: Mapping[str, Sequence[str]], compiled: Lookup
) -> Iterator[Include]:
    for name in sorted(NAMES - set(RESULTS) | {"_include", "_revinclude"}):
        for value in results.get(name, ()):
            yield from _includes(type, name, value, compiled)


def _named_now(pair: tuple[str, str]) -> tuple[str, str]:
    """A parameter as R4 names it: in DSTU2 a sort key had its direction as a modifier."""
    name, value = pair
    if name == "_sort:asc":
        return "_sort", value
    if name == "_sort:desc":
        return "_sort", ",".join(f"-{key}" for key in value.split(","))
    return pair


def _check_result(type: str, name: str, value: str, compiled: Lookup) -> None:
    """Raises Unknown for a sort key or an inclusion that the server doesn't know."""
    if name == "_sort":
        _sort(type, (value,), compiled)
    elif "include" in name:
        list(_includes(type, name, value, compiled))


def _one(results: dict[str, list[str]], name: str, default: str, known: Sequence[str]) -> str:
    values = results.get(name, [default])
    if len(values) > 1:
        raise BadRequest(f"{name} stands for the whole search: give it once", name)
    if values[0] not in known:
        raise BadRequest(f"{name} is one of {', '.join(known)}", name)
    return values[0]


def _summary(results: dict[str, list[str]]) -> bool:
    given = _one(results, "_summary", "false", ("false", "count", "true", "text", "data"))
    if given not in ("false", "count"):
        raise NotSupported("_summary is done as count or false", "_summary")
    return given == "count"


def _count(results: dict[str, list[str]]) -> int:
    given = results.get("_count", [str(COUNT)])
    if len(given) > 1 or not given[0].isascii() or not given[0].isdigit() or len(given[0]) > 9:
        raise BadRequest("_count is one whole number", "_count")
    return min(int(given[0]), MOST)


def _sort(type: str, given: Sequence[str], compiled: Lookup) -> tuple[Sort, ...]:
    keys = []
    for item in ",".join(given).split(",") if given else ():
        code, down = item.removeprefix("-"), item.startswith("-")
        if code in ("_id", "_lastUpdated"):
            keys.append(Sort("res", "id" if code == "_id" else "ts", (), down))
            continue
        known = compiled(type)
        if known.kinds.get(code) not in SORTED:
            raise Unknown(f"{type} can't be sorted by {code!r}", "_sort")
        table, column = SORTED[known.kinds[code]]
        places = tuple(dict.fromkeys(p.path for p in known.paths[code]))
        targets = {p.target for p in known.paths[code]}
        target = targets.pop() if len(targets) == 1 else ""
        keys.append(Sort(table, column, places, down, target))
    if len(keys) > 4:
        raise NotSupported("_sort takes up to four keys", "_sort")
    return tuple(keys)


def _includes(type: str, name: str, value: str, compiled: Lookup) -> Iterable[Include]:
    """`Type:parameter`, `Type:parameter:Target`, `Type:*` and `*`, which some write `*:*`."""
    back, again = name.startswith("_rev"), ":" in name
    name = name.partition(":")[0]
    if value in ("*", "*:*"):
        sources = RESOURCE_TYPES if back else (type,)
        every = (p for t in sources for c in compiled(t).targets for p in compiled(t).paths[c])
        yield Include("", tuple(dict.fromkeys(every)) if back else (), back=back, again=again)
        return
    source, _, rest = value.partition(":")
    code, _, target = rest.partition(":")
    if source not in TYPES or not code or (target and target not in TYPES):
        raise BadRequest(f"{name} is Type:parameter, Type:parameter:Type, Type:* or *", name)
    known = compiled(source)
    if code != "*" and known.kinds.get(code) != "reference":
        raise Unknown(f"{source} has no reference parameter {code!r}", name)
    if back and not again and target not in ("", type):
        raise BadRequest(f"the target of _revinclude is what is searched, {type}", name)
    if not back and not again and source != type:
        return  # a reference of resources that are no matches
    codes = list(known.targets) if code == "*" else [code]
    paths = tuple(dict.fromkeys(path for c in codes for path in known.paths[c]))
    yield Include(source, paths, target, back, again)
