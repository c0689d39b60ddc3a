"""One code of an expansion, with the names, properties and extensions that were asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from terminology.codesystem import (
    CONCEPT_PROPERTIES,
    STANDARDS_STATUS,
    CodeSystem,
    ConceptDefinition,
    ConceptDesignation,
    ConceptProperty,
    Extension,
    property_code,
)
from terminology.display import PREFERRED, Name, names, shown
from terminology.languages import Languages, same
from terminology.status import status_of
from terminology.valueset import Reference

SD = "http://hl7.org/fhir/StructureDefinition/"
# a property of expansions, the extension's fragment of the uri, the FHIR type, and the
# extensions that tell it: those of value sets come before those of code systems
TOLD = (
    ("order", "order", "decimal", (f"{SD}valueset-conceptOrder", f"{SD}codesystem-conceptOrder")),
    ("label", "label", "string", (f"{SD}valueset-label", f"{SD}codesystem-label")),
    ("weight", "itemWeight", "decimal", (f"{SD}itemWeight", f"{SD}ordinalValue")),
)
KEPT = frozenset(
    {
        f"{SD}rendering-style",
        f"{SD}rendering-xhtml",
        f"{SD}valueset-deprecated",
        f"{SD}valueset-concept-definition",
    }
)
KEPT_OF_DESIGNATIONS = frozenset({f"{SD}coding-sctdescid", STANDARDS_STATUS})
LANGUAGE_SYSTEM = "urn:ietf:bcp:47"


@dataclass(frozen=True, slots=True)
class Details:
    """What to tell of each code; `only` are designations' languages or uses ("de", "sys|code")."""

    languages: Languages = field(default_factory=Languages)
    designations: bool = False
    only: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contains:
    """A code of an expansion; `uris` are the uris of its properties, by their codes."""

    system: str
    code: str
    display: str = ""
    version: str = ""
    abstract: bool = False
    inactive: bool = False
    designations: tuple[ConceptDesignation, ...] = ()
    properties: tuple[ConceptProperty, ...] = ()
    uris: tuple[tuple[str, str], ...] = ()
    extensions: tuple[Extension, ...] = ()
    contains: tuple[Contains, ...] = ()


def contains(
    system: CodeSystem, code: str, listed: Reference | None, wanted: Details, versioned: bool
) -> Contains:
    """A code as the expansion tells it; with its system's version where `versioned`."""
    concept = system.concept(code)
    found = names(system, concept, listed)
    display = shown(found, wanted.languages)
    inactive = system.is_inactive(code)
    properties = dict(_properties(system, concept, listed, wanted, inactive))
    return Contains(
        system.url,
        code,
        display.value if display else "",
        system.version if versioned else "",
        system.is_abstract(code),
        inactive,
        tuple(_designations(concept, listed, found, display, wanted)),
        tuple(properties),
        tuple((each.code, uri) for each, uri in properties.items() if uri),
        tuple(_extensions(concept, listed)),
    )


def _designations(
    concept: ConceptDefinition,
    listed: Reference | None,
    found: list[Name],
    display: Name | None,
    wanted: Details,
) -> Iterator[ConceptDesignation]:
    if not (wanted.designations or wanted.only):
        return
    told = [*concept.designations, *(listed.designations if listed else ())]
    default = next((n for n in found if n.designation is None), None)
    if default is not None and display is not default:
        told.insert(0, ConceptDesignation(default.value, default.language or "en", PREFERRED))
    for each in told:
        if display is not None and each is display.designation:
            continue
        if not wanted.only or any(_is(each, only) for only in wanted.only):
            kept = tuple(e for e in each.extensions if e.url in KEPT_OF_DESIGNATIONS)
            yield replace(each, extensions=kept)


def _is(designation: ConceptDesignation, only: str) -> bool:
    system, bar, code = only.rpartition("|")
    if not bar or system == LANGUAGE_SYSTEM:
        return same(code, designation.language)
    use = designation.use
    return use is not None and (use.system, use.code) == (system, code)


def _properties(
    system: CodeSystem,
    concept: ConceptDefinition,
    listed: Reference | None,
    wanted: Details,
    inactive: bool,
) -> Iterator[tuple[ConceptProperty, str]]:
    """Each property with its uri, if it has one; some come twice."""
    for name, fragment, kind, urls in TOLD:
        extensions = (listed.extensions if listed else ()) + concept.extensions
        values = [e.value for url in urls for e in extensions if e.url == url]
        if values:
            yield _concept_property(name, kind, values[0], fragment)
    status = status_of(system, concept) or ("inactive" if inactive else "")
    if status:
        yield _concept_property("status", "code", status, "status")
    own = property_code(system, "status") if status else ""
    for name in wanted.properties:
        if name == "definition" and concept.definition:
            yield _concept_property(name, "string", concept.definition, name)
        for kin, code in _kin(system, concept.code, name):
            yield _concept_property(kin, "code", code, kin)
        for each in concept.properties:
            if name in (each.code, "*") and each.code != own:
                declared = system.properties.get(each.code)
                yield each, declared.uri if declared else ""


def _kin(system: CodeSystem, code: str, name: str) -> Iterator[tuple[str, str]]:
    """(property, code) of what stands right above or below, where such a property is wanted."""
    if name == "parent":
        yield from ((name, each) for each in system.parents(code))
    elif name == "child":
        yield from ((name, each) for each in system.children(code))


def _concept_property(
    name: str, kind: str, value: str | bool | int | float, fragment: str
) -> tuple[ConceptProperty, str]:
    return ConceptProperty(name, kind, value), CONCEPT_PROPERTIES + fragment


def _extensions(concept: ConceptDefinition, listed: Reference | None) -> Iterator[Extension]:
    told = {e.url: e for e in concept.extensions if e.url in KEPT}
    kept = KEPT | {STANDARDS_STATUS}  # of a code's own it is told as a property
    told |= {e.url: e for e in (listed.extensions if listed else ()) if e.url in kept}
    yield from told.values()
