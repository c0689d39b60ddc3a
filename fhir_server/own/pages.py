"""Pages of a search among the stored resources, and after the last of them the server's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from fhir_server.own.source import Made
from fhir_server.search.cursor import LAST
from fhir_server.search.index import Codes as Meant
from fhir_server.search.query import parse
from fhir_server.store.types import Page

Pairs = Sequence[tuple[str, str]]
Codes = Mapping[tuple[str, str], Meant]  # what modifiers stand for, by them and their values
Find = Callable[[Pairs], Page]  # a page of a query, whose cursor may be in it
MARK = "own."  # before the cursor of a page that begins among the server's own


def found(
    made: Made | None, stored: Find, type: str, query: Pairs, *, strict: bool, codes: Codes
) -> Page:
    """A page of what is stored, and of what was made; a sort holds within each of the two."""
    if made is None:
        return stored(query)
    own = partial(made.search, type, strict=strict, codes=codes)
    count = parse(type, query, strict=strict).count
    cursor = dict(query).get("_cursor", "")
    plain = tuple(pair for pair in query if pair[0] not in ("_cursor", "_count"))
    at_end = ((*plain, ("_count", str(count)), ("_cursor", LAST))) if count else ()
    total = own((*plain, ("_count", "0"))).total or 0
    if cursor.startswith(MARK):
        first = stored((*plain, ("_count", "0"))).total or 0
        inner = [*plain, ("_count", str(count))]
        if own_cursor := cursor.removeprefix(MARK):
            inner.append(("_cursor", own_cursor))
        page = own(inner)
        before = _marked(page.previous, count) or (at_end if first else ())
        whole = None if dict(query).get("_total") == "none" else total + first
        following = _marked(page.next, count)
        return replace(page, total=whole, used=tuple(query), next=following, previous=before)
    page = stored(query)
    whole = None if page.total is None else page.total + total
    if page.next or not total or (left := count - len(page.entries)) < 0:
        return replace(page, total=whole)
    if left == 0:
        kept = tuple(p for p in page.used if p[0] != "_cursor")
        following = (*kept, ("_cursor", MARK)) if count else ()
        return replace(page, total=whole, next=following)
    more = own((*plain, ("_count", str(left))))
    return replace(
        page,
        entries=page.entries + more.entries,
        included=page.included + more.included,
        total=whole,
        next=_marked(more.next, count),
        previous=page.previous or (at_end if cursor and not page.entries else ()),
    )


def _marked(query: Pairs, count: int) -> tuple[tuple[str, str], ...]:
    """The query of a page beside, its cursor marked, the count as it was asked for."""
    changed = {"_cursor": MARK, "_count": ""}
    return tuple((n, str(count) if n == "_count" else changed.get(n, "") + v) for n, v in query)
