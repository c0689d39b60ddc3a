"""The sections of a note, from its titles: where each ends, which are parts of another."""

from __future__ import annotations

from itertools import pairwise

from nlp.sections.headers import Header, headers
from nlp.types import Section, Span

_HISTORIES = ("pmh", "psh", "family_history")


def find(text: str) -> tuple[Section, ...]:
    """The sections in order of their titles; `start..end` is the body, `title` has no colon.

    Unknown titles get the key "other". A part ("LUNGS:" in an examination) lies inside its
    section, which goes on to the next one's title: `Document.section_at` gives the section.
    """
    titles = _columns(text, sorted(headers(text), key=lambda h: h.start))
    tops = _tops(titles)
    found: list[Section] = []
    top_end = part_end = len(text)
    for header in reversed(titles):
        end = top_end if header.start in tops else part_end
        title = Span(header.start, header.end, text[header.start : header.end])
        found.append(Section(header.key or "other", title, header.body, end))
        part_end = header.start
        if header.start in tops:
            top_end = header.start
    return tuple(reversed(found))


def _columns(text: str, titles: list[Header]) -> list[Header]:
    """The titles without those of columns of a history: "Past Medical History:\nDiagnosis:"."""
    heads = {
        below.start
        for above, below in pairwise(titles)
        if above.key in _HISTORIES
        and below.key == "diagnosis"
        and not text[above.body : below.start].strip(" \t\n:*-•")
    }
    return [title for title in titles if title.start not in heads] if heads else titles


def _tops(titles: list[Header]) -> set[int]:
    """Where sections start that are no parts: unknown titles count if set like the known."""
    known = [h for h in titles if h.level == "known"]
    capitals = 2 * sum(h.capitals for h in known) >= len(known)
    spaced = 2 * sum(h.spaced for h in known) > len(known)
    tops: set[int] = set()
    for header in titles:
        alike = header.capitals >= capitals and header.spaced >= (spaced or not header.capitals)
        if header.level == "known" or (header.level == "unknown" and alike) or not tops:
            tops.add(header.start)
    return tops
