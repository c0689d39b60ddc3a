"""What a code system is to value sets and validation, whether it lies in memory or in the index."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

Primitive = str | bool | int | float


@dataclass(frozen=True, slots=True)
class Coding:
    """A code of a system; `version` and `display` as somebody wrote them, or empty."""

    system: str = ""
    code: str = ""
    version: str = ""
    display: str = ""


@dataclass(frozen=True, slots=True)
class Extension:
    """A simple extension that goes along with a concept; `kind` is the FHIR type of its value."""

    url: str
    kind: str
    value: Primitive


@dataclass(frozen=True, slots=True)
class ConceptProperty:
    """A property of a concept; `kind` is the FHIR type of its value (code, Coding, dateTime …)."""

    code: str
    kind: str
    value: Primitive | Coding


@dataclass(frozen=True, slots=True)
class ConceptDesignation:
    """Another name; `source` is the canonical of the supplement that brought it, if one did."""

    value: str
    language: str = ""
    use: Coding | None = None
    extensions: tuple[Extension, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class ConceptDefinition:
    """A concept as its system defines it, supplements included."""

    code: str
    display: str = ""
    definition: str = ""
    designations: tuple[ConceptDesignation, ...] = ()
    properties: tuple[ConceptProperty, ...] = ()
    extensions: tuple[Extension, ...] = ()

    def property(self, code: str) -> Primitive | Coding | None:
        """The first value of a property, or None."""
        return next((p.value for p in self.properties if p.code == code), None)

    def extension(self, *urls: str) -> Primitive | None:
        """The value of the first extension with one of these urls, or None."""
        return next((e.value for e in self.extensions if e.url in urls), None)


@dataclass(frozen=True, slots=True)
class PropertyDefinition:
    """A property that a system declares; `uri` tells its meaning across systems."""

    code: str
    uri: str = ""
    kind: str = "code"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a resource may be relied on: its status, and that of its standardisation."""

    status: str = ""
    standards: str = ""
    experimental: bool = False


def concern(standing: Standing, source: Standing) -> str:
    """Why a resource that another one draws on should be looked at: "deprecated" …, or empty."""
    if standing.standards in ("deprecated", "withdrawn"):
        return standing.standards
    if standing.status == "retired":
        return "retired"
    if standing.experimental and not source.experimental:
        return "experimental"
    drafts = ("draft",)
    if standing.status in drafts or standing.standards in drafts:
        return "" if source.status in drafts or source.standards in drafts else "draft"
    return ""


class CodeSystem(Protocol):
    """A code system of one version; codes are given as the system itself writes them."""

    @property
    def url(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def content(self) -> str: ...
    @property
    def case_sensitive(self) -> bool: ...
    @property
    def version_needed(self) -> bool: ...
    @property
    def compositional(self) -> bool:
        """Whether a grammar makes further codes, which isn't known here."""
        ...

    @property
    def standing(self) -> Standing: ...
    @property
    def properties(self) -> Mapping[str, PropertyDefinition]: ...
    @property
    def supplements(self) -> tuple[str, ...]:
        """Canonicals of the supplements that are worked in."""
        ...

    def find(self, code: str) -> str | None:
        """The code as the system writes it, or None where it has no such code."""
        ...

    def concept(self, code: str) -> ConceptDefinition:
        """Everything known of a code that `find` gave."""
        ...

    def codes(self) -> Sequence[str]:
        """Every code, in the order of the definition."""
        ...

    def parents(self, code: str) -> Sequence[str]:
        """The codes right above."""
        ...

    def children(self, code: str) -> Sequence[str]:
        """The codes right below."""
        ...

    def is_inactive(self, code: str) -> bool:
        """Whether the code is no longer to be used."""
        ...

    def is_abstract(self, code: str) -> bool:
        """Whether the code only groups others."""
        ...

    def search(self, text: str) -> Sequence[str]:
        """The codes that have every word of the text, or the start of one, in code or names."""
        ...

    def matches(self, code: str, text: str) -> bool:
        """Whether `search` for the text gives this code."""
        ...


def canonical(url: str, version: str = "") -> str:
    """url|version, or the url alone; empty where there is none, whatever the version."""
    return f"{url}|{version}" if url and version else url


def split(reference: str) -> tuple[str, str]:
    """(url, version) of a canonical; the version may be empty."""
    url, _, version = reference.partition("|")
    return url, version


def descendants(system: CodeSystem, code: str) -> list[str]:
    """Every code below, each once, parents before their children; without the code itself."""
    found: dict[str, None] = {}
    waiting = list(reversed(system.children(code)))
    while waiting:
        each = waiting.pop()
        if each not in found and each != code:
            found[each] = None
            waiting += reversed(system.children(each))
    return list(found)


def ancestors(system: CodeSystem, code: str) -> list[str]:
    """Every code above, each once, nearest first; without the code itself."""
    found: dict[str, None] = {}
    waiting = list(system.parents(code))
    for each in waiting:
        if each not in found and each != code:
            found[each] = None
            waiting += system.parents(each)
    return list(found)


def is_above(system: CodeSystem, above: str, below: str) -> bool:
    """Whether one code stands above another one, at whatever distance."""
    seen = {below}
    waiting = [below]
    while waiting:
        for parent in system.parents(waiting.pop()):
            if parent == above:
                return above != below
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    return False


PARTIAL = frozenset({"fragment", "example"})  # contents that may lack codes of the system
STANDARDS_STATUS = "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status"
CONCEPT_PROPERTIES = "http://hl7.org/fhir/concept-properties#"


def property_code(system: CodeSystem, name: str) -> str:
    """What the system calls a property of the specification: told by its uri, else by its name."""
    uri = CONCEPT_PROPERTIES + name
    return next((p.code for p in system.properties.values() if p.uri == uri), name)


def words_of(texts: Iterable[str]) -> list[str]:
    """The lower-case words of some texts; letters and digits alone make words."""
    return _WORD.findall(" ".join(texts).casefold())


_WORD = re.compile(r"[^\W_]+")
