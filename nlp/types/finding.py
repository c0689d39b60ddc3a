"""What is found: a candidate of an engine, its code, the finding that it becomes."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from nlp.types.assertion import Assertion, Kind, MedicationStatus
from nlp.types.document import Document, Span
from nlp.types.sig import Sig
from terminology.types import Method


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
