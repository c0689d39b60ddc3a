"""The values nlp gives. Offsets are code points of the text: text[start:end] == quote.

Those of which a note has hundreds are structs: made in a tenth of the time that an instance of a
class with slots takes, changed (`msgspec.structs.replace`) in a twentieth.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol, runtime_checkable

from msgspec import Struct

from terminology.types import Method

Kind = Literal["condition", "medication"]


class Assertion(StrEnum):
    """What the text claims of a mention."""

    PRESENT = "present"
    NEGATED = "negated"
    POSSIBLE = "possible"
    HISTORICAL = "historical"
    FAMILY = "family"
    HYPOTHETICAL = "hypothetical"


class MedicationStatus(StrEnum):
    """What the text says the patient does with a drug."""

    ACTIVE = "active"
    NEW = "new"
    CHANGED = "changed"
    STOPPED = "stopped"
    HELD = "held"
    COMPLETED = "completed"
    PLANNED = "planned"
    NOT_TAKING = "not-taking"
    IN_HOSPITAL = "in-hospital"  # given during the stay that is told
    ALLERGY = "allergy"
    INTOLERANCE = "intolerance"  # not tolerated, though no allergy


class Span(Struct, frozen=True, gc=False):
    """A verbatim quote with its place."""

    start: int
    end: int
    quote: str


class Section(Struct, frozen=True, gc=False):
    """A titled part of a document; `key` is canonical (see nlp.sections.SECTIONS)."""

    key: str
    title: Span
    start: int
    end: int


class Sentence(Struct, frozen=True, gc=False):
    """Half-open range of one sentence or list item."""

    start: int
    end: int


class Claim(Struct, frozen=True, gc=False):
    """What a structured entry beside the text states of the mentions inside a range of it.

    The assertion is of conditions, the status of drugs.
    """

    start: int
    end: int
    assertion: Assertion | None = None
    status: MedicationStatus | None = None


class Hints(Struct, frozen=True, gc=False):
    """What a document's form tells of its text: where rows, items and paragraphs start, and what
    its entries claim."""

    breaks: tuple[int, ...] = ()
    claims: tuple[Claim, ...] = ()


# A heading without a key of its own inside these ("Neck:", "1. Diabetes") leaves their key on.
INHERITED = frozenset(
    {"ros", "physical_exam", "assessment", "plan", "assessment_plan", "results", "hospital_course"}
)


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its structure found once; every later step reads it and none changes it.

    `low` is the text in lower case, code point for code point: cues are looked for in it, which
    takes half the time of a search that heeds no case.
    """

    text: str
    sections: tuple[Section, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    claims: tuple[Claim, ...] = ()
    low: str = field(init=False, repr=False, compare=False)
    begins: tuple[int, ...] = field(init=False, repr=False, compare=False)  # of the sentences
    titles: tuple[int, ...] = field(init=False, repr=False, compare=False)  # where those start
    keys: frozenset[str] = field(init=False, repr=False, compare=False)  # of all sections
    _outer: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _keys: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Finds where sentences and titles start, and for every section the outermost that
        covers it and the key that holds in it."""
        outer: list[int] = []
        keys: list[str] = []
        top, known = 0, ""
        for at, section in enumerate(self.sections):
            if at == 0 or section.title.start >= self.sections[top].end:
                top = at
            if section.key != "other":
                known = section.key
            outer.append(top)
            keys.append(known if known in INHERITED else section.key)
        # of all letters only this one has two code points in lower case
        object.__setattr__(self, "low", self.text.replace("İ", "i").lower())
        object.__setattr__(self, "begins", tuple(s.start for s in self.sentences))
        object.__setattr__(self, "titles", tuple(s.title.start for s in self.sections))
        object.__setattr__(self, "keys", frozenset(s.key for s in self.sections))
        object.__setattr__(self, "_outer", tuple(outer))
        object.__setattr__(self, "_keys", tuple(keys))

    def section_at(self, offset: int) -> Section | None:
        """The section whose title or body covers the offset."""
        at = bisect_right(self.titles, offset) - 1
        if at < 0:
            return None
        for one in (self.sections[self._outer[at]], self.sections[at]):
            if offset < one.end:
                return one
        return None

    def key_at(self, offset: int) -> str:
        """The key of the section at the offset, "" before the first.

        A heading without a key of its own inside an INHERITED section leaves its key on.
        """
        at = bisect_right(self.titles, offset) - 1
        return self._keys[at] if at >= 0 else ""

    def claimed(self, kind: Kind, offset: int) -> Claim | None:
        """The narrowest claim that an entry makes of a mention of that kind at the offset."""
        bearing = (
            c
            for c in self.claims
            if c.start <= offset < c.end and (c.assertion if kind == "condition" else c.status)
        )
        return min(bearing, key=lambda c: c.end - c.start, default=None)

    def span(self, start: int, end: int) -> Span:
        """The verbatim span; raises ValueError outside the text."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no span {start}..{end} in a text of {len(self.text)}")
        return Span(start, end, self.text[start:end])


class Timing(Struct, frozen=True, gc=False):
    """How often, in FHIR Timing.repeat's terms: `frequency`[-`frequency_max`] per `period` unit."""

    frequency: int | None = None
    frequency_max: int | None = None
    period: float | None = None
    period_max: float | None = None
    period_unit: Literal["s", "min", "h", "d", "wk", "mo", "a"] | None = None
    when: tuple[str, ...] = ()  # EventTiming codes: MORN, HS, AC, PC, C …
    day_of_week: tuple[str, ...] = ()  # mon, tue …
    time_of_day: tuple[str, ...] = ()  # 08:00:00 …
    count: int | None = None  # "once" is 1


class Quantity(Struct, frozen=True, gc=False):
    """A number or range with its unit as written, canonical (UCUM where there is a code)."""

    value: float
    unit: str
    high: float | None = None


class Supply(Struct, frozen=True, gc=False):
    """What a prescription hands out: how much, and how often again (None where it doesn't say)."""

    spans: tuple[Span, ...]
    quantity: Quantity | None = None
    refills: int | None = None


class Sig(Struct, frozen=True, gc=False):
    """How a drug is taken: each part is a span of the text with its value beside it."""

    strength: Span | None = None
    dose: Span | None = None
    dose_quantity: Quantity | None = None
    form: Span | None = None
    route: Span | None = None
    route_code: str = ""  # canonical name: oral, intravenous, subcutaneous …
    frequency: Span | None = None
    timing: Timing | None = None
    as_needed: Span | None = None
    as_needed_for: Span | None = None
    duration: Span | None = None
    duration_quantity: Quantity | None = None
    supply: Supply | None = None
    then: tuple[Sig, ...] = ()  # later steps of the regimen, in order


class Coding(Struct, frozen=True, gc=False):
    """A code that the loaded terminology holds, and how the text led to it."""

    system: str
    code: str
    display: str
    score: float
    method: Method
    term: str


class Candidate(Struct, frozen=True, gc=False):
    """What an engine claims, before validation: a quote with its place, perhaps a code."""

    kind: Kind
    span: Span
    score: float
    source: str  # the engine's name
    system: str = ""
    code: str = ""
    assertion: Assertion | None = None
    status: MedicationStatus | None = None
    term: str = ""  # the dictionary phrase, where one was matched
    method: Method | None = None
    sig: Sig | None = None
    ingredients: tuple[str, ...] = ()  # of a drug that the terminology has no code for


class Fault(Struct, frozen=True, gc=False):
    """Why a candidate can't stand: fed back to engines that can correct themselves."""

    candidate: Candidate
    code: Literal["span", "quote", "code", "system", "assertion"]
    text: str


class Relation(Struct, frozen=True, gc=False):
    """What the text says between a finding and other words, which are verbatim in `span`.

    Of a drug: what it is for ("indication"), what it did ("adverse-event"), when it was begun and
    ended ("start", "stop"); of a condition: the drug that did it ("due-to"), its degree
    ("severity"), its place ("body-site"), when it began ("onset").
    """

    kind: Literal[
        "indication", "adverse-event", "start", "stop", "due-to", "severity", "body-site", "onset"
    ]
    span: Span


class Finding(Struct, frozen=True, gc=False):
    """A coded, asserted fact of a document with its evidence; the product of the pipeline.

    `source` tells the way it came, step by step: "rules", "llm", "llm+corrected", "llm+fuzzy" …
    """

    kind: Kind
    span: Span
    assertion: Assertion
    codings: tuple[Coding, ...]
    score: float
    source: str
    section: str = ""
    status: MedicationStatus | None = None
    sig: Sig | None = None
    ingredients: tuple[str, ...] = ()  # names of the drug's ingredients, lower case
    evidence: tuple[Span, ...] = ()  # further mentions of the same fact
    related: tuple[Relation, ...] = ()


class Dropped(Struct, frozen=True, gc=False):
    """A candidate that final validation refused, and why; nothing vanishes unseen."""

    candidate: Candidate
    reason: str


class Extraction(Struct, frozen=True, gc=False):
    """Everything one run gives."""

    document: Document
    findings: tuple[Finding, ...]
    dropped: tuple[Dropped, ...]
    engine: str
    model: str = ""


class Engine(Protocol):
    """Finds candidates in a document. Thread-safe."""

    name: str
    model: str

    def extract(self, document: Document) -> list[Candidate]:
        """Candidates in order of their place; raises EngineError."""
        ...


@runtime_checkable
class Correcting(Protocol):
    """An engine that can be told what was wrong and asked again (targeted re-prompt)."""

    def correct(self, document: Document, faults: list[Fault]) -> list[Candidate]:
        """Replacements for the faulty candidates only."""
        ...


@runtime_checkable
class Naming(Protocol):
    """An engine that can also read scientific text, for the names in it alone."""

    def named(self, document: Document) -> list[Candidate]:
        """Every condition and chemical named, in order, whatever the text claims of it."""
        ...


class EngineError(Exception):
    """An engine can't run; the message tells the user what to do and holds no document text."""


class UnknownEngine(EngineError):
    """No engine has that name."""


class ModelMissing(EngineError):
    """The engine needs a model folder that the settings don't name or that can't be read."""
