"""Value sets as plain values, and whether a code is in one."""

from __future__ import annotations

from dataclasses import dataclass, field

from terminology.codesystem import (
    STANDARDS_STATUS,
    ConceptDesignation,
    Extension,
    Standing,
    canonical,
)

UNIDENTIFIED = "(unidentified)"
DEPRECATED = "http://hl7.org/fhir/StructureDefinition/valueset-deprecated"


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on the codes of a system; `place` is a FHIRPath into the value set."""

    property: str
    op: str
    value: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A code that a value set lists, with what the set says of it; `language` is the set's."""

    code: str
    display: str = ""
    designations: tuple[ConceptDesignation, ...] = ()
    extensions: tuple[Extension, ...] = ()
    language: str = ""


def listed_status(listed: Reference | None) -> str:
    """Why a value set is giving up a code that it lists: deprecated or withdrawn, else empty."""
    told = {e.url: e.value for e in listed.extensions} if listed else {}
    if str(told.get(DEPRECATED, "")).lower() == "true":
        return "deprecated"
    status = str(told.get(STANDARDS_STATUS, ""))
    return status if status in ("deprecated", "withdrawn") else ""


@dataclass(frozen=True, slots=True)
class Include:
    """A part of a value set: codes of a system that are in every one of `value_sets` too."""

    system: str = ""
    version: str = ""
    concepts: tuple[Reference, ...] = ()
    filters: tuple[Filter, ...] = ()
    value_sets: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether it takes a system as it is."""
        return bool(self.system) and not (self.concepts or self.filters or self.value_sets)


@dataclass(frozen=True, slots=True)
class Contained:
    """A code of a stored expansion, for sets that have no definition."""

    system: str
    version: str
    code: str
    display: str = ""
    inactive: bool = False
    abstract: bool = False


@dataclass(frozen=True, slots=True)
class ValueSet:
    """A value set. `inactive` is None where it does not say whether inactive codes belong to it.

    `contained` are the sets that it carries along, by "#id". `supplements` are canonicals that
    must be known to use it. `parameters` are those that its author set for expansions, `properties`
    are the properties of codes that expansions give ("*" for all).
    """

    url: str = ""
    version: str = ""
    name: str = ""
    language: str = ""
    standing: Standing = field(default_factory=Standing)
    include: tuple[Include, ...] = ()
    exclude: tuple[Include, ...] = ()
    inactive: bool | None = None
    contained: tuple[tuple[str, ValueSet], ...] = ()
    supplements: tuple[str, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    properties: tuple[str, ...] = ()
    expansion: tuple[Contained, ...] | None = None

    @property
    def canonical(self) -> str:
        """url|version."""
        return canonical(self.url, self.version)

    @property
    def called(self) -> str:
        """The same for messages, also where there is none."""
        return self.canonical or UNIDENTIFIED

    def parameter(self, name: str) -> str:
        """A parameter for expansions that the author set, or empty."""
        return dict(self.parameters).get(name, "")

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of such a parameter."""
        return tuple(value for own, value in self.parameters if own == name)

    def inner(self, reference: str) -> ValueSet | None:
        """A set that it carries along, by "#id"."""
        return dict(self.contained).get(reference)
