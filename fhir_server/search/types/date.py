"""date: instants, dates of any precision, periods, as ranges of time (R4 search 3.1.1.4.7)."""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from fhir_server.errors import BadRequest
from fhir_server.search.index import Clause, Extract, IndexPath, Keys, Rows, SearchType
from fhir_server.search.value import PREFIXES, prefixed, unescape

DAY = 86_400_000  # ms
FIRST, LAST = -(1 << 53), 1 << 53  # the ends of open periods
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
OVERLAPS = "overlaps"  # what `po` of _filter asks for; no modifier of queries
MARK = re.compile(r":lo|:hi")
_QUERY = re.compile(
    r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)


@lru_cache(4096)  # the resources of a visit share their times
def span(text: str) -> tuple[int, int]:
    """The milliseconds since 1970 UTC that a FHIR date or dateTime covers: first, one after last.

    A date has no zone: it is taken in UTC. Raises ValueError for what is no date.
    """
    size = len(text)
    if size > 10:
        return _moment(text)
    if size == 10:
        start = (date.fromisoformat(text).toordinal() - _EPOCH_DAY) * DAY
        return start, start + DAY
    year, month = int(text[:4]), int(text[5:7] or 1)
    start = date(year, month, 1).toordinal()
    if size == 4:
        end = date(year, 12, 31).toordinal() + 1
    else:
        end = 1 + (date(year, 12, 31) if month == 12 else date(year, month + 1, 1)).toordinal()
        end -= month != 12
    return (start - _EPOCH_DAY) * DAY, (end - _EPOCH_DAY) * DAY


def _moment(text: str) -> tuple[int, int]:
    if text[17:19] == "60":  # a leap second counts as the one before
        text = f"{text[:17]}59{text[19:]}"
    at = datetime.fromisoformat(text)
    past = (at if at.tzinfo else at.replace(tzinfo=UTC)) - _EPOCH
    start = past.days * DAY + past.seconds * 1000
    if text[19:20] != ".":
        return start, start + (1000 if text[16:17] == ":" else 60_000)
    start += past.microseconds // 1000
    digits = len(text) - 20 - len(text[20:].lstrip("0123456789"))
    return start, start + 10 ** max(0, 3 - digits)


def _date(path: str) -> Extract:
    def extract(value: Any, out: Rows, base: str) -> None:
        low, high = span(value)
        out.dat.append((path, low, high))

    return extract


def _period(path: str) -> Extract:
    def extract(value: Any, out: Rows, base: str) -> None:
        start, end = value.get("start"), value.get("end")
        if start or end:
            low = span(start)[0] if start else FIRST
            out.dat.append((path, low, span(end)[1] if end else LAST))

    return extract


def _timing(path: str) -> Extract:
    """The outer limits of a schedule."""
    period = _period(path)

    def extract(value: Any, out: Rows, base: str) -> None:
        spans = [span(event) for event in value.get("event", ()) if event]
        if spans:
            out.dat.append((path, min(low for low, _ in spans), max(high for _, high in spans)))
        if bounds := value.get("repeat", {}).get("boundsPeriod"):
            period(bounds, out, base)

    return extract


COMPARE = {  # span of the element (lo, hi) to that of the value (:lo, :hi), R4 search 3.1.1.5.3
    "eq": "lo >= :lo AND lo < :hi AND hi <= :hi",
    "ne": "NOT (lo >= :lo AND hi <= :hi)",
    "gt": "hi > :hi",
    "lt": "lo < :lo",
    "ge": "(lo >= :lo OR hi > :hi)",
    "le": "(lo < :lo OR hi <= :hi)",
    "sa": "lo >= :hi",
    "eb": "lo < :lo AND hi <= :lo",
    "ap": "lo < :hi AND hi > :lo",
}


def where(place: IndexPath, value: str, modifier: str, keys: Keys) -> list[Clause]:
    """The span of the element compared with that of the value."""
    if modifier == OVERLAPS:
        return [Clause("dat", *bind(COMPARE["ap"], *bounds(unescape(value))))]
    prefix, text = prefixed(unescape(value))
    return [Clause("dat", *bind(COMPARE[prefix], *around(prefix, *bounds(text))))]


def bounds(text: str) -> tuple[int, int]:
    """span() of a value of a query, whose plus may have come unescaped, so as a space.

    Raises BadRequest for what is no date.
    """
    text = text.replace(" ", "+")
    try:
        if not _QUERY.fullmatch(text):
            raise ValueError
        return span(text)
    except ValueError:
        raise BadRequest(
            "a date such as 2024, 2024-05-31 or 2024-05-31T10:00:00Z was expected"
        ) from None


def around(prefix: str, low: int, high: int) -> tuple[int, int]:
    """The span, for "ap" wider by a tenth of the time between it and now."""
    slack = abs(time.time_ns() // 1_000_000 - low) // 10 if prefix == "ap" else 0
    return low - slack, high + slack


def bind(sql: str, low: int, high: int) -> tuple[str, tuple[int, ...]]:
    """SQL with ? for each :lo and :hi, and the values to bind."""
    values = {":lo": low, ":hi": high}
    return MARK.sub("?", sql), tuple(values[mark] for mark in MARK.findall(sql))


TYPE = SearchType(
    tables=("dat",),
    emit={"date": _date, "dateTime": _date, "instant": _date, "Period": _period, "Timing": _timing},
    modifiers=("missing",),
    where=where,
    prefixes=PREFIXES,
)
