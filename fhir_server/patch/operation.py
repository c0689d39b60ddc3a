"""One operation of a FHIRPath Patch, as its parameters tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from capability.issue import error
from fhir_server.errors import BadRequest, Invalid

NEEDS = {  # by operation, the parts that it must have besides type
    "add": ("path", "name", "value"),
    "insert": ("path", "index", "value"),
    "delete": ("path",),
    "replace": ("path", "value"),
    "move": ("path", "source", "destination"),
}
Json = Any


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; `place` says where it stands in the patch."""

    type: str
    parts: Mapping[str, Json]
    place: str


def operation_of(row: Json, place: str) -> Operation:
    """The operation of a parameter; raises BadRequest where it is none, or lacks a part."""
    if row.get("name") != "operation":
        raise BadRequest("every parameter of a FHIRPath Patch is an operation", place)
    parts = {str(part.get("name")): part for part in rows(row, "part", place)}
    kind = _scalar(parts.get("type"))
    if not isinstance(kind, str) or kind not in NEEDS:
        raise BadRequest(f"type is one of {', '.join(NEEDS)}", place)
    for name in NEEDS[kind]:
        if name not in parts:
            raise BadRequest(f"{kind} needs the part {name}", place)
    return Operation(kind, parts, place)


def rows(owner: Json, key: str, place: str) -> list[Json]:
    """The objects under a key; raises BadRequest where they are no array of objects."""
    rows = owner.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadRequest(f"{key} is an array of objects", place)
    return rows


def _scalar(part: Json) -> Json:
    """The primitive value of a part, None where there is none."""
    values = [v for k, v in (part or {}).items() if k.startswith("value")]
    return values[0] if values else None


def text_of(operation: Operation, name: str) -> str:
    """A part that is a string; raises BadRequest."""
    value = _scalar(operation.parts[name])
    if not isinstance(value, str):
        raise BadRequest(f"{name} is a string", operation.place)
    return value


def number_of(operation: Operation, name: str) -> int:
    """A part that is a whole number from 0 on; raises BadRequest."""
    value = _scalar(operation.parts[name])
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadRequest(f"{name} is a whole number from 0 on", operation.place)
    return value


def unfit(operation: Operation, text: str) -> Invalid:
    """What to raise where the resource is not as the operation needs it."""
    return Invalid([error("processing", operation.place, text)])
