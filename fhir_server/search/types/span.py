"""span: two whole numbers of one element, as the coordinates of MolecularSequence search them.

A pair is one row of the index of ranges. No search type of R4: the composites use it.
"""

from __future__ import annotations

from fhir_server.search.index import Clause, IndexPath, Keys, SearchType
from fhir_server.search.value import number, prefixed, split, unescape


def where(place: IndexPath, value: str, modifier: str, keys: Keys) -> list[Clause]:
    """`first$second`, each a number with a prefix."""
    tests = []
    bound: tuple[float, ...] = ()
    for column, part in zip(("lo", "hi"), split(value, "$"), strict=True):
        sql, args = number(*prefixed(unescape(part)))
        tests.append(sql.replace("val", column))
        bound += args
    return [Clause("dat", " AND ".join(tests), bound)]


TYPE = SearchType(tables=("dat",), emit={}, modifiers=(), where=where)
