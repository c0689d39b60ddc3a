"""What the words between a drug and a condition of one sentence make of the two.

Other drugs, conditions and sigs between them are taken as fillers, so that "lisinopril 10 mg daily
and aspirin for …" speaks of both.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Literal

from nlp import sig
from nlp.merge import Mention
from nlp.places import Place
from nlp.tables import compiled, worded
from nlp.types import Document, MedicationStatus

NEAR = 140  # code points between two mentions that may be related
DRUG, CONDITION = "\x01", "\x02"  # stand for mentions between the two
_WORDS = (
    r"(?:\s(?:the|his|her|your|my|their|a|an|some|any|presumed|possible|known|chronic|acute"
    r"|of|severe|mild|history|ongoing))*"
)
_USE = (
    r"(?:\s(?:treatment|management|control|prevention|prophylaxis|relief|symptoms|secondary)"
    r"\s(?:of|for))?"
)
_MORE = rf"(?:(?:{CONDITION}|[\w-]+)(?:\s|,\s?|\sand\s|\sor\s|/)(?:and\s|or\s)?){{0,3}}"
_DONE = worded(r"(?:<is-taken>)")
# From a drug to what it is for, from a condition to what it is treated with.
_FOR = re.compile(
    rf"(?:[\s,()]|{DRUG}|and\s|or\s|plus\s|with\s|{_DONE}\s)*\s?"
    rf"(?:for|to\streat|to\scontrol|to\shelp\swith|treating|against){_USE}{_WORDS}\s{_MORE}",
    re.I,
)
_TREATED = compiled(
    r"[\s,(]*(?:(?:<is-treated>)[\s,]+)*(?:(?:<treated>)\s)?"
    r"(?:with|on|by|taking|takes|using|for\swhich\s(?:he|she|they|the\spatient)\s"
    r"(?:takes?|uses?|(?:is|was)\s(?:on|started\son|prescribed|given)))"
    r"(?:\s(?:oral|iv|his|her|the|low[\s-]dose|home|chronic|daily|both))*\s"
    rf"(?:{DRUG}(?:,\s|\sand\s|\s))*",
    re.I,
)
_PLANNED = compiled(
    rf"\s?(?:[:–—-]|[.,;])\s?(?:[\w\s'%]{{0,40}}?[\s.,;:-])??"
    r"(?:we\swill\s|will\s|i'll\s|please\s|plan\sto\s|to\s)?(?:<is-ordered>)"
    rf"(?:\s(?:on|with|her|his|home|the|current|your|taking))*\s(?:{DRUG}(?:,\s|\sand\s|\s))*",
    re.I,
)
_FOR_YOUR = re.compile(r"\bfor\s(?:the|his|her|your|my)\s(?:[\w-]+\s){0,2}$", re.I)
_SPOKEN = compiled(
    r"\s?,?\s(?:(?:<speaks>)\s){0,8}(?:<spoken-order>)"
    r"(?:\s(?:you|on|with|the|taking|your|a|some|using))*\s",
    re.I,
)
# From a drug to what it did, from what happened to the drug that did it.
_CAUSED = compiled(
    r"[\s,]*(?:which\s|that\s|has\s|had\s|have\s|also\s)*(?:<caused>)(?:\s(?:<of-effect>))*"
    rf"\s{_MORE}",
    re.I,
)
_ENDED = compiled(
    r"[\s,]*(?:but\s|and\s|that\s|this\s|it\s|which\s|he\s|she\s|i\s|then\s|later\s)*"
    rf"(?:was\s|were\s|had\sto\sbe\s|has\sbeen\s)?(?:<ended>)\s(?:\w+\s){{0,2}}?"
    rf"(?:<because-of>){_WORDS}\s{_MORE}",
    re.I,
)
_BRACKET = re.compile(rf"\s?(?:\(|[-–→:=]\s?|->\s?)(?:causes\s|severe\s|mild\s)?{_MORE}", re.I)
_BLAMED = compiled(
    r"(?:[\s,]|that\s|which\s|developed\s|occurred\s|likely\s|probably\s|is\s|was\s)*"
    r"(?:<blamed-on>)"
    r"(?:\s(?:the|his|her|my|your|taking|starting|prior|chronic|oral|long[\s-]term))*\s",
    re.I,
)
_INDUCED = re.compile(r"[\s-]induced\s(?:[\w-]+\s){0,2}", re.I)
TO_BLAME = frozenset(
    (
        MedicationStatus.ALLERGY,
        MedicationStatus.INTOLERANCE,
        MedicationStatus.STOPPED,
        MedicationStatus.NOT_TAKING,
        MedicationStatus.HELD,
    )
)


def place_of(mention: Mention) -> Place:
    """Where the mention stands in its document."""
    return mention.finding.span.start, mention.finding.span.end


def kind_of(
    document: Document, drug: Mention, condition: Mention, places: list[tuple[Place, str]]
) -> Literal["indication", "adverse-event"] | None:
    """What two mentions have to do with each other; None where the words between don't tell."""
    (a, b), (c, d) = place_of(drug), place_of(condition)
    if b <= c:
        return _of_the_drug(drug, _masked(document.text, b, c, places))
    if d > a:
        return None
    between = _masked(document.text, d, a, places)
    if _BLAMED.fullmatch(between):
        return "adverse-event"
    if drug.finding.status in TO_BLAME:
        return None
    asked = _FOR_YOUR.search(document.text, max(0, c - NEAR), c) and _SPOKEN.fullmatch(between)
    treated = _TREATED.fullmatch(between) or _PLANNED.fullmatch(between)
    return "indication" if asked or treated else None


def _of_the_drug(drug: Mention, between: str) -> Literal["indication", "adverse-event"] | None:
    """What the words from a drug to a condition behind it tell."""
    if _INDUCED.fullmatch(between) or _CAUSED.fullmatch(between) or _ENDED.fullmatch(between):
        return "adverse-event"
    if drug.finding.status in TO_BLAME and _BRACKET.fullmatch(between):
        return "adverse-event"
    return "indication" if _FOR.fullmatch(between) else None


def _masked(text: str, start: int, end: int, places: list[tuple[Place, str]]) -> str:
    """The words between, mentions as their marks and parts of a sig left out."""
    first, last = (bisect_left(places, ((at, 0), "")) for at in (start, end))
    inside = [(place, mark) for place, mark in places[first:last] if place[1] <= end]
    inside += [((e.start, e.end), "") for e in sig.find(text, start, end)]
    out, at = [], start
    for (begins, ends), mark in sorted(inside):
        if begins >= at:
            out += [text[at:begins], mark]
            at = ends
    return re.sub(r"[ \t]+", " ", "".join(out) + text[at:end])
