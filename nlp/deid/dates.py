"""Dates more exact than a year, in any form; a year alone is no identifier."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from nlp.deid.types import Category, Phi

_UNIT = r"(?!\s?(?:mg|mcg|ug|ml|mL|cc|kg|g|cm|mm|units?|tabs?|tablets?|caps?|%|percent|x|mmHg)\b)"
_YEAR = r"(?:1[89]|20|21)\d\d"
_MONTH = (
    r"(?P<mon>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_WEEKDAY = (
    r"(?:(?P<wd>Mon(?:day)?|Tue(?:s(?:day)?)?|Wed(?:nesday)?|Thu(?:rs(?:day)?)?|Fri(?:day)?|"
    r"Sat(?:urday)?|Sun(?:day)?)\.?,?\s+(?:the\s+)?)?"
)
_DAY = r"(?P<d>3[01]|[12]\d|0?[1-9])"
ORDINALS = (  # noqa: SIM905
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first "
    "twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh "
    "twenty-eighth twenty-ninth thirtieth thirty-first"
).split()
_ORDINAL = "|".join(o.replace("-", "[- ]") for o in reversed(ORDINALS))
_NUMERIC = re.compile(
    r"(?<![\w/,-])(?<!\d\.)(?P<a>\d{1,2})(?P<s>\s?/\s?|[.-])(?P<b>\d{1,2})(?P=s)"
    rf"(?P<y>{_YEAR}|\d\d)(?![\w/-]|\.\d){_UNIT}"
)
_ISO = re.compile(
    rf"(?<![\w.-])(?P<y>{_YEAR})(?P<s>[-/.])(?P<m>1[0-2]|0?[1-9])(?P=s){_DAY}(?=T\d|(?![\w-]))"
)
_COMPACT = re.compile(
    r"(?<![\w.-])(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])"
    r"(?:\d{4}|\d{6})?(?![\w-]|\.\d)"
)
_MONTH_DAY = re.compile(
    rf"(?i)\b{_WEEKDAY}{_MONTH}\b\.?(?:\s+(?:the\s+)?|[-/])"
    rf"(?:{_DAY}(?P<th>st|nd|rd|th)?(?:\s?[-–]\s?(?P<d2>3[01]|[12]\d|[1-9])(?!\d))?"
    rf"|(?P<word>{_ORDINAL})\b)(?!\w|/\d|\.\d|:\d)(?:(?:,?\s+(?:of\s+)?|,|-|/)(?P<y>{_YEAR}|"
    rf"'\d\d)\b)?"
)
_DAY_MONTH = re.compile(
    rf"(?i)(?<![\w./])(?:{_DAY}(?P<th>st|nd|rd|th)?|(?P<word>\b{_ORDINAL}))(?:\s+of)?[\s/-]?"
    rf"(?:day\s+of\s+)?{_MONTH}\b\.?(?:(?:\s+of)?[\s,/-]+(?P<y>{_YEAR}|'?\d\d(?![\d/:.])))?"
)
_MONTH_YEAR = re.compile(
    rf"(?i)\b{_MONTH}\b\.?(?:,?\s+(?:of\s+)?|-|/|\s?')(?P<y>{_YEAR}|(?<=')\d\d)\b"
)
_SEASON = re.compile(rf"\b(?P<s>(?i:spring|summer|autumn|fall|winter)(?: of|,)? {_YEAR})\b")
_SLASH_YEAR = re.compile(r"(?<![\w/.-])(?P<m>0?[1-9]|1[0-2])/(?P<y>(?:19|20)\d\d)(?![\w/-])")
_SLASH_DAY = re.compile(
    r"(?<![\w/.-])(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|[12]\d|0?[1-9])(?![\w/%]|\.\d)"
    r"(?!\s?(?:strength|scale|pain|nodes|cores|in\b|of\b|motor|bilat|throughout|on\b))"
    rf"{_UNIT}"
)
_WHEN = re.compile(  # what stands before such a day
    r"(?:(?P<on>\b(?:[Oo]n|[Ss]ince|[Uu]ntil|(?i:through)|[Tt]hru|date|Date|from|by|RTC|DOS|seen|[Nn]ext|mtg|meeting|appt|visit|"
    r"starting|ending|due|scheduled for|LMP|last|POD|to|D/C|F/U|"
    r"(?!graded|rated|scored)[a-z]{3,}ed|(?:Mon|Tue|Tues|Wed|Thu|Thurs|Fri|Sat|Sun)(?:[a-z]*day)?)"
    r":?\s+)|^[ \t]*)\Z",
    re.MULTILINE,
)
_LABEL = re.compile(r"\s?[:-]\s")  # after a day that opens its line
_MONTH_ALONE = re.compile(
    r"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Ll]ast|[Nn]ext|[Tt]his(?: past)?|[Ee]arly|[Mm]id[- ]?|[Ll]ate|"
    r"[Dd]uring|[Bb]y|[Oo]f|[Ff]rom|[Tt]o|[Aa]nd|(?i:before)|(?i:after)|[Ee]nd of|[Pp]ast)"
    r"(?:\s+|(?<=-))"
    r"(?P<mon>January|February|March|April|May|June|July|August|September|October|November|"
    r"December)\b(?!\s+\d)"
)
_ORDINAL_DAY = re.compile(
    r"\b[Oo]n the (?P<day>(?:[12]?\d|3[01])(?:st|nd|rd|th))(?=[.,;:)]|$|\s+(?:of (?:this|last|the) "
    r"month|and|she|he|the patient)\b)"
)
_HOLIDAY = re.compile(
    r"\b(?:[Oo]n|(?i:before)|(?i:after)|[Ss]ince|[Uu]ntil|[Aa]round|[Bb]y|[Oo]ver|[Aa]t|[Oo]f|[Ll]ast|"
    r"[Pp]ast|[Tt]his|[Nn]ear|[Dd]uring) (?P<h>Christmas(?: Eve| Day)?|Thanksgiving(?: Day)?|"
    r"Halloween|New Year['’]?s(?: Eve| Day)?|"
    r"Valentine['’]s Day|Mother['’]s Day|Father['’]s Day|Memorial Day|Labor Day|Independence Day|"
    r"Fourth of July|Veterans Day|Easter(?: Sunday)?|St\.? Patrick['’]s Day|Groundhog Day)\b"
)
_BIRTH_YEAR = re.compile(
    rf"\b(?:[Bb]orn(?: in)?|DOB|[Bb]irth ?(?:date|day|year)|[Dd]ate of birth|YOB)\W{{1,4}}"
    rf"(?P<y>{_YEAR})(?![\d/.-]\d|\w)"
)
_AMOUNT = re.compile(r"\s?(?:mg|mcg|ml|mL|g|kg|cm|mm|units?|%|times|x)\b")
# Patterns that decide by themselves, and the group that is the date.
_PARTS: dict[re.Pattern[str], int | str] = {
    _SLASH_YEAR: 0,
    _MONTH_ALONE: "mon",
    _BIRTH_YEAR: "y",
    _ORDINAL_DAY: "day",
    _HOLIDAY: "h",
    _SEASON: "s",
}
LEFT = 24  # characters before a day that say it is one
FORMS = (_ISO, _NUMERIC, _COMPACT, _MONTH_DAY, _DAY_MONTH, _MONTH_YEAR, _SLASH_YEAR)


def find(text: str) -> Iterator[Phi]:
    """Every date more exact than its year; values that can't be a date are left out."""
    for pattern, part in _PARTS.items():
        yield from (Phi(*m.span(part), Category.DATE) for m in pattern.finditer(text))
    for match in (*_NUMERIC.finditer(text), *_ISO.finditer(text), *_COMPACT.finditer(text)):
        if _whole(match):
            yield Phi(*match.span(), Category.DATE)
    for pattern in (_MONTH_DAY, _DAY_MONTH, _MONTH_YEAR):
        for match in pattern.finditer(text):
            if _is_month(match, text):
                yield Phi(*match.span(), Category.DATE)
    for match in _SLASH_DAY.finditer(text):
        when = _WHEN.search(text, max(0, match.start() - LEFT), match.start())
        if (
            when
            and (when["on"] or _LABEL.match(text, match.end()))
            and _of_month(match, when["on"])
        ):
            yield Phi(*match.span(), Category.DATE)


def _whole(match: re.Match[str]) -> bool:
    """A numeric date that exists in some order of its parts."""
    parts = match.groupdict()
    if "a" not in parts:
        return exists(year_of(parts["y"]), int(parts["m"]), int(parts["d"]))
    a, b, y = int(parts["a"]), int(parts["b"]), year_of(parts["y"])
    if parts["s"] == "." and not (len(parts["y"]) == 4 or len(match.group()) == 8):
        return False
    return exists(y, a, b) or exists(y, b, a)


def _is_month(match: re.Match[str], text: str) -> bool:
    """A month's name that is one: "may 3" and "march" in lower case need a year or an ordinal."""
    parts = match.groupdict()
    month = parts["mon"]
    sure = bool(parts["y"] or parts.get("th") or parts.get("word"))
    if month.islower() and not sure and (len(month) < 4 or month == "march"):
        return False
    if match.re is _DAY_MONTH and not sure and len(month) == 3 and month != "May":
        return False
    return bool(parts["y"]) or _AMOUNT.match(text, match.end()) is None


def _of_month(match: re.Match[str], on: str | None) -> bool:
    """3/15 after "on" is a day; 8/10 is a score and 5/5 a strength."""
    m, d = int(match["m"]), int(match["d"])
    word = (on or "on").strip(": ").casefold()
    sure = word in ("on", "since", "until", "dated", "date", "rtc", "dos", "seen", "lmp", "due")
    sure = sure or word.endswith("day")
    if d == 10 or (m == d == 5) or not exists(2000, m, d):
        return d == 10 and sure and on is not None and word in ("dated", "date", "dos")
    return sure or (d > 6 and d not in (8, 12, 16))


def exists(year: int, month: int, day: int) -> bool:
    """The calendar has that day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def year_of(written: str | None) -> int:
    """The year that a date's text means; two digits are of 1940-2039, none is 2001."""
    if not written:
        return 2001
    digits = written.strip("'")
    return int(digits) if len(digits) == 4 else int(digits) + (2000 if int(digits) < 40 else 1900)


def day_first(text: str) -> bool:
    """The document writes 31/12: some date can't be read otherwise and none says the opposite."""
    pairs = [(int(m["a"]), int(m["b"])) for m in _NUMERIC.finditer(text)]
    return any(a > 12 for a, _ in pairs) and not any(b > 12 for _, b in pairs)
