"""The parts of a sig in a stretch of text: strength, dose, form, route, frequency, PRN, duration.

Offsets are code points. Parts are found apart from any drug; nlp.medication gives them to drugs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from msgspec.structs import replace

from kernels.text import normalise
from nlp.places import Places
from nlp.sig import forms, routes, timing
from nlp.sig.amounts import COUNT_GATE, NUMBER_GATE, doses, lone_doses, strengths
from nlp.sig.element import Element, Part
from nlp.sig.lasting import as_needed, durations
from nlp.sig.openings import Openings

# How the parts may begin, in lower case.
_OPENINGS = Openings(
    number="0 .0",
    count="0 .0 ½ ¼ ¾ on tw th fo fi si se ei ni te ha a_ an",
    duration="fo ov x ti a_ an 0 on tw th fi si se ei ni te",
    as_needed="p. pr on as if wh so s.",
    route="""p. p_ po pr pv pe by vi th do or i. i_ iv im in s. s_ s/ sq sc sl su un re va to ap tr
        na ne op ot buccal ep ea bo ev ei ri le af o. ou od os a. au ad as""",
    form="""ex en ey ea el er ec su so sh sy sw sp sr de di dr im in ir cr co ch ca cd fi or op ot
        oi od va na ne to me md mo au ta re ha hf ge lo fo pa po pe fl xr xl xt la""",
)


def find(text: str, start: int = 0, end: int | None = None) -> list[Element]:
    """The sig parts that lie in text[start:end], in order of place, none overlapping.

    Where two readings overlap, the table of precedence below decides, then the longer span. A
    text is read once and its parts are kept while the text is in use.
    """
    every, starts = _read(text)
    stop = len(text) if end is None else end
    inside = every[bisect_left(starts, start) : bisect_left(starts, stop)]
    return [e for e in inside if e.end <= stop]


@lru_cache(maxsize=4)
def _read(text: str) -> tuple[list[Element], list[int]]:
    """All the parts of a text, and their starts."""
    low = normalise(text)
    numbers, counts, lasting, needed, ways, shapes = _OPENINGS.find(low)
    numbers = [at for at in numbers if NUMBER_GATE.match(low, at)]
    counts = [at for at in counts if COUNT_GATE.match(low, at)]
    every = [Element("frequency", o.start, o.end, timing=o.timing) for o in timing.find(text)]
    every += durations(low, lasting) + as_needed(text, low, needed) + strengths(low, numbers)
    every += doses(low, counts) + routes.find(text, low, ways) + forms.find(text, low, shapes)
    kept = _without_overlap(every)
    kept = _without_overlap(kept + lone_doses(low, counts, kept))
    kept = [_unpointed(text, e) for e in kept]
    return kept, [e.start for e in kept]


def name_end(text: str, start: int, end: int) -> int:
    """Where a drug's name ends: before a route or device ("Rocephin IM", "clonidine patch").

    A release ("XR") belongs to the name, and so does all of a clinical drug's full name.
    """
    parts = find(text, start, end)
    if any(e.part == "strength" for e in parts):
        return end
    for e in reversed(parts):
        behind = e.part == "route" or (e.part == "form" and not text[e.start : e.end].isupper())
        if e.end != end or not behind or not text[start : e.start].strip():
            break
        end = start + len(text[start : e.start].rstrip())
    return end


def _unpointed(text: str, element: Element) -> Element:
    """Without the full stop that ends the sentence, not the abbreviation: "q4h." but "q.4h."."""
    body = text[element.start : element.end]
    ends = body.endswith(".") and "." not in body[:-1]
    return replace(element, end=element.end - 1) if ends else element


_PRECEDENCE: tuple[Part, ...] = (
    "duration",
    "as_needed",
    "strength",
    "frequency",
    "dose",
    "form",
    "route",
)


def _without_overlap(elements: list[Element]) -> list[Element]:
    """The best of those that overlap, in order of place."""
    kept: list[Element] = []
    for cluster in _clusters(sorted(elements, key=lambda e: e.start)):
        if len(cluster) == 1:
            kept += cluster
            continue
        ranked = sorted(
            cluster, key=lambda e: (_PRECEDENCE.index(e.part), e.start - e.end, e.start)
        )
        taken = Places()
        kept += sorted((e for e in ranked if taken.add(e.start, e.end)), key=lambda e: e.start)
    return kept


def _clusters(elements: list[Element]) -> Iterator[list[Element]]:
    """Runs of elements that overlap: what is far apart need not be compared."""
    cluster: list[Element] = []
    reach = 0
    for one in elements:
        if cluster and one.start >= reach:
            yield cluster
            cluster = []
        cluster.append(one)
        reach = max(reach, one.end)
    if cluster:
        yield cluster
