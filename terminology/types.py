"""The values terminology gives: concepts, terms, matches. Frozen, hashable, free of FHIR."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol

import msgspec

ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"

Content = Literal["complete", "fragment"]


class TermKind(StrEnum):
    """What a term is to its concept; it decides how far a match on it is trusted."""

    TITLE = "title"  # the code's own title, or a reordering of it
    INCLUSION = "inclusion"  # an inclusion term of the tabular list
    INDEX = "index"  # an entry of the alphabetic index
    ABBREVIATION = "abbreviation"  # HTN, DM2, ASA
    LAY = "lay"  # heart attack, high blood pressure
    INGREDIENT = "ingredient"  # RxNorm IN, PIN, MIN
    BRAND = "brand"  # RxNorm BN
    CLINICAL_DRUG = "clinical-drug"  # RxNorm SCD, SBD, GPCK, BPCK and their component forms


class Method(StrEnum):
    """How a match was found, best first."""

    EXACT = "exact"
    SYNONYM = "synonym"
    ABBREVIATION = "abbreviation"
    FUZZY = "fuzzy"
    VECTOR = "vector"


@dataclass(frozen=True, slots=True)
class Property:
    """A concept's property; `kind` is the value's FHIR type: code, string, boolean, integer."""

    code: str
    value: str | bool | int
    kind: Literal["code", "string", "boolean", "integer"] = "string"


@dataclass(frozen=True, slots=True)
class Designation:
    """Another name of a concept; `use` is "inclusion", "synonym", "includes" and the like."""

    value: str
    use: str = ""
    language: str = "en"


class ConceptSource(Protocol):
    """One code system of one version, that knows its concepts by number."""

    @property
    def url(self) -> str: ...

    def display_of(self, number: int) -> str:
        """The concept's own name."""
        ...

    def details(self, number: int) -> tuple[tuple[Designation, ...], tuple[Property, ...]]:
        """The concept's other names, and its properties."""
        ...


# a struct is made in a tenth of the time that an instance of a class with slots takes
class Concept(msgspec.Struct, frozen=True, eq=False, gc=False):
    """One code of one system, with all that the system says of it, read when it is asked for.

    Concepts that say the same are equal. Threads may share one.
    """

    _source: ConceptSource
    _number: int
    code: str

    @property
    def system(self) -> str:
        """The url of the system."""
        return self._source.url

    @property
    def display(self) -> str:
        """The concept's own name."""
        return self._source.display_of(self._number)

    @property
    def designations(self) -> tuple[Designation, ...]:
        """Its other names."""
        return self._source.details(self._number)[0]

    @property
    def properties(self) -> tuple[Property, ...]:
        """Its properties; parents, children and status come first."""
        return self._source.details(self._number)[1]

    def _whole(self) -> tuple[object, ...]:
        designations, properties = self._source.details(self._number)
        return self.system, self.code, self.display, designations, properties

    def __eq__(self, other: object) -> bool:
        return self._whole() == other._whole() if isinstance(other, Concept) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.system, self.code))

    def __repr__(self) -> str:
        names = ("system", "code", "display", "designations", "properties")
        parts = zip(names, self._whole(), strict=True)
        return f"Concept({', '.join(f'{name}={each!r}' for name, each in parts)})"


@dataclass(frozen=True, slots=True)
class SystemInfo:
    """A loaded code system: `content` is "fragment" where only a part of the release ships."""

    url: str
    alias: str
    title: str
    version: str
    content: Content
    count: int
    source: str


class Term(msgspec.Struct, frozen=True, gc=False):
    """A phrase that names a code; it has none where the phrase leaves several codes open."""

    text: str
    system: str
    code: str
    kind: TermKind
    ambiguous: bool = False  # an abbreviation with other meanings too: AS, ALL, MS


class Hit(msgspec.Struct, frozen=True, gc=False):
    """A dictionary phrase found in a text: code-point offsets, and every term it may stand for."""

    start: int
    end: int
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A code that a text may mean; `score` is 0..1, `term` the system's phrase that matched."""

    system: str
    code: str
    display: str
    score: float
    method: Method
    term: str
