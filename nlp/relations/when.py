"""Since when: the onset of a condition, the start and the end of a drug, as the text dates them."""

from __future__ import annotations

import re
from calendar import monthrange

from nlp.places import Place, sentence_at
from nlp.tables import compiled, worded
from nlp.types import Document, Relation

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905
_MONTH = worded(r"(?:<month>)\.?")
_YEAR = r"(?:19|20)[0-9][0-9]"
DATE = (
    rf"(?:{_YEAR}-[0-9][0-9]-[0-9][0-9]|[0-9]{{1,2}}/[0-9]{{1,2}}/{_YEAR}|[0-9]{{1,2}}/{_YEAR}"
    rf"|{_MONTH}\s[0-9]{{1,2}}(?:st|nd|rd|th)?,?\s{_YEAR}|[0-9]{{1,2}}\s{_MONTH}\s{_YEAR}"
    rf"|{_MONTH},?\s(?:of\s)?{_YEAR}|{_YEAR})(?![\w/-])"
)
_COUNT = worded(r"(?:[0-9]{1,2}(?:\.[0-9])?(?:\s?(?:-|to)\s?[0-9]{1,2})?|<count>)")
_UNIT = worded(r"(?:<span-of-time>)")
_BEGAN = worded(
    r"(?:(?:which\s|that\s)?(?:was\s|is\s|has\sbeen\s)?(?:first\s|initially\s|originally\s)?"
    r"(?:<was-noted>))"
)
_ONSET = re.compile(
    rf"[\s,;(:–-]{{1,3}}"
    rf"(?P<told>{_BEGAN}?\s?(?:(?:in|on|since|from|around|about|back\sin|as\sof)\s)?"
    rf"(?:about\s|early\s|late\s|the\ssummer\sof\s)?{DATE}"
    rf"|(?:{_BEGAN}\s)?(?:at\s(?:the\s)?age(?:\sof)?\s[0-9]{{1,2}}"
    rf"|since\s(?:childhood|birth|infancy|adolescence|age\s[0-9]{{1,2}}))"
    rf"|(?:{_BEGAN}\s)?(?:about\s|approximately\s)?{_COUNT}\s{_UNIT}\sago"
    r"|(?:for|x)\s?(?:the\s(?:past|last)\s)?"
    rf"(?:about\s|approximately\s|over\s|at\sleast\s|more\sthan\s)?{_COUNT}\s?{_UNIT})\b",
    re.I,
)
_HISTORY = re.compile(
    rf"(?P<told>{_COUNT}[\s-]{_UNIT}['’]?)[\s-](?:history|hx|h/o)\s(?:of\s)?(?:[\w-]+\s){{0,3}}$"
)
_STARTED = compiled(
    rf"\s(?:[^.;,\n]{{0,40}}?\b)?"
    rf"(?P<told>(?:<was-started>)\s(?:(?:on|in|about|around|back\sin)\s)?{DATE})",
    re.I,
)
_STOPPED = re.compile(
    rf"[\s,]{{1,2}}(?:[^.;\n]{{0,40}}?\b)?"
    r"(?P<told>(?:(?:was\s)?(?:stopped|discontinued|d/c'?d|ended|completed)|until|through|thru"
    rf"|last\s(?:dose|taken))\s(?:(?:on|in)\s)?{DATE})",
    re.I,
)
_SPAN = re.compile(
    rf"[\s,(]{{1,2}}(?:from\s)?(?P<first>{DATE})\s?(?:-|–|to|through|thru|until)\s?"
    rf"(?P<last>{DATE})",
    re.I,
)
_VERB = re.compile(
    r"\b(?:(?P<start>started|begun|began|placed|put|initiated)"
    r"|(?P<stop>stopped|discontinued|came\soff))\s(?:(?:on|taking|him\son|her\son)\s)?"
    r"(?:\w+\s)?$",
    re.I,
)
_AT = re.compile(rf"\s(?:[^.;,\n]{{0,30}}?\s)?(?P<told>(?:in|on)\s{DATE})", re.I)
_NEAR = 60  # code points before a mention in which its history is told
_BEHIND = 90  # and behind a drug, in which its dates are

_ISO = re.compile(r"([0-9]{4})-([0-9][0-9])-([0-9][0-9])")
_SLASHED = re.compile(r"(?:([0-9]{1,2})/)?([0-9]{1,2})/([0-9]{4})")
_WORDED = re.compile(
    rf"(?:([0-9]{{1,2}})\s)?({_MONTH})(?:\s([0-9]{{1,2}})(?:st|nd|rd|th)?)?,?\s(?:of\s)?"
    rf"([0-9]{{4}})",
    re.I,
)
_ALONE = re.compile(rf"\b{_YEAR}\b")
_AGE = re.compile(r"\bage\s(?:of\s)?([0-9]{1,2})\b", re.I)


def onset(document: Document, place: Place) -> list[Relation]:
    """When the condition began, by the words that touch its mention; one or none."""
    text, (start, end) = document.text, place
    low, high = sentence_at(document, start)
    told = _ONSET.match(text, end, max(high, end))
    before = document.low[max(low, start - _NEAR) : start]
    if told is None and ("history" in before or "hx" in before or "h/o" in before):
        told = _HISTORY.search(document.low, max(low, start - _NEAR), start)
    return [Relation("onset", document.span(*told.span("told")))] if told else []


def taken(document: Document, place: Place, stop: int) -> list[Relation]:
    """When a drug was begun and ended; `stop` is where the document's next drug begins."""
    text, (start, end) = document.text, place
    low, high = sentence_at(document, start)
    last = min(max(high, end), end + _BEHIND, stop)
    if not any(century in document.low[end:last] for century in ("19", "20")):
        return []  # every date has its year
    if both := _SPAN.match(text, end, last):
        return [
            Relation("start", document.span(*both.span("first"))),
            Relation("stop", document.span(*both.span("last"))),
        ]
    verb = _VERB.search(text, max(low, start - _NEAR), start)
    at = _AT.match(text, end, last) if verb else None
    first = _STARTED.match(text, end, last) or (at if verb and verb["start"] else None)
    ended = _STOPPED.match(text, end, last) or (at if verb and verb["stop"] else None)
    out = [Relation("start", document.span(*first.span("told")))] if first else []
    return out + ([Relation("stop", document.span(*ended.span("told")))] if ended else [])


def partial(quote: str) -> str:
    """The date in a quote as FHIR writes it, no more exact than told: "2019-03"; "" for none."""
    if found := _ISO.search(quote):
        return _written(found[1], found[2], found[3])
    if found := _SLASHED.search(quote):
        month, day = (found[1], found[2]) if found[1] else (found[2], None)
        return _written(found[3], month, day)
    if found := _WORDED.search(quote):
        month = str(_MONTHS.index(found[2][:3].lower()) + 1)
        return _written(found[4], month, found[1] or found[3])
    alone = _ALONE.search(quote)
    return alone[0] if alone else ""


def _written(year: str, month: str, day: str | None) -> str:
    """As much of it as there is in the calendar: 31 April is April, month 13 no month."""
    if not 1 <= int(month) <= 12:
        return year
    if day is None or not 1 <= int(day) <= monthrange(int(year), int(month))[1]:
        return f"{year}-{int(month):02}"
    return f"{year}-{int(month):02}-{int(day):02}"


def age(quote: str) -> int | None:
    """The years of age in a quote: "at the age of 12"."""
    found = _AGE.search(quote)
    return int(found[1]) if found else None
