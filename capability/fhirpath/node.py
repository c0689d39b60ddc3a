"""Node: an element at its place in a resource, with its type; and the types above a type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from capability.definitions import PRIMITIVES, RESOURCE_TYPES, elements
from capability.fhirpath.errors import PathError
from capability.shape import Field, shape

Json = Any
ABOVE = {
    **dict.fromkeys(("code", "id", "markdown"), "string"),
    **dict.fromkeys(("url", "canonical", "uuid", "oid"), "uri"),
    **dict.fromkeys(("positiveInt", "unsignedInt"), "integer"),
    **dict.fromkeys(("Age", "Count", "Distance", "Duration"), "Quantity"),
}
SYSTEM = {
    bool: "System.Boolean",
    str: "System.String",
    int: "System.Integer",
    float: "System.Decimal",
    Decimal: "System.Decimal",
}


@dataclass(frozen=True, slots=True)
class Node:
    """An element at its place: `owner[key]`, or an item of the array there where `at` is not -1.

    `type` is a FHIR type, the path of a nested element, or "System.…" of a literal or a result.
    `beside` holds a primitive's id and extensions, `within` is the type of the owner. The resource
    itself has no owner; `away` marks one that is known by a reference alone.
    """

    value: Json
    type: str
    owner: Json = None
    key: str = ""
    at: int = -1
    beside: Json = None
    within: str = ""
    away: bool = False

    @property
    def valued(self) -> bool:
        """Whether it is a primitive that has a value."""
        return self.value is not None and not isinstance(self.value, dict)


def system(value: Json) -> Node:
    """A result that is no element: a boolean, a string, a number."""
    return Node(value, SYSTEM[type(value)])


def children(node: Node, name: str = "") -> Iterator[Node]:
    """The child elements of a name, a choice's by its name without a type; all without a name.

    Raises PathError of a resource that only a reference tells of.
    """
    if node.away:
        raise PathError("it asks what is in a resource that is not at hand")
    owner, type = node.value, node.type
    if not isinstance(owner, dict):
        owner, type = node.beside, "Element"
        if not isinstance(owner, dict):
            return
    for key, field in _fields(type, name):
        value, beside = owner.get(key), owner.get(f"_{key}")
        if value is None and beside is None:
            continue
        if not field.many:
            yield Node(value, _kind(field.type, value), owner, key, -1, beside, type)
            continue
        for at in range(len(value or beside or ())):
            item = value[at] if value else None
            own = beside[at] if beside and at < len(beside) else None
            yield Node(item, _kind(field.type, item), owner, key, at, own, type)


def descendants(node: Node) -> Iterator[Node]:
    """All that is below an element, without the element."""
    open = [children(node)]
    while open:
        for child in open[-1]:
            yield child
            open.append(children(child))
            break
        else:
            open.pop()


@cache
def _fields(type: str, name: str) -> tuple[tuple[str, Field], ...]:
    try:
        listed = shape(type).fields.items()
    except KeyError:
        return ()
    return tuple((k, f) for k, f in listed if f.kind != "sibling" and name in ("", f.name))


def _kind(type: str, value: Json) -> str:
    """A contained resource's own type."""
    if isinstance(value, dict) and "resourceType" in value:
        return str(value["resourceType"])
    return type


@cache
def types(type: str) -> tuple[str, ...]:
    """A type and those above it: "Age", "Quantity", "Element"."""
    if type.startswith("System."):
        return (type,)
    if type in RESOURCE_TYPES:
        domain = any(element.name == "contained" for element in elements(type))
        return (type, "DomainResource", "Resource") if domain else (type, "Resource")
    if "." in type:
        listed = (type, "BackboneElement", "Element")
        return listed if any(k == "modifierExtension" for k in shape(type).fields) else listed[::2]
    above = ABOVE.get(type)
    return (type, above, "Element") if above else (type, "Element")


def typed(node: Node, name: str) -> bool:
    """Whether an element is of a type, "FHIR.Patient", "System.String", or a name alone.

    A name alone is of either: `answer is Boolean`, as R4's que-7 has it, holds of a boolean.
    """
    space, _, own = name.rpartition(".")
    if space == "System":
        return node.type == name
    known = types(node.type)
    if own in known:
        return space in ("", "FHIR")
    if space:
        return False
    plain = own[:1].lower() + own[1:]
    return f"System.{own[:1].upper()}{own[1:]}" in known or (plain in PRIMITIVES and plain in known)
