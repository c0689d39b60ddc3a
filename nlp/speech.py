"""What speaking does with a drug or a condition: it is asked for, weighed, recalled, feared.

"There are tablets like propranolol" offers, "my mate said to try diazepam" passes on, "i did the
Wellbutrin one time" recalls. The acts are the rows of data/speech_acts.tsv; the first one counts.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from nlp.places import Place
from nlp.tables import rows, worded
from nlp.turns import speaker, spoken
from nlp.types import Document, Kind

_BEFORE = 160  # code points before a mention in which an act begins, in the same turn
_BEHIND = 120  # code points behind it in which one ends
_KINDS: dict[str, Kind] = {"drug": "medication", "condition": "condition"}
# What may stand between an act's words and what it is about.
_ARTICLES = (
    r"(?:\s(?:the|an?|any|some|your|his|her|that|this|those|of|old|kind|sort|little|bit|like"
    r"|called|taking|using))*\s$"
)
# What is offered and ordered in one turn: "there's one called febuxostat, we'll start you on that".
_ORDERED = re.compile(
    r"[^\n]*?\b(?:i|we|let)\s?(?:['’]\s?(?:ll|m|s|d)|\s(?:will|want|would))\b"
    r"(?:(?!\bnot\b|n['’]?t\b|\bhold\b|\?)[^.\n]){0,30}?"
    r"\b(?:start|try|give|send|prescribe|put|order|use|do|go|call)"
    r"(?:\s(?:you|him|her|on|with|in|for|over))*\s(?:that|it|this|those|them|one)\b"
)


class Act(NamedTuple):
    """A row of the table."""

    kind: Kind
    by: str  # a role of nlp.turns.speaker, or any
    says: str
    before: re.Pattern[str] | None
    behind: re.Pattern[str] | None


@cache
def acts() -> tuple[Act, ...]:
    """The rows of the table, in order."""
    return tuple(
        Act(
            _KINDS[kind],
            by,
            says,
            re.compile(_spaced(before) + _ARTICLES) if before else None,
            re.compile(_spaced(behind)) if behind else None,
        )
        for kind, by, says, before, behind in rows("speech_acts.tsv")
    )


def _spaced(pattern: str) -> str:
    return worded(pattern).replace(" ", r"\s")


def said(document: Document, place: Place, kind: Kind) -> str:
    """What the act that has the mention for its object says of it; "" without one, and in writing.

    Of a drug that is a status, of a condition an assertion.
    """
    if not spoken(document):
        return ""
    low, (start, end) = document.low, place
    by = speaker(document.text, start)
    line = low.rfind("\n", max(0, start - _BEFORE), start)
    first = line + 1 if line >= 0 else max(0, start - _BEFORE)
    stop = low.find("\n", end, end + _BEHIND)
    stop = stop if stop >= 0 else min(len(low), end + _BEHIND)
    before, behind = low[first:start], low[end:stop]
    for act in acts():
        if act.kind != kind or act.by not in (by, "any"):
            continue
        if act.before and not act.before.search(before):
            continue
        if act.behind and not act.behind.match(behind):
            continue
        offered = kind == "medication" and by == "doctor" and act.says == "planned"
        return "" if offered and _ORDERED.match(behind) else act.says
    return ""
