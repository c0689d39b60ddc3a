"""Row: one line of a v2-to-FHIR mapping table; apply() is the whole interpreter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from fhir_server.hl7v2.parse import Field, Segment

Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a message's header says of values that leave it open.

    `offset` is the time zone of times without one, `authority` the system of identifiers without
    an assigning authority: two senders' patient 55 are two patients.
    """

    offset: str = "Z"
    authority: str | None = None


class Row(NamedTuple):
    """`via` gives the FHIR value of one repetition, or None; `many` appends every repetition.

    `table` are all codes of the field's HL7 table, those that say nothing in FHIR among them.
    """

    field: int
    target: str  # a path such as "hospitalization.admitSource"
    via: Callable[[Field, Defaults], Any]
    many: bool = False
    table: str = ""

    def used(self, segment: Segment) -> list[Field]:
        """The repetitions that count."""
        fields = segment.repetitions(self.field)
        return fields if self.many else fields[:1]

    def fault(self, field: Field, defaults: Defaults) -> str:
        """Why the resource can't have what a repetition says, by table 0357; "" where it has."""
        given = field.component(1)
        if not given.strip():
            return ""
        if self.table:  # " F" is none of its codes: so it is read, too
            return "" if given.upper() in self.table.split() else "103"
        return "102" if self.via(field, defaults) is None else ""


def apply(rows: Iterable[Row], segment: Segment, defaults: Defaults, onto: Resource) -> Resource:
    """Writes what the rows say of the segment onto the resource, and gives it."""
    for row in rows:
        for value in (row.via(field, defaults) for field in row.used(segment)):
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


def nulls(rows: Iterable[Row], segment: Segment) -> set[str]:
    """The elements, or parts of them, that the sender asks to delete: null fields."""
    return {row.target for row in rows if segment.is_null(row.field)}
