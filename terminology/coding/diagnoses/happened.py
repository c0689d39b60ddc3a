"""What happened, beside what came of it: "hit by car, broken tibia" tells of a broken tibia.

An external cause, or how far a pregnancy is, is the matter only where nothing else is said.
"""

from __future__ import annotations

import re

from terminology.coding.diagnoses.denial import CLAUSES, LONGEST, SUBJECT, undenied
from terminology.index import phrase_of

_EVENT = (
    rf"(?:{SUBJECT} )?(?:(?:was|got|been) )?(?:(?:fell|falls?|slipped|tripped|crashed|jumped)\b"
    r"|(?:hit|kicked|struck|run over|knocked (?:down|over)|thrown|bitten|stabbed|shot)"
    r" (?:by|off|from|with|in)\b|(?:bike|car|motorcycle|road traffic) (?:accident|crash|collision)"
    r"|mv[ac]|rta|rtc|mcc|assault(?:ed)?|collision)(?: (?!with\b)\w+){0,6}?"
)
_HAPPENED = re.compile(_EVENT)
_HURT = re.compile(
    r"\b(?:fractur\w*|fx|broken?|pains?|painful|injur(?:y|ies|ed)|hurts?|lac|lacerat\w+|cuts?"
    r"|sprain\w*|strain\w*|bruis\w+|contus\w+|concussion|ha?ematomas?|wounds?|swelling|swollen"
    r"|abrasions?|dislocat\w+|bleed\w*|torn|tears?)\b"
)
_WITH = re.compile(
    rf"{_EVENT} (?:with|w|sustain(?:ed|ing)|resulting in|causing|complaining of|c o) (?P<came>.+)"
)
_WOUNDED = re.compile(
    rf"(?:{SUBJECT} )?(?:(?:was|got|been) )?(?P<how>stabbed|shot) (?:in|through|to) (?:the )?"
    r"(?P<where>\w.*)"
)
_WOUND = {"stabbed": "stab wound", "shot": "gunshot wound"}
_WEEKS = re.compile(
    r"(?P<what>.+?) (?:at )?\d\d? (?:weeks?|wks?)(?P<of> (?:gestation(?:al age)?|ga|pregnant))?"
)
_PREGNANT = re.compile(r"pregnan|eclamp|partum|gestation|labou?r\b|placent|abort|miscarr|gravid")
# of these how far it is tells the matter
_WEEKS_TELL = re.compile(
    r"(?:\w+ ){0,3}?(?:pregnant|gravida?|gestation|iup)(?: .*)?|(?:intrauterine |viable )?pregnancy"
    r"|.*\b(?:newborn|neonate|infant|baby|born|preterm|prem\w*|small|large)\b.*"
)


def matter_of(text: str) -> str:
    """What a text tells of, normalised: without what it denies, nor an event that brought it."""
    return came(undenied(text))


def came(text: str) -> str:
    """What came of it, normalised; the whole text where it tells of nothing beside an event."""
    normal = phrase_of(text)
    if len(text) > LONGEST:
        return normal
    first, *others = CLAUSES.split(text)
    rest = phrase_of(" ".join(others))
    if _HURT.search(rest) and _HAPPENED.fullmatch(phrase_of(first)):
        return rest
    if (found := _WITH.fullmatch(normal)) and _HURT.search(found["came"]):
        return found["came"]
    if found := _WOUNDED.fullmatch(normal):
        return f"{_WOUND[found['how']]} {found['where']}"
    found = _WEEKS.fullmatch(normal)
    if found and not _WEEKS_TELL.fullmatch(what := found["what"]):
        return what if not found["of"] or _PREGNANT.search(what) else normal
    return normal
