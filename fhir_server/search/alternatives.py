"""Many alternatives that ask alike, as one condition: lists of codes, of references, of ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import orjson

from fhir_server.search.index import Clause

FROM = 8  # as many of a kind are one condition; fewer are a seek each


def gathered(clauses: Sequence[Clause]) -> Iterator[Clause]:
    """The clauses of one place, with those of a kind that are many put together by `many`."""
    alike: dict[tuple[str, str, str], list[Clause]] = {}
    for clause in clauses:
        alike.setdefault((clause.table, clause.many, clause.under), []).append(clause)
    for (_, many, _), same in alike.items():
        if not many or len(same) < FROM:
            yield from same
            continue
        listed = orjson.dumps([clause.args for clause in same]).decode()
        yield same[0]._replace(sql=many, args=(listed,), point=False, many="")
