"""Elements of a resource as a profile sees them: values with their types and places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from capability.fhirpath import Node
from capability.shape import Shape, shape

Json = dict[str, Any]


class Item(NamedTuple):
    """A value, its FHIR type (or nested path), its FHIRPath, and whether it is of a choice."""

    value: Any
    type: str
    at: str
    choice: bool = False
    codes: str = ""  # value set of R4's own required binding
    beside: Any = None  # a primitive's id and extensions

    def node(self) -> Node:
        """The same for FHIRPath."""
        return Node(self.value, self.type, beside=self.beside)


def shape_of(type: str) -> Shape | None:
    """The shape of a type, None where it has no elements (a primitive)."""
    try:
        return shape(type)
    except KeyError:
        return None


def children(item: Item, name: str) -> Iterator[Item]:
    """The child elements of a name: `name`, `value[x]`, `value`, or `valueQuantity`."""
    form = shape_of(item.type)
    if form is None or not isinstance(item.value, dict):
        return
    stem = name.removesuffix("[x]")
    for key, field in form.fields.items():
        if field.kind == "sibling" or stem not in (field.name, key):
            continue
        listed = item.value.get(key)
        beside = item.value.get(f"_{key}")
        if listed is None and beside is None:
            continue
        choice = key != field.name
        at = f"{item.at}.{field.name}"
        count = len(listed if listed is not None else beside or ()) if field.many else 1
        for n in range(count):
            own = listed if listed is None or not field.many else listed[n]
            place = f"{at}[{n}]" if field.many else at
            more = beside[n] if field.many and beside and n < len(beside) else None
            more = more if field.many else beside
            yield Item(own, _kind(field.type, own), place, choice, field.element.codes, more)


def _kind(type: str, value: Any) -> str:
    """A resource's own type where any may stand."""
    if type == "Resource" and isinstance(value, dict):
        return str(value.get("resourceType", type))
    return type


def matches(value: Any, pattern: Any) -> bool:
    """Whether a value has all that a pattern has (R4 ElementDefinition.pattern[x])."""
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(
            key in value and matches(value[key], each) for key, each in pattern.items()
        )
    if isinstance(pattern, list):
        return isinstance(value, list) and all(
            any(matches(one, each) for one in value) for each in pattern
        )
    if isinstance(pattern, bool) or isinstance(value, bool):
        return value is pattern
    return bool(value == pattern)


def same(value: Any, fixed: Any) -> bool:
    """Whether a value is exactly what is fixed (R4 ElementDefinition.fixed[x])."""
    return type(value) is type(fixed) and bool(value == fixed)
