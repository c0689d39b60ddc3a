"""A text with its structure, and what an entry beside the text claims of its mentions."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from msgspec import Struct

from nlp.types.assertion import Assertion, Kind, MedicationStatus


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
