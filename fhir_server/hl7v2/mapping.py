"""Row: one line of a v2-to-FHIR mapping table; apply() is the whole interpreter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from fhir_server.hl7v2.parse import Field, Segment

Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Zone:
    """What a message says of times that name no offset: MSH-7's own, else the setting."""

    offset: str = "Z"


class Row(NamedTuple):
    """`via` gives the FHIR value of one repetition, or None; `many` appends every repetition."""

    field: int
    target: str  # a path such as "hospitalization.admitSource"
    via: Callable[[Field, Zone], Any]
    many: bool = False


def apply(rows: Iterable[Row], segment: Segment, zone: Zone, onto: Resource) -> Resource:
    """Writes what the rows say of the segment onto the resource, and gives it."""
    for row in rows:
        if segment.is_null(row.field):
            _clear(onto, row.target)
            continue
        values = [row.via(field, zone) for field in segment.repetitions(row.field)]
        for value in values if row.many else values[:1]:
            if value not in (None, "", {}, []):
                _put(onto, row, value)
    return onto


def _put(onto: Resource, row: Row, value: Any) -> None:
    *path, leaf = row.target.split(".")
    for step in path:
        onto = onto.setdefault(step, {})
    if row.many:
        held = onto.setdefault(leaf, [])
        if value not in held:
            held.append(value)
    else:
        onto[leaf] = value


def _clear(onto: Resource, target: str) -> None:
    *path, leaf = target.split(".")
    for step in path:
        onto = onto.get(step, {})
    onto.pop(leaf, None)
