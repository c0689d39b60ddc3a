"""The versions that a List refers to: what a history with `_list` tells (R4 http 3.1.0.13)."""

from __future__ import annotations

from collections.abc import Iterator

from fhir_server.search import lists
from fhir_server.search.builder import LIST, Builder
from fhir_server.search.criteria import criterion
from fhir_server.search.types.reference import local, version_in
from fhir_server.search.value import split, unescape
from fhir_server.store.history import FIND, Row
from fhir_server.store.names import Numbers
from fhir_server.store.types import Connection


def rows(connection: Connection, numbers: Numbers, asked: str, base: str) -> frozenset[Row]:
    """What Lists or current lists have, one or several with commas between them; raises BadRequest
    where there can't be one of a name."""
    found: set[Row] = set()
    for name in map(unescape, split(asked, ",")):
        of = _current if name.startswith("$") else _stored
        found.update(of(connection, numbers, name, base))
    return frozenset(found)


def _stored(connection: Connection, numbers: Numbers, name: str, base: str) -> Iterator[Row]:
    find = numbers.types.find
    row = connection.execute(LIST, (lists.id_of(name, base), find("List"))).fetchone()
    for reference in lists.references(row[0]) if row else ():
        if target := local(reference, base):
            type, id = target
            for (rid,) in connection.execute(FIND, (id, find(type))):
                yield rid, version_in(reference)


def _current(connection: Connection, numbers: Numbers, name: str, base: str) -> Iterator[Row]:
    builder = Builder(connection, numbers, base)
    for type in lists.types(name):
        asked = criterion(type, "_list", name)
        sql, args = builder.matching(type, list(builder.tests(asked)))
        yield from ((rid, 0) for (rid,) in connection.execute(sql, args))
