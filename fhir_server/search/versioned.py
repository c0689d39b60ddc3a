"""What comes along in the versions that references name (R4 search 3.1.1.5.4, "versions").

The index knows no versions: where a page has references with one, its resources are read for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from fhir_server.search.types.reference import CURRENT, local, version_in
from fhir_server.store.history import version
from fhir_server.store.names import Numbers
from fhir_server.store.types import Connection, Stored

MARK = b"/_history/"


def as_referred(
    connection: Connection,
    numbers: Numbers,
    matches: Iterable[Stored],
    along: tuple[Stored, ...],
    base: str,
    *,
    current: bool,
) -> tuple[Stored, ...]:
    """What came `along` with the matches, each in the versions that the page's references name.

    A version that is not there does not come along; `current` wants the current one in any case,
    as for what came because it refers to a match.
    """
    sources = (*matches, *along)
    if not along or not any(MARK in source.body for source in sources):
        return along
    named: dict[tuple[str, str], set[int]] = {}
    for source in sources:
        for reference in _references(orjson.loads(source.body)):
            if target := local(reference, base):
                named.setdefault(target, set()).add(version_in(reference))
    found = []
    for each in along:
        wanted_of = named.get((each.type, each.id), {CURRENT}) | ({CURRENT} if current else set())
        found += [_version(connection, numbers, each, number) for number in sorted(wanted_of)]
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _version(connection: Connection, numbers: Numbers, each: Stored, number: int) -> Stored | None:
    if number in (CURRENT, each.version):
        return each
    stored = version(connection, numbers, each.type, each.id, number)
    return None if stored is None or stored.deleted else stored


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(literal := value.get("reference"), str):
            yield literal
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)
