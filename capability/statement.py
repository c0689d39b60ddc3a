"""What the server says of itself: CapabilityStatement and OperationDefinition, from its tables."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from capability.definitions import RESOURCE_TYPES, SearchParameter, codes, search_parameters
from capability.operation import Operation, Param

Json = dict[str, Any]
Searchable = Callable[[str, SearchParameter], bool]
VALUE_SETS = "http://hl7.org/fhir/ValueSet/"
ANY = "Element"  # of a parameter whose data type the call decides


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What a server does, with every resource type alike.

    `interactions` are codes of the type level ("read", "search-type") and of the system level
    ("transaction"). Search parameters are told whose type is in `search_types` and that
    `searchable` has, and `more` of a type besides the specification's; `each` is put into every
    rest.resource ("versioning", "conditionalCreate", …). `patch_formats` are those of PATCH,
    besides `formats`, `compartments` the definitions of those that can be searched.
    """

    interactions: Collection[str]
    search_types: Collection[str]
    operations: Sequence[Operation[Any]]
    formats: Sequence[str] = ("json",)
    searchable: Searchable = lambda _, parameter: bool(parameter.expression)
    each: Mapping[str, Any] = field(default_factory=dict)
    patch_formats: Sequence[str] = ()
    more: Callable[[str], Iterable[SearchParameter]] = lambda _: ()
    compartments: Sequence[str] = ()

    def parameters(self, type: str) -> list[SearchParameter]:
        """What a resource type can be searched by."""
        own = (p for p in search_parameters(type) if p.type in self.search_types)
        return [*(p for p in own if self.searchable(type, p)), *self.more(type)]


def statement(base_url: str, version: str, date: str, able: Abilities) -> Json:
    """The CapabilityStatement; `version` is the software's, `date` its release as a dateTime."""
    return {
        "resourceType": "CapabilityStatement",
        "url": f"{base_url}/metadata",
        "version": version,
        "name": "Medparser",
        "title": "medparser",
        "status": "active",
        "date": date,
        "kind": "instance",
        "software": {"name": "medparser", "version": version},
        "implementation": {"description": "medparser, FHIR R4 server", "url": base_url},
        "fhirVersion": "4.0.1",
        "format": list(able.formats),
        **({"patchFormat": list(able.patch_formats)} if able.patch_formats else {}),
        "rest": [_rest(able, base_url)],
    }


def _rest(able: Abilities, base_url: str) -> Json:
    by_type = _interactions(able.interactions, "type-restful-interaction")
    by_system = _interactions(able.interactions, "system-restful-interaction")
    known = {name: able.parameters(name) for name in RESOURCE_TYPES}
    resources = [
        {
            "type": name,
            "interaction": by_type,
            **able.each,
            **_search(name, known),
            **_operations([o for o in able.operations if o.on(name)], base_url),
        }
        for name in RESOURCE_TYPES
    ]
    rest: Json = {"mode": "server", "resource": resources}
    if by_system:
        rest["interaction"] = by_system
    if able.compartments:
        rest["compartment"] = list(able.compartments)
    return rest | _operations([o for o in able.operations if "system" in o.levels], base_url)


def _interactions(interactions: Collection[str], value_set: str) -> list[Json]:
    known = frozenset().union(*(codes(VALUE_SETS + value_set) or {}).values())
    return [{"code": code} for code in interactions if code in known]


def _search(name: str, known: Mapping[str, Sequence[SearchParameter]]) -> Json:
    """What a type can be searched by and what comes along; `known` are the parameters of each."""
    if not known[name]:
        return {}
    references = {t: [p for p in every if p.type == "reference"] for t, every in known.items()}
    back = [f"{t}:{p.code}" for t, every in references.items() for p in every if name in p.targets]
    return {
        "searchInclude": ["*", *(f"{name}:{p.code}" for p in references[name])],
        "searchRevInclude": ["*", *back],
        "searchParam": [{"name": p.code, "definition": p.url, "type": p.type} for p in known[name]],
    }


def _operations(operations: Sequence[Operation[Any]], base_url: str) -> Json:
    rows = [{"name": o.code, "definition": canonical(o, base_url)} for o in operations]
    return {"operation": rows} if rows else {}


def operation_id(op: Operation[Any]) -> str:
    """The id of an operation's definition: "DocumentReference-extract"."""
    return "-".join((*op.resources[:1], op.code))


def canonical(op: Operation[Any], base_url: str) -> str:
    """The URL of an operation's definition: the specification's own, or the server's."""
    return op.standard or f"{base_url}/OperationDefinition/{operation_id(op)}"


def operation_definition(op: Operation[Any], base_url: str) -> Json:
    """The OperationDefinition of an operation as this server does it."""
    made: Json = {
        "resourceType": "OperationDefinition",
        "id": operation_id(op),
        "url": f"{base_url}/OperationDefinition/{operation_id(op)}",
        "name": "".join(part.capitalize() for part in op.code.replace("-", " ").split()),
        "title": op.title,
        "status": "active",
        "kind": "operation",
        "affectsState": op.affects_state,
        "code": op.code,
        **({"base": op.standard} if op.standard else {}),
        "system": "system" in op.levels,
        "type": "type" in op.levels,
        "instance": "instance" in op.levels,
    }
    if op.resources:
        made["resource"] = list(op.resources)
    rows = [_parameter(p, "in") for p in op.inputs] + [_parameter(p, "out") for p in op.outputs]
    return made | ({"parameter": rows} if rows else {})


def _parameter(param: Param, use: str) -> Json:
    row: Json = {"name": param.name, "use": use, "min": param.min, "max": param.max}
    if param.doc:
        row["documentation"] = param.doc
    if param.parts:
        return row | {"part": [_parameter(part, use) for part in param.parts]}
    return row | {"type": param.type or ANY}
