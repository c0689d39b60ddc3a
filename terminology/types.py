"""The values terminology gives: concepts, terms, matches. Frozen, hashable, free of FHIR."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

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


@dataclass(frozen=True, slots=True)
class Concept:
    """One code of one system, with all that the system says of it."""

    system: str
    code: str
    display: str
    designations: tuple[Designation, ...] = ()
    properties: tuple[Property, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Term:
    """A phrase that names a code; it has none where the phrase leaves several codes open."""

    text: str
    system: str
    code: str
    kind: TermKind
    ambiguous: bool = False  # an abbreviation with other meanings too: AS, ALL, MS


@dataclass(frozen=True, slots=True)
class Hit:
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
