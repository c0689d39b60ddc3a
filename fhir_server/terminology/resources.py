"""CodeSystem, ValueSet and ConceptMap resources to terminology's plain values.

They are R4 resources; what R5 names otherwise (`relationship`, `sourceScopeUri` …) is read as well,
so that resources which travel with a request need not be rewritten.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from fhir_server.errors import BadRequest
from fhir_server.terminology.maps import read_map
from fhir_server.terminology.shapes import check
from terminology.codesystem import (
    STANDARDS_STATUS,
    Coding,
    ConceptDefinition,
    ConceptDesignation,
    ConceptProperty,
    Extension,
    PropertyDefinition,
    Standing,
)
from terminology.conceptmap import (
    ConceptMap,
)
from terminology.library import Shelf
from terminology.table import Node, Table
from terminology.valueset import Contained, Filter, Include, Reference, ValueSet

log = logging.getLogger(__name__)
Json = dict[str, Any]
T = TypeVar("T")
CODING = ("system", "code", "version", "display")
TYPES = ("CodeSystem", "ValueSet", "ConceptMap")
SD = "http://hl7.org/fhir/StructureDefinition/"
SUPPLEMENT = f"{SD}valueset-supplement"
PROPERTY = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.compose.property"
OP = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.compose.include.filter.op"
PARAMETER = frozenset(
    {
        f"{SD}valueset-expansion-parameter",
        "http://hl7.org/fhir/tools/StructureDefinition/valueset-expansion-parameter",
    }
)


def shelf(resources: Iterable[Json], *, strict: bool = True) -> Shelf:
    """A layer of a library; resources of other types are left out.

    Raises BadRequest where one can't be used (a CodeSystem without url), or leaves it out too.
    """
    found: dict[str, list[Json]] = {name: [] for name in TYPES}
    for each in resources:
        if isinstance(each, dict) and isinstance(kind := each.get("resourceType"), str):
            found.setdefault(kind, []).append(each)
    return Shelf(
        tuple(_read(table, found["CodeSystem"], strict=strict)),
        tuple(_read(value_set, found["ValueSet"], strict=strict)),
        tuple(_read(concept_map, found["ConceptMap"], strict=strict)),
    )


def _read(read: Callable[[Json], T], given: Iterable[Json], *, strict: bool) -> Iterator[T]:
    for each in given:
        try:
            yield read(each)
        except BadRequest as error:
            if strict:
                raise
            log.warning("%s/%s is left out: %s", each["resourceType"], each.get("id"), error)


def table(resource: Json) -> Table:
    """A CodeSystem resource as a code system in memory; raises BadRequest where it's malformed."""
    made = _formed("CodeSystem", _table, resource)
    if not made.url:
        raise BadRequest("a CodeSystem needs a url to be used", "CodeSystem.url")
    return made


def value_set(resource: Json) -> ValueSet:
    """A ValueSet resource as a plain value; raises BadRequest where it's malformed."""
    return _formed("ValueSet", _value_set, resource)


def concept_map(resource: Json) -> ConceptMap:
    """A ConceptMap resource as a plain value; raises BadRequest where it's malformed."""
    return _formed("ConceptMap", read_map, resource)


def _formed(kind: str, read: Callable[[Json], T], resource: Json) -> T:
    check(kind, resource)
    try:
        return read(resource)
    except RecursionError:
        raise BadRequest(f"the {kind} is nested too deep", kind) from None


def _table(resource: Json) -> Table:
    supplement = resource.get("content") == "supplement"
    return Table(
        resource.get("url", ""),
        resource.get("version", ""),
        resource.get("name", ""),
        resource.get("title", ""),
        resource.get("language", ""),
        resource.get("content", "complete"),
        resource.get("caseSensitive", True),
        resource.get("versionNeeded", False),
        _standing(resource),
        tuple(
            PropertyDefinition(p["code"], p.get("uri", ""), p.get("type", "code"))
            for p in resource.get("property", ())
        ),
        tuple(_nodes(resource.get("concept", ()))),
        resource.get("valueSet", ""),
        (resource.get("supplements") or resource.get("url", "")) if supplement else "",
        compositional=resource.get("compositional", False),
    )


def _value_set(resource: Json) -> ValueSet:
    compose = resource.get("compose", {})
    inner = [r for r in resource.get("contained", ()) if r.get("resourceType") == "ValueSet"]
    expansion = resource.get("expansion")
    return ValueSet(
        resource.get("url", ""),
        resource.get("version", ""),
        resource.get("name", ""),
        resource.get("language", ""),
        _standing(resource),
        tuple(_includes(compose, "include", resource.get("language", ""))),
        tuple(_includes(compose, "exclude", resource.get("language", ""))),
        compose.get("inactive"),
        tuple((f"#{r['id']}", value_set(r)) for r in inner if "id" in r),
        tuple(str(e.value) for e in _extensions(resource) if e.url == SUPPLEMENT),
        tuple(_parameters(compose)) + tuple(_parameters(resource)),
        tuple(_properties(compose)),
        None if expansion is None else tuple(_contained(expansion.get("contains", ()))),
    )


def coding(given: Json) -> Coding:
    """A Coding; raises BadRequest where it's malformed."""
    told = [given.get(n, "") for n in CODING] if isinstance(given, dict) else [None]
    if not all(isinstance(each, str) for each in told):
        raise BadRequest(f"a Coding has {', '.join(CODING)} as strings", "Coding")
    return Coding(*told)


def _standing(resource: Json) -> Standing:
    standards = [e.value for e in _extensions(resource) if e.url == STANDARDS_STATUS]
    return Standing(
        resource.get("status", ""),
        str(standards[0]) if standards else "",
        resource.get("experimental", False),
    )


def _nodes(concepts: Iterable[Json]) -> Iterator[Node]:
    for given in concepts:
        concept = ConceptDefinition(
            given["code"],
            given.get("display", ""),
            given.get("definition", ""),
            tuple(_designations(given)),
            tuple(_property(p) for p in given.get("property", ())),
            tuple(_extensions(given)),
        )
        yield Node(concept, tuple(_nodes(given.get("concept", ()))))


def _property(given: Json) -> ConceptProperty:
    key = next((k for k in given if k.startswith("value")), "")
    kind = key.removeprefix("value")
    if kind == "Coding":
        return ConceptProperty(given["code"], kind, coding(given[key]))
    if not kind or not isinstance(given[key], str | bool | int | float):
        raise BadRequest(f"the property {given['code']!r} has no value", "CodeSystem.concept")
    return ConceptProperty(given["code"], kind[0].lower() + kind[1:], given[key])


def _designations(given: Json) -> Iterator[ConceptDesignation]:
    for each in given.get("designation", ()):
        use = coding(each["use"]) if "use" in each else None
        yield ConceptDesignation(
            each["value"], each.get("language", ""), use, tuple(_extensions(each))
        )


def _extensions(given: Json) -> Iterator[Extension]:
    for each in given.get("extension", ()):
        for key, value in each.items():
            kind = key.removeprefix("value")
            if kind not in ("", key) and isinstance(value, str | bool | int | float):
                yield Extension(each["url"], kind[0].lower() + kind[1:], value)


def _includes(compose: Json, name: str, language: str) -> Iterator[Include]:
    for number, given in enumerate(compose.get(name, ())):
        place = f"ValueSet.compose.{name}[{number}]"
        if not given.get("system") and (given.get("concept") or not given.get("valueSet")):
            raise BadRequest(f"the {name} names no system, nor value sets alone", place)
        yield Include(
            given.get("system", ""),
            given.get("version", ""),
            tuple(
                Reference(
                    c["code"],
                    c.get("display", ""),
                    tuple(_designations(c)),
                    tuple(_extensions(c)),
                    language,
                )
                for c in given.get("concept", ())
            ),
            tuple(
                Filter(f["property"], _op(f), f.get("value", ""), f"{place}.filter[{n}]")
                for n, f in enumerate(given.get("filter", ()))
            ),
            tuple(given.get("valueSet", ())),
        )


def _op(given: Json) -> str:
    """A filter's operator; those that R4 lacks (child-of) come in a cross-version extension."""
    if "op" in given:
        return str(given["op"])
    return next((str(e.value) for e in _extensions(given.get("_op", {})) if e.url == OP), "")


def _parameters(given: Json) -> Iterator[tuple[str, str]]:
    for extension in given.get("extension", ()):
        if extension["url"] in PARAMETER:
            parts = {
                part["url"]: next((v for k, v in part.items() if k.startswith("value")), "")
                for part in extension.get("extension", ())
            }
            value = parts.get("value", "")
            told = str(value).lower() if isinstance(value, bool) else str(value)
            yield str(parts.get("name", "")), told


def _properties(compose: Json) -> Iterator[str]:
    """The properties that an expansion is to give: in R4 they come in a cross-version extension."""
    yield from compose.get("property", ())
    yield from (str(e.value) for e in _extensions(compose) if e.url == PROPERTY)


def _contained(contains: Iterable[Json]) -> Iterator[Contained]:
    for given in contains:
        if "code" in given:
            yield Contained(
                given.get("system", ""),
                given.get("version", ""),
                given["code"],
                given.get("display", ""),
                given.get("inactive", False),
                given.get("abstract", False),
            )
        yield from _contained(given.get("contains", ()))
