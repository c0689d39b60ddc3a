"""What is read of CodeSystem, ValueSet and ConceptMap resources, R4's and R5's, and of which types.

Resources that travel with a request were not validated, as stored ones were.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from fhir_server.errors import BadRequest

Json = dict[str, Any]


class _Shape(msgspec.Struct, rename="camel", kw_only=True):
    """An element; what it has besides is not read, but it must not change what is read."""

    modifier_extension: Annotated[tuple[Json, ...], msgspec.Meta(max_length=0)] = ()


class _Extension(_Shape):
    url: str
    extension: tuple[_Extension, ...] = ()


class _Element(_Shape):
    extension: tuple[_Extension, ...] = ()


class _Coding(_Shape):
    system: str = ""
    version: str = ""
    code: str = ""
    display: str = ""


class _Designation(_Shape):
    value: str
    language: str = ""
    use: _Coding | UnsetType = UNSET
    extension: tuple[_Extension, ...] = ()


class _Property(_Shape):
    code: str
    uri: str = ""
    type: str = ""


class _Concept(_Shape):
    code: str
    display: str = ""
    definition: str = ""
    designation: tuple[_Designation, ...] = ()
    property: tuple[_Property, ...] = ()
    concept: tuple[_Concept, ...] = ()
    extension: tuple[_Extension, ...] = ()


class _Resource(_Element):
    implicit_rules: Annotated[str, msgspec.Meta(max_length=0)] = ""
    id: str = ""
    url: str = ""
    version: str = ""
    name: str = ""
    title: str = ""
    status: str = ""
    language: str = ""
    experimental: bool = False
    contained: tuple[Json, ...] = ()


class _CodeSystem(_Resource):
    content: str = ""
    supplements: str = ""
    value_set: str = ""
    case_sensitive: bool = True
    version_needed: bool = False
    compositional: bool = False
    property: tuple[_Property, ...] = ()
    concept: tuple[_Concept, ...] = ()


class _Filter(_Shape):
    property: str
    op: str = ""
    value: str = ""
    beside: _Element = msgspec.field(default_factory=_Element, name="_op")


class _Reference(_Shape):
    code: str
    display: str = ""
    designation: tuple[_Designation, ...] = ()
    extension: tuple[_Extension, ...] = ()


class _Include(_Shape):
    system: str = ""
    version: str = ""
    concept: tuple[_Reference, ...] = ()
    filter: tuple[_Filter, ...] = ()
    value_set: tuple[str, ...] = ()


class _Compose(_Element):
    inactive: bool | UnsetType = UNSET
    include: tuple[_Include, ...] = ()
    exclude: tuple[_Include, ...] = ()
    property: tuple[str, ...] = ()


class _Contains(_Coding):
    inactive: bool = False
    abstract: bool = False
    contains: tuple[_Contains, ...] = ()


class _Expansion(_Shape):
    contains: tuple[_Contains, ...] = ()


class _ValueSet(_Resource):
    compose: _Compose | UnsetType = UNSET
    expansion: _Expansion | UnsetType = UNSET


class _Dependency(_Shape):
    property: str = ""
    attribute: str = ""
    system: str = ""
    display: str = ""
    value: str = ""
    value_code: str = ""
    value_string: str = ""
    value_coding: _Coding | UnsetType = UNSET


class _Target(_Shape):
    code: str = ""
    display: str = ""
    comment: str = ""
    equivalence: str = ""
    relationship: str = ""
    depends_on: tuple[_Dependency, ...] = ()
    product: tuple[_Dependency, ...] = ()


class _Source(_Element):
    code: str = ""
    no_map: bool = False
    comment: str = ""
    target: tuple[_Target, ...] = ()


class _Unmapped(_Target):
    mode: str = ""
    url: str = ""
    other_map: str = ""


class _Group(_Shape):
    source: str = ""
    source_version: str = ""
    target: str = ""
    target_version: str = ""
    element: tuple[_Source, ...] = ()
    unmapped: _Unmapped | UnsetType = UNSET


class _ConceptMap(_Resource):
    source_uri: str = ""
    source_canonical: str = ""
    source_scope_uri: str = ""
    source_scope_canonical: str = ""
    target_uri: str = ""
    target_canonical: str = ""
    target_scope_uri: str = ""
    target_scope_canonical: str = ""
    group: tuple[_Group, ...] = ()


SHAPES = {"CodeSystem": _CodeSystem, "ValueSet": _ValueSet, "ConceptMap": _ConceptMap}


def check(kind: str, resource: Json) -> None:
    """Raises BadRequest where an element that is read is missing or of another type.

    So it does where there are rules for reading it that aren't known here: modifier extensions and
    implicit rules (https://hl7.org/fhir/R4/extensibility.html#modifierExtension).
    """
    try:
        msgspec.convert(resource, SHAPES[kind])
    except msgspec.ValidationError as error:
        raise BadRequest(f"the {kind} can't be read: {error}", kind) from None
