"""FHIR R4 4.0.1 as tables of facts: elements, codes, invariants, search parameters, compartments.

The tables beside this file are written by `python -m capability.derive`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a type. `name` ends in "[x]" where it is a choice among `types`."""

    name: str
    min: int
    max: str
    types: tuple[str, ...]
    targets: tuple[str, ...] = ()  # resource types that a Reference may name; () is any
    content: str = ""  # path whose elements it repeats
    codes: str = ""  # value set of a required binding
    simple: bool = False  # a quantity without comparator

    @property
    def many(self) -> bool:
        return self.max != "1"


@dataclass(frozen=True, slots=True)
class Invariant:
    """A constraint of the specification; `expression` is FHIRPath."""

    key: str
    path: str
    severity: str
    expression: str


@dataclass(frozen=True, slots=True)
class SearchParameter:
    """A search parameter as one resource type sees it: `expression` holds that type's paths only.

    `components` are (url of the parameter, expression on the composite's element).
    """

    code: str
    type: str
    expression: str
    targets: tuple[str, ...]
    url: str
    components: tuple[tuple[str, str], ...] = ()


@cache
def _table(name: str) -> Any:
    return orjson.loads((HERE / f"{name}.json").read_bytes())


RESOURCE_TYPES: tuple[str, ...] = tuple(_table("structures")["resources"])
PRIMITIVES: Mapping[str, str] = _table("structures")["primitives"]  # type -> regex, "" for xhtml


@cache
def elements(path: str) -> tuple[Element, ...]:
    """The elements of a type or of a nested element ("Patient", "Patient.contact", "HumanName").

    Raises KeyError where R4 has no such path.
    """
    return tuple(_element(*row) for row in _table("structures")["elements"][path])


def _element(
    name: str, least: int, most: str, types: list[str], more: Mapping[str, Any] | None = None
) -> Element:
    given = dict(more or {})
    given["targets"] = tuple(given.get("targets", ()))
    return Element(name, least, most, tuple(types), **given)


@cache
def terminology(kind: str) -> Mapping[str, dict[str, Any]]:
    """The facts of every "CodeSystem", "ValueSet" or "ConceptMap" by url.

    capability.terminology reads them.
    """
    return {row["url"]: row for row in _table("terminology")[kind]}


@cache
def codes(value_set: str) -> Mapping[str, frozenset[str]] | None:
    """Codes by system of a required binding; None where R4 doesn't list them (UCUM, MIME types)."""
    listed = _table("valuesets").get(value_set)
    return listed and {system: frozenset(values) for system, values in listed.items()}


@cache
def invariants(path: str) -> tuple[Invariant, ...]:
    """The invariants on a path, in the order of the specification."""
    rows = _table("invariants").get(path, {})
    return tuple(Invariant(key, path, *row) for key, row in rows.items())


def invariant_paths() -> tuple[str, ...]:
    """Every path that has invariants."""
    return tuple(_table("invariants"))


@cache
def search_parameters(resource_type: str) -> tuple[SearchParameter, ...]:
    """The search parameters of a resource type, those of every resource among them, by code.

    Raises KeyError where R4 has no such resource type.
    """
    if resource_type not in RESOURCE_TYPES:
        raise KeyError(resource_type)
    bases = {resource_type, "Resource"}
    if any(e.name == "text" for e in elements(resource_type)):
        bases.add("DomainResource")
    return tuple(
        SearchParameter(
            row["code"],
            row["type"],
            branches(row.get("expression", ""), bases),
            tuple(row.get("target", ())),
            row["url"],
            tuple((url, expression) for url, expression in row.get("component", ())),
        )
        for row in _table("search")
        if not bases.isdisjoint(row["base"])
    )


def every_search_parameter() -> Sequence[Mapping[str, Any]]:
    """The search parameters as the table has them, each once: url, code, type, base, expression,
    target, component."""
    rows: list[Mapping[str, Any]] = _table("search")
    return rows


def branches(expression: str, bases: set[str]) -> str:
    """The branches of a union that start at one of `bases`, or name no type (InsurancePlan's)."""
    found, depth, start = [], 0, 0
    for at, sign in enumerate(expression + "|"):
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and depth == 0:
            found.append(expression[start:at].strip())
            start = at + 1
    starts = {b: b.lstrip("(").partition(".")[0] for b in found}
    return " | ".join(b for b, root in starts.items() if root in bases or root[:1].islower())


def compartment(code: str) -> Mapping[str, tuple[str, ...]]:
    """Search parameters that put a resource into the compartment, by resource type.

    Raises KeyError for none of Patient, Encounter, RelatedPerson, Practitioner, Device.
    """
    return {kind: tuple(params) for kind, params in _table("compartments")[code].items()}
