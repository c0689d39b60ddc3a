"""Shape: the elements of one path under the names that they have in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from capability.definitions import PRIMITIVES, RESOURCE_TYPES, Element, elements

Kind = Literal["primitive", "sibling", "object", "resource"]
NESTED = ("BackboneElement", "Element")


@dataclass(frozen=True, slots=True)
class Field:
    """A JSON property: `name` is the element's, `type` a FHIR type or the path of a nested one.

    A "sibling" is the property with an underscore that carries a primitive's id and extensions.
    """

    name: str
    type: str
    kind: Kind
    element: Element

    @property
    def many(self) -> bool:
        return self.element.many


@dataclass(frozen=True, slots=True)
class Shape:
    """`required` and `choices` pair an element's name with the JSON properties that may hold it."""

    path: str
    fields: Mapping[str, Field]
    required: tuple[tuple[str, frozenset[str]], ...]
    choices: tuple[tuple[str, frozenset[str]], ...]

    @property
    def resource(self) -> bool:
        return self.path in RESOURCE_TYPES


@cache
def shape(path: str) -> Shape:
    """The shape of a type ("Patient", "HumanName") or of a nested path ("Patient.contact").

    Raises KeyError where R4 has no such path.
    """
    fields: dict[str, Field] = {}
    required, choices = [], []
    for element in elements(path):
        if element.max == "0":
            continue
        own = _fields(path, element)
        fields |= own
        name = element.name.removesuffix("[x]")
        if element.min:
            required.append((name, frozenset(own)))
        if name != element.name:
            choices.append((name, frozenset(own)))
    return Shape(path, fields, tuple(required), tuple(choices))


def _fields(path: str, element: Element) -> dict[str, Field]:
    if element.content:
        return {element.name: Field(element.name, element.content, "object", element)}
    if not element.name.endswith("[x]"):
        return _typed(path, element.name, element.name, element.types[0], element)
    stem = element.name.removesuffix("[x]")
    fields: dict[str, Field] = {}
    for kind in element.types:
        fields |= _typed(path, stem + kind[0].upper() + kind[1:], stem, kind, element)
    return fields


def _typed(path: str, key: str, name: str, kind: str, element: Element) -> dict[str, Field]:
    if kind in PRIMITIVES:
        if _bare(path, name, kind):
            kind = "id" if path in RESOURCE_TYPES else kind
            return {key: Field(name, kind, "primitive", element)}
        return {
            key: Field(name, kind, "primitive", element),
            "_" + key: Field(name, "Element", "sibling", element),
        }
    if kind == "Resource":
        return {key: Field(name, kind, "resource", element)}
    nested = f"{path}.{name}" if kind in NESTED else kind
    return {key: Field(name, nested, "object", element)}


def _bare(path: str, name: str, kind: str) -> bool:
    """Whether a primitive has no sibling: it is an attribute in XML, or markup."""
    return name == "id" or kind == "xhtml" or (path == "Extension" and name == "url")
