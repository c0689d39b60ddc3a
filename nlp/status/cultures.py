"""What an organism is sensitive to: a culture's finding, no allergy of the patient's."""

from __future__ import annotations

import re

from nlp.places import Place, between, sentence_at
from nlp.status.clause import NEAR
from nlp.types import Document

_SENSITIVE = re.compile(r"sensitiv\w+\s?(?:to|:)", re.I)
_SUSCEPTIBLE = re.compile(
    r"\b(?:sensitiv\w+|susceptib\w+|resistan(?:t|ce)|intermediate)\s?(?:to|:)", re.I
)
_STEMS = ("sensitiv", "susceptib", "resistan", "intermediate")
_LISTED = re.compile(
    r"(?:[\s,;/()_-]|\b(?:and|or|both|all|but)\b)*"
)  # what parts the drugs of a list
_REACTS = re.compile(r"allerg|intoleran|reaction|hypersensitiv|anaphyl|rash|hives|itch", re.I)
# "She is sensitive to codeine", "a sensitivity to penicillin" of hers.
_PERSON = re.compile(
    r"\b(?:i|he|she|they|you|pt|patient|mother|father|who|her|his|my|their)(?:\s(?:\w+ly|also|had|has"
    r"|have|a|an|is|are|was|were|very|quite|known|history|hx|of|reports?|drug)|['’](?:s|m|re)){0,5}\s$",
    re.I,
)
_CULTURE = (
    r"\b(?:cultures?|cultured|organisms?|isolates?|strains?|pathogens?|susceptib\w+"
    r"|grew|grows|growing|growth\sof)\b"
)
_TESTED = re.compile(_CULTURE, re.I)
# Organisms by their kinds' endings and by short names; "E. faecalis", "resistant to".
_ORGANISM = re.compile(
    rf"{_CULTURE}|(?<!insulin\s)(?<!treatment\s)\bresistan(?:t|ce)\b|\bbacteri(?:a|um)\b|\bcfu\b|\bmics?\b"
    r"|\bgram[-\s](?:neg|pos)|\b(?:mrsa|mssa|vre|esbl|gnr|gpc|cre|kpc|cons)\b"
    r"|\b(?:\w+coccus|\w+cocci|\w+bacter|\w+monas|\w+ella|\w+bacterium|proteus|serratia|staph|strep"
    r"|ecoli|e\.?\scoli|candida|gonorrh\w+|h\.?\spylori|c\.?\sdiff\w*|listeria)\b"
    r"|(?-i:\b[A-Z]\.\s?[a-z]{4,}(?:ae|is|us|um|ii?|a|ans|ns|li)\b)",
    re.I,
)
_BEFORE = 120  # code points before the sentence in which a culture is told of


def tested(document: Document, drug: Place) -> bool:
    """Whether the drug before which the text says "sensitive to" was tried on an organism."""
    text, start = document.text, drug[0]
    first, last = sentence_at(document, start)
    first, last = max(first, start - NEAR), min(last, start + NEAR)
    told = list(_SENSITIVE.finditer(text, first, start))
    if not told or _REACTS.search(text, first, start):
        return False
    if _PERSON.search(text, first, told[-1].start()):
        return False
    return bool(
        _ORGANISM.search(text, first, last) or _TESTED.search(text, max(0, first - _BEFORE), first)
    )


def susceptible(document: Document, drug: Place, drugs: list[Place]) -> bool:
    """Whether the drug is of a list that an organism withstands or not: "resistant to A and B"."""
    text, start = document.text, drug[0]
    first = max(sentence_at(document, start)[0], start - NEAR)
    words = document.low[first:start]
    if not any(stem in words for stem in _STEMS):
        return False
    told = list(_SUSCEPTIBLE.finditer(text, first, start))
    if not told or _PERSON.search(text, first, told[-1].start()):
        return False
    if told[-1][0].lower().startswith("sensitiv") and not tested(document, drug):
        return False
    at = told[-1].end()
    for other in between(drugs, at, start):
        if not _LISTED.fullmatch(text, at, drugs[other][0]):
            return False
        at = drugs[other][1]
    return _LISTED.fullmatch(text, at, start) is not None
