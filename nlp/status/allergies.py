"""What is told as a drug's allergy: denied, or a side effect, or carried against one."""

from __future__ import annotations

import re
from bisect import bisect_right

from nlp.places import Place, key_at, sentence_at
from nlp.status.clause import NEAR
from nlp.tables import compiled
from nlp.types import Document

# What a drug did that no allergy does, in brackets, behind a dash or as a clause.
_SIDE_EFFECT = compiled(
    r"\s(?:upset|bothered|irritated|hurt)\s\w+\s(?:stomach|guts?)\b"
    r"|\s?(?:\(|[-–—:=→]|,?\s?(?:(?:which|that|has|had|have)\s)*"
    r"(?:causes?|caused|causing|gives?|gave|makes?|made)\b|intoleran)"
    r"(?:(?!<allergic-sign>)[^().;,\n]){0,30}?(?:<side-effect>)",
    re.I,
)
RESCUE = re.compile(r"epi-?\s?pen|auvi-?q|epinephrine\sauto|adrenaclick|neffy", re.I)
_REACTS = re.compile(r"intoleran|allerg|anaphyl|reaction|sensitiv", re.I)
NOT_ON = re.compile(r"\bnot\s(?:currently\s)?(?:on|taking)\s(?:any\s)?\Z", re.I)
# A sentence below what a line of allergies lists: "Allergies: sulfa", "I have started …".
_PROSE = re.compile(
    r"\S[^\n]*\n(?:[^\n]*\n)*(?![^\n]*(?:allerg|react|intoleran))[^\n]*\b"
    r"(?:i|he|she|we|they|patient|pt)\s(?:(?:also|has|have|had)\s)?\w+[^\n]*",
    re.I,
)
# "No penicillin allergy", "not allergic to aspirin".
_DENIED = (
    r"\b(?:no|not|denies|denied|without|n['’]t)\s(?:(?:any|known|history\sof|have|an?|drug)\s){0,3}"
)
_NO_ALLERGY_TO = re.compile(
    rf"{_DENIED}(?:allerg\w+|intoleran\w+)\s(?:(?:to|of)\s)?(?:any\s)?$", re.I
)
_NO = re.compile(rf"{_DENIED}$", re.I)
_ALLERGY = re.compile(r"\s(?:allerg|intoleran)", re.I)


def denied(document: Document, drug: Place) -> bool:
    """Whether an allergy to the drug is denied: "no penicillin allergy"."""
    text, near = document.text, max(0, drug[0] - NEAR)
    if _ALLERGY.match(text, drug[1]):
        return _NO.search(text, near, drug[0]) is not None
    return _NO_ALLERGY_TO.search(text, near, drug[0]) is not None


def beyond(document: Document, start: int) -> bool:
    """Whether prose below a line of allergies names the drug."""
    title = document.sections[bisect_right(document.titles, start) - 1].title
    return _PROSE.fullmatch(document.text, title.end, start) is not None


def intolerance(document: Document, drug: Place) -> bool:
    """Whether what the text calls a drug's allergy, or tells in its place, is a side effect."""
    text, (start, end) = document.text, drug
    if _SIDE_EFFECT.match(text, end):
        return True
    first, _ = sentence_at(document, start)
    told = [m[0] for m in _REACTS.finditer(text, max(first, start - NEAR), start)]
    return key_at(document, start) != "allergies" and bool(told) and told[-1].lower() == "intoleran"
