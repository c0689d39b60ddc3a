"""Whether a hit is a condition: no test, no vaccine, no meal, no letters with another reading."""

from __future__ import annotations

import re

from nlp.mentions.diet import eaten
from nlp.mentions.letters import CONTEXT, stands_for
from nlp.mentions.readings import (
    EVERYDAY,
    EXAM_SIGNS,
    HABITS,
    READING,
    VAGUE,
)
from nlp.places import key_at
from nlp.tables import compiled
from nlp.types import Document
from terminology.types import Hit, Term, TermKind

# After a condition's name: an instrument, a specimen, a service, no patient's condition.
_PART_OF_TEST = compiled(
    r"\s?-?\s?like\b|\s(?:\w+\s)?(?:<of-test>)\b",
    re.I,
)
# "PCN allergy (anaphylaxis)": what an allergy is like.
_REACTION = re.compile(r"\b(?:allerg|intoleran)\w*[^.;,\n]{0,20}(?:\(|->|→)\s?$", re.I)
_ASKING = re.compile(r"(?:any|no|some|other)\s", re.I)
_POISONED = re.compile(r"T(?:3[6-9]|4\d|50|5[1-9]|6[0-5])")
_POISON = re.compile(
    r"poison|overdos|toxic|intoxicat|adverse|effect|ingest|\bOD\b|exposure|bite", re.I
)
# "She has got the sugars" names diabetes, "checking the sugars" a measurement.
_SUGARS = re.compile(r"the\ssugars?", re.I)
_HAS = re.compile(r"\b(?:has|have|had|having|got|gets|with|of)\s$", re.I)
_EVENTS = ("O80", "O82", "Z38")  # deliveries, births: events of a history, no conditions
_REPORTS = frozenset({"physical_exam", "results", "procedure"})
_INFECTIONS = ("A", "B", "J09", "J1", "Z23")
_VACCINATED = re.compile(
    r"\b(?:immuni[sz]\w*|vaccin\w*|pediarix|pentacel|prevnar|dtap|tdap|mmr|ipv|hib|menactra"
    r"|gardasil)\b(?:(?!\bbut\b)[^.;\n])*$",
    re.I,
)
_UP_TO_DATE = re.compile(
    r"[\s:]+(?:[<>]|(?:is\s|was\s)?(?:up[\s-]to[\s-]date|utd|updated|current)\b|status\b"
    r"|boosters?\b|immuni|series\b)",
    re.I,
)
# What tells of an illness behind the sentence that a title of immunizations opens.
_ILL = re.compile(
    r"\.\s[^.;\n]*?\b(?:(?:is|was)\san?|has(?!\s(?:\w+\s)?(?:had|received|been|gotten|completed))"
    r"|history\sof|h/o|(?:diagnosed|treated)\s(?:with|for))\s(?:[\w-]+\s){0,3}$",
    re.I,
)


def condition(document: Document, hit: Hit, term: Term) -> bool:
    """Whether a hit means the condition of that term at its place."""
    quote = document.text[hit.start : hit.end]
    key = key_at(document, hit.start)
    if term.code.startswith(_EVENTS) or _ASKING.match(quote):
        return False
    if _POISONED.match(term.code) and not _POISON.search(quote):
        return False  # "flu vaccine": what may poison is named, no poisoning
    if key == "allergies" or (key in _REPORTS and term.ambiguous):
        return False  # what stands there is a reaction; letters there are measures and instruments
    if quote.lower() in EVERYDAY and not quote.isupper():
        return False
    of_drug = term.code.startswith("T78") and document.text.startswith(" to ", hit.end)
    reaction = _REACTION.search(document.text, max(0, hit.start - CONTEXT), hit.start)
    if of_drug or reaction or eaten(document.text, hit):
        return False  # it tells of the drug that is named, or of a meal
    if _tested(document.text, hit) or _is_vaccine(document.text, hit, term, key):
        return False
    if term.kind is TermKind.ABBREVIATION or quote.upper().replace(".", "") in READING:
        return stands_for(document.text, hit, term.text)
    if quote.lower() in EVERYDAY or quote.lower() in HABITS or VAGUE.search(quote):
        return False
    if quote.lower() in EXAM_SIGNS and key in _REPORTS:
        return False
    return len(quote) > 2 and not (term.code[:1] in "VWXY" and " " not in quote)


def _tested(text: str, hit: Hit) -> bool:
    """Whether it is what a test is for, or what is measured."""
    if _SUGARS.fullmatch(text, hit.start, hit.end):
        return not _HAS.search(text, max(0, hit.start - CONTEXT), hit.start)
    return _PART_OF_TEST.match(text, hit.end) is not None


def _is_vaccine(text: str, hit: Hit, term: Term, key: str) -> bool:
    """An infection that immunizations are told by: "Tetanus > 5 years", "Imms: influenza today"."""
    if not term.code.startswith(_INFECTIONS):
        return False
    before = text[max(0, hit.start - 2 * CONTEXT) : hit.start]
    if key == "immunizations" and not _ILL.search(before):
        return True
    return bool(_VACCINATED.search(before) or _UP_TO_DATE.match(text, hit.end))
