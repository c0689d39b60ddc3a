"""How often a drug is taken, as FHIR Timing.repeat: "b.i.d. with meals", "every 4-6 hours".

Offsets are code points.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from msgspec import Struct
from msgspec.structs import replace

from kernels.text import normalise
from nlp.sig.frequencies import GATE, RULES
from nlp.sig.openings import Openings
from nlp.types import Timing


class Occurrence(Struct, frozen=True, gc=False):
    """A frequency expression of a text with its meaning."""

    start: int
    end: int
    timing: Timing


_OPENINGS = Openings(
    frequency="""q /_ /d b. b_ bi bd t. t_ td ti da od om on no ma
        tw th ea ev 0 fo fi si se ei ni te pe in at an a_
        a. ac af be we mo ye ho hs h. ne p. pc pr wi mw m/ tu t/ fr sa su x_ x0 st"""
)
_JOIN = re.compile(r",?\s{0,2}(?:and\s)?", re.I)


def find(text: str, start: int = 0, end: int | None = None) -> list[Occurrence]:
    """Frequency expressions in text[start:end], in order, none overlapping, adjacent ones joined.

    "b.i.d. with meals" is one occurrence whose timing has both the frequency and the event.
    """
    stop = len(text) if end is None else end
    low = normalise(text)
    (places,) = _OPENINGS.find(low)
    found = [
        Occurrence(m.start(), m.end(), build(m))
        for at in places[bisect_left(places, start) : bisect_left(places, stop)]
        if GATE.match(low, at, stop)
        for rule, build in RULES.get(_letter(low[at]), ())
        if (m := rule.match(text, at, stop))
        and (m.end() == len(text) or not (text[m.end() - 1].isalnum() and text[m.end()].isalnum()))
    ]
    found.sort(key=lambda o: (o.start, -o.end))
    kept: list[Occurrence] = []
    for one in found:
        if kept and one.start < kept[-1].end:
            continue
        if kept and (joined := _joined(text, kept[-1], one)):
            kept[-1] = joined
        else:
            kept.append(one)
    return kept


def _letter(first: str) -> str:
    """The key of RULES for a character."""
    return "0" if first.isdecimal() else first


def _joined(text: str, left: Occurrence, right: Occurrence) -> Occurrence | None:
    """Both as one, where only space lies between and they complete each other."""
    a, b = left.timing, right.timing
    gap = text[left.end : right.start]
    if not _JOIN.fullmatch(gap) or "\n" in gap or (a.frequency and b.frequency):
        return None
    if a.count or b.count:
        return None
    if ("," in gap or "and" in gap) and bool(a.frequency) != bool(b.frequency):
        return None
    timing = replace(
        a if a.frequency else b,
        when=a.when + tuple(code for code in b.when if code not in a.when),
        day_of_week=a.day_of_week + b.day_of_week,
        time_of_day=a.time_of_day + b.time_of_day,
    )
    return Occurrence(left.start, right.end, timing)


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def notation(timing: Timing) -> str:
    """A timing in short: "2/d", "1/4-6h", "1/wk", "HS", "MORN,HS"; "" where it says nothing."""
    if timing.frequency and not (timing.frequency == 1 and timing.period == 1 and timing.when):
        often = str(timing.frequency) + (f"-{timing.frequency_max}" if timing.frequency_max else "")
        period = "" if timing.period == 1 and not timing.period_max else _figure(timing.period)
        period += f"-{_figure(timing.period_max)}" if timing.period_max else ""
        return f"{often}/{period}{timing.period_unit}"
    parts = timing.when or timing.day_of_week or timing.time_of_day
    return ",".join(parts) if parts else ("once" if timing.count else "")
