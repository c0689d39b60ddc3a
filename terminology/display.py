"""The names of a concept by language: which one to show, which ones are right."""

from __future__ import annotations

from dataclasses import dataclass

from terminology.codesystem import (
    STANDARDS_STATUS,
    CodeSystem,
    Coding,
    ConceptDefinition,
    ConceptDesignation,
)
from terminology.languages import Languages, same
from terminology.valueset import Reference

PREFERRED = Coding(
    "http://terminology.hl7.org/CodeSystem/hl7TermMaintInfra",
    "preferredForLanguage",
    display="Preferred For Language",
)
# uses of designations that may stand as a display; the codes are SNOMED CT's fully specified
# name and synonym, and those of HL7's designation usage
DISPLAYS = frozenset(
    {"display", "preferredForLanguage", "900000000000003001", "900000000000013009", "preferred"}
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name that may be displayed; `language` is empty where nobody says."""

    value: str
    language: str
    designation: ConceptDesignation | None = None


def names(system: CodeSystem, concept: ConceptDefinition, listed: Reference | None) -> list[Name]:
    """The names that may be displayed, the default one first.

    A display that a value set gives its code comes before the system's own.
    """
    found = []
    if listed is not None and listed.display:
        found.append(Name(listed.display, listed.language or system.language))
    if concept.display:
        found.append(Name(concept.display, system.language))
    designations = concept.designations + (listed.designations if listed else ())
    found += [Name(d.value, d.language, d) for d in designations if may_display(d)]
    return found


def may_display(designation: ConceptDesignation) -> bool:
    """Whether a designation may stand in for the display."""
    return designation.use is None or designation.use.code in DISPLAYS


def given_up(name: Name) -> str:
    """The status of a name that is no longer to be used (deprecated, withdrawn), else empty."""
    extensions = name.designation.extensions if name.designation else ()
    status = next((str(e.value) for e in extensions if e.url == STANDARDS_STATUS), "")
    return status if status in ("deprecated", "withdrawn") else ""


def shown(found: list[Name], languages: Languages) -> Name | None:
    """The name to show; None where there is none, or none in a language that must be."""
    found = [name for name in found if not given_up(name)]
    if not found:
        return None
    default = found[0]
    if not languages:
        return default if default.designation is None else None
    place = languages.best(_language(name, default) for name in found)
    if place >= 0:
        return found[place]
    return None if languages.only or default.designation is not None else default


def right(found: list[Name], languages: Languages) -> list[Name]:
    """The names that are right in the languages, each once; all where none was asked for."""
    kept: dict[str, Name] = {}
    for name in found:
        if not languages or languages.fits(_language(name, found[0])):
            kept.setdefault(name.value, name)
    return list(kept.values())


def in_default(found: list[Name]) -> list[Name]:
    """The names in the language of the default one."""
    language = found[0].language if found else ""
    return [n for n in found if n.designation is None or same(n.language, language)]


def _language(name: Name, default: Name) -> str:
    # a system that doesn't tell its language is taken for English, as terminology servers do
    return name.language or default.language or ("en" if name.designation is None else "")
