"""What is said of a class of drugs holds for those of it that the document lists: "ACEi held".

Members are known by the stems of their nonproprietary names (WHO), else by a list.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from nlp import status
from nlp.merge import Mention
from nlp.places import Place
from nlp.types import Document, MedicationStatus

S = MedicationStatus

# What a class is called in notes, in lower case → what its members' names are.
CLASSES: dict[str, str] = {
    r"ace(?:[- ]?i| inhibitors?)s?": r"\w+pril",
    r"arbs?": r"\w+sartan",
    r"sglt-?2(?:i| inhibitors?)?": r"\w+gliflozin",
    r"mras?": r"spironolactone|eplerenone|finerenone",
    r"(?:beta|β)[- ]?blockers?|bbs?": r"\w+[ao]lol|carvedilol",
    r"statins?": r"\w+vastatin",
    r"ppis?": r"\w+[oe]prazole",
    r"nsaids?": r"ibuprofen|naproxen|diclofenac|meloxicam|ketorolac|indomethacin|etodolac"
    r"|nabumetone|celecoxib",
    r"diuretics?|water pills?": r"furosemide|torsemide|bumetanide|hydrochlorothiazide|indapamide"
    r"|chlorthalidone|metolazone|spironolactone",
    r"(?:oral )?anti-?coag\w*|doacs?|noacs?|blood thinners?": r"\w+xaban|dabigatran\w*|warfarin",
    r"ssris?": r"sertraline|fluoxetine|paroxetine|citalopram|escitalopram",
    r"benzos?|benzodiazepines?": r"\w+azepam|\w+azolam",
}
_CALLED = re.compile(
    r"(?<![\w-])(?:" + "|".join(f"({called})" for called in CLASSES) + r")(?![\w-])"
)
_MEMBERS = tuple(re.compile(members) for members in CLASSES.values())
_NO = re.compile(r"\b(?:no(?:\smore)?|avoid(?:ing)?(?:\sall)?)\s$")  # "No NSAIDs."
_NEAR = 14  # code points before a class in which that stands
_COUNTS = frozenset((S.STOPPED, S.HELD, S.ACTIVE))


def told(document: Document, drugs: list[Mention], places: list[Place]) -> list[Mention]:
    """A further mention of each of the drugs where its class is spoken of behind it."""
    out: list[Mention] = []
    for said in _CALLED.finditer(document.low):
        start, end = said.span()
        members = _MEMBERS[(said.lastindex or 1) - 1]
        called = {
            m.finding.ingredients: m.finding
            for m in drugs
            if m.finding.span.start < start
            and m.finding.status not in (S.ALLERGY, S.INTOLERANCE)
            and any(members.fullmatch(each) for each in m.finding.ingredients)
        }
        if not called:
            continue
        what, cued = status.status(document, (start, end), places)
        if _NO.search(document.low, max(0, start - _NEAR), start):
            what = S.NOT_TAKING
        elif not cued or what not in _COUNTS:
            continue
        span, key = document.span(start, end), document.key_at(start)
        out += [
            Mention(replace(f, span=span, section=key, status=what, sig=None), cued=True)
            for f in called.values()
        ]
    return out
