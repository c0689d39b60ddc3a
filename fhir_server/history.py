"""What a history interaction asks for: _since, _at, _list, _count, a page (R4 http 3.1.0.13)."""

from __future__ import annotations

from fhir_server.errors import BadRequest, NotSupported
from fhir_server.search.listed import rows
from fhir_server.search.types.date import span
from fhir_server.store.history import Cursor, HistoryQuery, Versions, history
from fhir_server.store.names import Numbers
from fhir_server.store.types import Connection

COUNT, MOST = 50, 1000
KNOWN = ("_since", "_at", "_list", "_count", "_cursor")
IGNORED = ("_format", "_pretty", "_summary", "_elements")
Pairs = tuple[tuple[str, str], ...]


def read_query(
    type: str, id: str, query: Pairs, *, strict: bool = True
) -> tuple[HistoryQuery, Pairs, int | None]:
    """The versions asked for, the parameters that said so, the total as the first page told it.

    Unless `strict`, unknown parameters have no effect. Raises BadRequest, NotSupported with the
    parameter as the place.
    """
    used = tuple(p for p in query if p[0] not in IGNORED and (strict or p[0] in KNOWN))
    given = dict(used)
    if len(given) != len(used):
        raise BadRequest("a parameter of history is given once")
    for name in given:
        if name not in KNOWN:
            raise NotSupported(f"history takes _since, _at, _list and _count, not {name!r}", name)
    cursor = given.get("_cursor", "")
    after, total = _place(cursor.removeprefix("-")) if cursor else (None, None)
    most = _count(given.get("_count", str(COUNT)))
    found = {"type": type, "id": id, "count": most, "after": after}
    found["back"] = cursor.startswith("-")
    found["list"] = given.get("_list", "")
    if "_list" in given and not found["list"]:
        raise BadRequest("_list names a list", "_list")
    if "_since" in given:
        found["since"] = _time(given["_since"], "_since")[0]
    if "_at" in given:
        found["low"], found["high"] = _time(given["_at"], "_at")
    return HistoryQuery(**found), used, total  # type: ignore[arg-type]


def versions_page(
    connection: Connection, numbers: Numbers, what: HistoryQuery, base: str
) -> Versions | None:
    """The page of versions; None where a resource is asked for that never was. Raises BadRequest
    for a list that can't be."""
    listed = rows(connection, numbers, what.list, base) if what.list else ()
    return history(connection, numbers, what, listed)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise BadRequest("_count is one whole number", "_count")
    return min(int(text), MOST)


def _time(text: str, name: str) -> tuple[int, int]:
    try:
        low, high = span(text.replace(" ", "+"))
    except ValueError:
        raise BadRequest(f"{name} is a date or an instant: 2026-03-01T12:00:00Z", name) from None
    return max(low, 0), high


def _place(text: str) -> tuple[Cursor, int | None]:
    numbers = text.split("-")
    if len(numbers) != 4 or not all(n.isascii() and n.isdigit() and len(n) < 19 for n in numbers):
        raise BadRequest("take the link to the page as it was given", "_cursor")
    ts, rid, vid, total = (int(n) for n in numbers)
    return Cursor(ts, rid, vid), total
