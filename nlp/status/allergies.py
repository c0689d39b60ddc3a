"""What is told as a drug's allergy: denied, or a side effect, or carried against one."""

from __future__ import annotations

import re
from bisect import bisect_right

from nlp import sig
from nlp.places import Place, between, key_at, sentence_at
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
# A line below what a line of allergies lists: "Allergies: sulfa", "I have started …".
_PROSE = re.compile(
    r"(?![^\n]*(?:allerg|react|intoleran|sensitiv))[^\n]*\b(?:i|he|she|we|they|patient|pt)"
    r"\s(?:(?:also|has|have|had)\s)?\w+[^\n]*",
    re.I,
)
# What of a title's text begins anew where no sentence does: "NKDA, takes …", "sulfa; takes …".
_PART = re.compile(
    r";\s|\n|\b(?:nkda|nkma|nka|none|nil)\b\W+"
    r"|(?:,|\s[-–—])\s(?=(?:tolerates|tolerated|can\stake|has\staken|(?:ok|okay|fine)\swith)\b)",
    re.I,
)
_TAKES = compiled(
    r"\b(?:takes|taking|uses|using|currently|prescribed|continues?|continued|never\s(?:took|used)"
    r"|(?<!not\s)(?<!n['’]t\s)(?<!never\s)(?<!poorly\s)tolerat(?:es|ed|ing)|no\slonger|can\stake|has\staken|(?:ok|okay|fine)\swith|(?:is|are|was|remains|stays|maintained|stable|started|been|also|now)\son"
    r"|(?:<of-home>|current|daily)\s(?:med(?:ication)?s|medicines)"
    r"|med(?:ication)?s\s(?:are|includ\w+))(?!\w)",
    re.I,
)
_ON = re.compile(r"\W*(?:also\s)?on\s", re.I)  # what opens a sentence
# What makes an allergy of what was taken; what it is taken for does not.
_SIGN = r"(?:rash|hives|itch|anaphyl|angioed|swell|urticari|allerg|react|intoleran|sensitiv)"
_REACTED = re.compile(
    rf"\bfor\s(?:\w+\s){{0,2}}{_SIGN}"
    rf"|(?P<sign>{_SIGN}|\b(?:while|when|whenever|after|avoid\w*|develop\w*|broke|can(?:no|'|’)t)\b)",
    re.I,
)
# "No penicillin allergy", "not allergic to aspirin".
_DENIED = (
    r"\b(?:no|not|denies|denied|without|n['’]t)\s"
    r"(?:(?:any|known|history\sof|longer|have|an?|drug|tru(?:e|ly)|really|actually)\s){0,3}"
)
_NO_ALLERGY_TO = re.compile(
    rf"{_DENIED}(?:allerg\w+|intoleran\w+)\s(?:(?:to|of)\s)?(?:any\s)?$"
    r"|\b(?<!not\s)de-?label+ed\s(?:for|from|of)\s(?:an?\s|the\s|(?:his|her)\s)?$",
    re.I,
)
_NO = re.compile(rf"{_DENIED}$", re.I)
# "Penicillin allergy was disproved", "Allergies: penicillin - delabelled".
_REFUTED = re.compile(
    r"(?:\s(?:allerg(?:y|ies)|intolerance)(?:\slabels?|\sas\san?\s\w+)?(?:,?\s\(?|\s[-–—]\s)"
    r"|\s?[-–—:,(]\s?)(?:(?:label|was|were|is|are|has|have|had|been|now|which|later|since|recently|subsequently|formally|successfully)\s)*(?:disprove[dn]|refuted"
    r"|excluded(?!\sfrom)|ruled\sout|removed|debunked|de-?label+ed"
    r"|not\s(?:confirmed|real|true)|outgr(?:own|ew))\b",
    re.I,
)
# A label that tells no kind of allergy or reaction: "PCN. Tx: NTG", not "PCN. Food: eggs".
_LABEL = re.compile(
    r"[.;]\s+(?P<label>(?!\w*\s?(?:drug|med|food|env|season|insect|animal|latex|contrast|intoler"
    r"|react|allerg|sensitiv|advers|other|type|sever|status|comment|note|onset|date|unknown))"
    rf"[A-Z][\w/&']*(?:\s[\w/&'-]+){{0,2}}):\s(?![^.;\n]*(?:{_SIGN}|nausea|vomit|upset))",
    re.I,
)
_BLANK = " \n:-"  # what of a title's text says nothing
_FAR = 2_000  # code points before a drug in which what ends the allergies is looked for
_ORDER = 40  # code points behind a drug in which its dose and frequency stand
_ALLERGY = re.compile(r"\s(?:allerg|intoleran)", re.I)


def denied(document: Document, drug: Place) -> bool:
    """Whether an allergy to the drug is denied: "no penicillin allergy", or refuted."""
    text, near = document.text, max(0, drug[0] - NEAR)
    if _REFUTED.match(text, drug[1]):
        return True
    if _ALLERGY.match(text, drug[1]) and _NO.search(text, near, drug[0]):
        return True
    return _NO_ALLERGY_TO.search(text, near, drug[0]) is not None


def beyond(document: Document, start: int) -> bool:
    """Whether prose below a line of allergies names the drug."""
    text, opens = document.text, _titled(document, start)
    line = text.rfind("\n", opens, start) + 1
    if line <= opens or text[opens].isspace():
        return False
    return _PROSE.fullmatch(text, max(line, start - _FAR), start) is not None


def past(document: Document, drug: Place, drugs: list[Place]) -> bool:
    """Whether what stands behind the allergies tells the drug as taken: "NKDA. Takes aspirin.".

    So do labels of other things and "on": "PCN. Tx: NTG", "NKDA. On Eliquis".
    """
    text, (start, end) = document.text, drug
    opens = max(_titled(document, start), start - _FAR)
    if _labelled(text, opens, start, drugs):
        return True
    first, last = sentence_at(document, start)
    if not text[opens:first].strip(_BLANK):
        first = max((m.end() for m in _PART.finditer(text, opens, start)), default=opens)
    if not text[opens:first].strip(_BLANK):
        return False
    first, last = max(first, start - NEAR), min(last, end + NEAR)
    if any(m["sign"] for m in _REACTED.finditer(text, first, last)):
        return False
    if _SIDE_EFFECT.match(text, end):
        return False
    if _TAKES.search(text, first, start) or _ON.match(text, first, start):
        return True
    if _SIDE_EFFECT.search(text, end, last):
        return False
    parts = {e.part for e in sig.find(text, end, min(last, end + _ORDER))}
    return "frequency" in parts and bool(parts & {"strength", "dose"})


def _labelled(text: str, opens: int, start: int, drugs: list[Place]) -> bool:
    """Whether a label that names none of the document's drugs stands between two offsets."""
    return any(not between(drugs, *m.span("label")) for m in _LABEL.finditer(text, opens, start))


def _titled(document: Document, start: int) -> int:
    """Where the title of the section at an offset ends."""
    return document.sections[bisect_right(document.titles, start) - 1].title.end


def intolerance(document: Document, drug: Place) -> bool:
    """Whether what the text calls a drug's allergy, or tells in its place, is a side effect."""
    text, (start, end) = document.text, drug
    if _SIDE_EFFECT.match(text, end):
        return True
    first, _ = sentence_at(document, start)
    told = [m[0] for m in _REACTS.finditer(text, max(first, start - NEAR), start)]
    return key_at(document, start) != "allergies" and bool(told) and told[-1].lower() == "intoleran"
