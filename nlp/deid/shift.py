"""Dates moved by days in the form they were written in."""

from __future__ import annotations

import re
from datetime import date, timedelta

from nlp.deid.dates import FORMS, ORDINALS, exists, year_of

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NUMBERS = {name[:3].casefold(): n for n, name in enumerate(MONTHS, 1)}
_PARTIAL = (
    re.compile(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})"),
    re.compile(rf"(?P<mon>{'|'.join(MONTHS)})"),
    re.compile(r"(?P<d>\d{1,2})(?P<th>st|nd|rd|th)"),
    re.compile(r"(?P<y>(?:1[89]|20|21)\d\d)"),
)


def shift(quote: str, days: int, first: bool = False) -> str:
    """The date moved by days, in the same form; `first` reads 1/2 as the first of February.

    Parts that the quote lacks are assumed (the year 2001, the middle of it or of the month), so
    an interval is kept exactly between whole dates only. A holiday becomes "that day".
    """
    for pattern in (*FORMS, *_PARTIAL):
        if (match := pattern.fullmatch(quote)) is not None:
            return _moved(match, days, first)
    return "that day"


def _moved(match: re.Match[str], days: int, first: bool) -> str:
    parts = match.groupdict()
    names = dict(zip(parts, parts, strict=True))
    if "a" in parts:
        a, b = int(parts["a"]), int(parts["b"])
        swap = (first or not exists(2000, a, b)) and exists(2000, b, a)
        names |= {"a": "d", "b": "m"} if swap else {"a": "m", "b": "d"}
        month, day = (b, a) if swap else (a, b)
    else:
        month, day = _month(parts), _day(parts)
    year = year_of(parts.get("y"))
    while not exists(year, month, day):
        day -= 1
    when = date(year, month, day) + timedelta(days=days)
    until = when + timedelta(days=int(parts.get("d2") or day) - day)
    padded = "m" in parts and "d" in parts and len(parts.get("y") or "") == 4  # the ISO forms
    written = [(match.span(g), names[g], old) for g, old in parts.items() if old and g != "s"]
    out, at = "", 0
    for (start, end), part, old in sorted(written):
        new = _written(part, old, until if part == "d2" else when, padded and len(old) == 2)
        out += match.string[at:start] + new
        at = end
    return out + match.string[at:]


def _month(parts: dict[str, str | None]) -> int:
    if name := parts.get("mon"):
        return _NUMBERS[name[:3].casefold()]
    return int(parts.get("m") or 6)


def _day(parts: dict[str, str | None]) -> int:
    if word := parts.get("word"):
        return ORDINALS.index(word.casefold().replace(" ", "-")) + 1
    return int(parts.get("d") or 15)


def _written(part: str, old: str, when: date, padded: bool) -> str:
    """One part of a date as its old text was written: width, case, abbreviation."""
    match part:
        case "y":
            two = f"{when.year % 100:02d}"
            return f"'{two}" if old.startswith("'") else two if len(old) == 2 else f"{when:%Y}"
        case "m" | "d" | "d2":
            number = when.month if part == "m" else when.day
            return f"{number:02d}" if padded or old.startswith("0") else str(number)
        case "th":
            last = when.day % 10 if when.day // 10 != 1 else 0
            return _cased({1: "st", 2: "nd", 3: "rd"}.get(last, "th"), old)
        case "mon":
            name = MONTHS[when.month - 1]
            return _cased(name[:3] if len(old) == 3 and old.casefold() != "may" else name, old)
        case "wd":
            return _cased(DAYS[when.weekday()][: 3 if len(old) < 5 else None], old)
    return _cased(ORDINALS[when.day - 1], old)


def _cased(new: str, old: str) -> str:
    if old.isupper():
        return new.upper()
    return new.lower() if old.islower() else new
