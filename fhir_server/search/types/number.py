"""number: integers and decimals, matched by the precision of the query (R4 search 3.1.1.4.6)."""

from __future__ import annotations

from fhir_server.search.index import Clause, Extract, IndexPath, Keys, SearchType
from fhir_server.search.value import PREFIXES, number, prefixed, unescape


def _number(path: str) -> Extract:
    return lambda value, out, base: out.qty.append((path, float(value), "", ""))


def where(place: IndexPath, value: str, modifier: str, keys: Keys) -> list[Clause]:
    """The number, with a prefix."""
    sql, args = number(*prefixed(unescape(value)))
    return [Clause("qty", sql, args)]


TYPE = SearchType(
    tables=("qty",),
    emit={"integer": _number, "positiveInt": _number, "unsignedInt": _number, "decimal": _number},
    modifiers=("missing",),
    where=where,
    prefixes=PREFIXES,
)
