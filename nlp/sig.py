"""The parts of a sig in a stretch of text: strength, dose, form, route, frequency, PRN, duration.

Offsets are code points. Parts are found apart from any drug; nlp.medication gives them to drugs.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from kernels.text import normalise
from nlp import routes, timing
from nlp.openings import Openings
from nlp.places import Places
from nlp.types import Quantity, Timing

Part = Literal["strength", "dose", "form", "route", "frequency", "as_needed", "duration"]


class Element(Struct, frozen=True, gc=False):
    """One part of a sig; `code` is the canonical route, `reason` the span of what a PRN is for."""

    part: Part
    start: int
    end: int
    timing: Timing | None = None
    quantity: Quantity | None = None
    code: str = ""
    reason: tuple[int, int] | None = None


_NUM = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
_MASS = (
    r"(?:mcg|µg|μg|ug|micrograms?|milligrams?|mgs?\.?(?=\W|$)|mg|grams?|gms?|kg|g"
    r"|meq|milliequivalents?"
    r"|mmol|million\sunits|units?|iu|mu|u|%|percent)"
)
_VOLUME = r"(?:ml|mls|cc|milliliters?|tsp|teaspoons?|ounces?|oz)"
_PER = (
    r"(?:hours?|hrs?|h|min(?:ute)?|kg|m2|dose|actuation|spray|puff|inhalation|tablet|tab|capsule)"
)
_TO = r"(?:\s?(?:-|–|—|to|or)\s?)"
_BELOW = rf"(?:\s?(?:/|\sper\s|per\s)\s?(?:{_NUM}\s?)?(?:{_VOLUME}|{_PER})\b)"
_STRENGTH = re.compile(
    rf"(?<![\w./])(?:"
    rf"{_NUM}(?:\s?-?{_MASS})?(?:\s?[/-]\s?{_NUM}){{1,6}}\s?-?{_MASS}(?![\w])(?:{_BELOW}){{0,2}}"
    rf"|{_NUM}(?:\s?{_MASS})?{_TO}{_NUM}\s?-?{_MASS}(?![\w])(?:{_BELOW}){{0,2}}"
    rf"|{_NUM}\s?-?{_MASS}(?![\w])(?:{_BELOW}){{0,2}}"
    rf")"
)
# Figures that a unit may follow, in lower case: strengths are tried only where this matches.
# No strength has more figures than 80; a page of "1/1/1/" would cost the square of its length.
_NUMBER_GATE = re.compile(
    r"(?=[\d.][\d.,\s/–—-]{0,80}+(?:(?:to|or)[\d.,\s–—-]{0,80}+)?[mµμugki%p])"
)
# Concentrations of the laboratory and of vital signs are no strength of a drug.
_ANALYTE = re.compile(r"\s?(?:/|per\s)\s?(?:d?l\b|hpf|mm|cu)|\s?(?:/|per\s)\s?(?:l\b)")
_BARE = re.compile(
    rf"\s{{1,2}}(?P<n>{_NUM}(?:\s?[-/]\s?{_NUM})?)(?![\w/%.]*\d)(?=\s|[,;.)]"
    rf"|$)(?!\s?(?:x\b|times|days?|weeks?|months?|years?|hours?|tab|cap|pill|puff"
    rf"|spray|drop|percent|%|a\b|am\b|pm\b|doses?|of\b|to\b|refills?))",
    re.I,
)
_UNITS = (
    r"(?:tablets?|tabs?|caplets?|capsules?|caps?|gelcaps?|softgels?|pills?|puffs?"
    r"|sprays?|squirts?|drops?|gtts?"
    r"|patch(?:es)?|ml|mls|milliliters?|cc|teaspoons?(?:ful)?|tsp"
    r"|tablespoons?(?:ful)?|tbsp|inhalations?"
    r"|suppositor(?:y|ies)|lozenges?|packets?|scoops?|capfuls?|vials?|ampules?"
    r"|applications?|applicators?(?:ful)?"
    r"|doses?|nebs?|nebulizers?|troches?|wafers?|pumps?|injections?|film|films|sachets?|amps?)"
)
_HALF = r"(?:1/2|½|¼|¾|1/4|3/4|one[\s-]half|(?:a\s)?half(?:\sof)?(?:\sa)?|one[\s-]quarter)"
_WORDS = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve)"
_COUNT = (
    rf"(?:\d{{1,3}}\s(?:and\s)?{_HALF}|{_WORDS}\sand\s(?:a\shalf|one[\s-]half)"
    rf"|{_HALF}|{_NUM}|½|{_WORDS})"
)
_COUNT_GATE = re.compile(
    r"(?<![\w./-])(?=\.?\d|[½¼¾]|one|two|three|four|five|six|seven|eight|nine|ten|twelve"
    r"|half|an?\s|another)"
)
_DOSE = re.compile(
    rf"(?P<low>{_COUNT}|an?"
    rf"|another)(?:{_TO}(?P<high>{_COUNT}))?[\s-]?(?:\([\d½/]+\)\s?)?"
    rf"(?:oral\s|whole\s|full\s|more\s|extra\s)?(?P<unit>{_UNITS})\b\.?(?:\(s\))?"
)
_LONE_DOSE = re.compile(rf"(?P<low>{_COUNT})(?:{_TO}(?P<high>{_COUNT}))?(?=\s)")
_FORM = re.compile(
    r"(?:(?:extended|sustained|delayed|immediate"
    r"|controlled)[\s-]release(?:\s(?:tablets?|capsules?))?"
    r"|(?:chewable|enteric[\s-]coated|disintegrating|film[\s-]coated|oral|vaginal"
    r"|sublingual)\s(?:tablets?|capsules?)|(?:oral|nasal|topical|ophthalmic|otic"
    r"|eye|ear|inhalation)"
    r"\s(?:solution|suspension|spray|drops?|ointment|gel|cream|liquid|foam|powder)"
    r"|metered[\s-]dose\sinhaler|auto-?injector"
    r"|tablets?|tabs?|caplets?|capsules?|caps|inhaler|diskus|respimat|handihaler"
    r"|hfa|mdi|nebuli[sz]er|nebs?|cream|ointment|gel|lotion|shampoo|foam"
    r"|solution|suspension|elixir|syrup|patch(?:es)?|suppositor(?:y|ies)|lozenges?"
    r"|drops|powder|paste|swish(?:\sand\s(?:swallow|spit))?|mouthwash|flexpen|pen"
    r"|enema|spray)\b"
    r"|(?-i:XR|ER|SR|CR|XL|LA|DR|EC|ODT|IR|CD|XT)\b",
    re.I,
)
_FORM_GATE = re.compile(
    r"(?<![\w-])(?=e(?:xt|nte|ye|ar|lix|nem|[rc]\b)|s(?:ust|ubl|olu|usp|hamp|yru|upp|wish|pray|r\b)"
    r"|d(?:elay|isi|isk|rop|r\b)|i(?:mm|nhal|r\b)|cream|c(?:ont|hew|aps?\b|apl|apsu|[rd]\b)|film"
    r"|o(?:ral|pht|tic|int|dt)|v(?:agi)|nas|nebs?\b|nebu|top|met|mdi|mouth|auto|tab|respi|handi"
    r"|hfa|gel|lo(?:ti|ze)|foam|p(?:atch|owd|ast|en\b)|flex|x[rlt]\b|la\b)"
)
_PRN = re.compile(
    r"(?<!\w)(?:p\.\s?r\.\s?n\b\.?|prn\b|(?:only\s)?(?:as|when|if|whenever"
    r"|where)\s(?:needed|necessary|required)|on\san\sas[\s-]needed\sbasis"
    r"|as-needed)"
)
_REASON = re.compile(
    r"[\s,]{1,2}(?:basis\s)?(?:for\s(?:the\s|his\s|her\s|any\s|severe\s|mild\s"
    r"|moderate\s)?|to\s(?:help\s|treat\s|control\s)?)?"
    r"(?P<why>[a-z][\w/'-]*(?:\s(?!and\s(?:is|was|has|he|she|I)\b|which|that|but"
    r"|then|x\s?\d|he|she|I\b|is\b|was\b|with\b)[\w>][\w/'>%-]*){0,5})",
    re.I,
)
_NEXT_ITEM = re.compile(r"\n\s*(?:\n|[-*•]|\d+[.)]|[A-Z])")
_NOT_REASON = re.compile(
    r"(?:\d|days?|weeks?|months?|up\sto|he|she|it|the\spatient|one|two|a)\b", re.I
)
_PERIOD = r"(?:days?|d|weeks?|wks?|wk|w|months?|mos?|hours?|hrs?|h|years?|yrs?|doses?|cycles?)"
_DURATION = re.compile(
    rf"(?<![\w])(?:(?:for|over)\s(?:(?:a\stotal\sof|the\snext|another|about"
    rf"|approximately|at\sleast|up\sto|an\sadditional|a\sfull|a\sfurther|the\sfirst"
    rf"|additional)\s)*"
    rf"(?P<n1>{_NUM}|{_WORDS}|an?|fourteen|twenty|thirty)(?:{_TO}(?P<h1>{_NUM}"
    rf"|{_WORDS}))?(?:\s?\(\d+\))?[\s-](?:more\s|additional\s|full\s|consecutive\s"
    rf"|total\s)?(?P<u1>{_PERIOD})"
    rf"|(?:x|×|times)\s?(?P<n2>{_NUM}|{_WORDS})(?:{_TO}(?P<h2>{_NUM}"
    rf"|{_WORDS}))?(?:\s?|-)(?:more\s)?(?P<u2>{_PERIOD})"
    rf"|(?:(?:a|an)\s)?(?P<n3>\d{{1,3}}|{_WORDS})(?:\s|-)(?P<u3>days?|weeks?"
    rf"|months?)\s(?:course|supply|taper))\b"
)
# How the parts may begin, in lower case.
_OPENINGS = Openings(
    number="0 .0",
    count="0 .0 ½ ¼ ¾ on tw th fo fi si se ei ni te ha a_ an",
    duration="fo ov x ti a_ an 0 on tw th fi si se ei ni te",
    as_needed="p. pr on as if wh",
    route="""p. p_ po pr pv pe by vi th do or i. i_ iv im in s. s_ sq sc sl su un re va to ap tr na
        ne op ot buccal ep ea bo ev ei ri le af o. ou od os a. au ad as""",
    form="""ex en ey ea el er ec su so sh sy sw sp sr de di dr im in ir cr co ch ca cd fi or op ot
        oi od va na ne to me md mo au ta re ha hf ge lo fo pa po pe fl xr xl xt la""",
)
_BEFORE_BARE_DOSE = re.compile(r"(?:sig:?\.?|takes?|taking|take|use|uses|apply)\s+$")


def _quantity(low: str, high: str | None, unit: str) -> Quantity:
    plain = {"a half": "half", "half of": "half", "½": "1/2", "¼": "1/4", "¾": "3/4"}

    def value(text: str) -> float:
        words = re.sub(r"\s+", " ", text.strip().lower())
        whole, _, rest = words.partition(" and ") if " and " in words else words.partition(" ")
        if rest and "half" not in whole:
            return timing.number(whole) + (0.5 if "half" in rest or "½" in rest else value(rest))
        if "half" in words:
            return 0.5
        if "quarter" in words:
            return 0.25
        return 1.0 if words == "another" else timing.number(plain.get(words, words))

    name = re.sub(r"(?<!s)s$|\(s\)$", "", unit.strip(". ").lower())
    return Quantity(value(low), _SINGULAR.get(name, name), value(high) if high else None)


_SINGULAR = {
    "tab": "tablet",
    "cap": "capsule",
    "patche": "patch",
    "suppositorie": "suppository",
    "cc": "mL",
    "ml": "mL",
    "milliliter": "mL",
    "gtt": "drop",
    "neb": "nebulizer",
    "amp": "ampule",
    **dict.fromkeys(("day", "d"), "d"),
    **dict.fromkeys(("week", "wk", "w"), "wk"),
    **dict.fromkeys(("month", "mo"), "mo"),
    **dict.fromkeys(("hour", "hr", "h"), "h"),
    **dict.fromkeys(("year", "yr"), "a"),
}


def _matches(rule: re.Pattern[str], text: str, places: Iterable[int]) -> Iterator[re.Match[str]]:
    """What `rule.finditer` gives, tried only at those places, in order."""
    at = 0
    for place in places:
        if place >= at and (found := rule.match(text, place)):
            at = found.end()
            yield found


def _strengths(low: str, places: Iterable[int]) -> list[Element]:
    return [
        Element("strength", m.start(), m.end())
        for m in _matches(_STRENGTH, low, places)
        if not _ANALYTE.match(low, m.end())
    ]


def bare_strength(text: str, drug_end: int, end: int) -> Element | None:
    """A number without a unit right after a drug: the 50 of "Demerol 50", not a count up to 4."""
    m = _BARE.match(text, drug_end, end)
    if m is None or m["n"] in ("1", "2", "3", "4"):
        return None
    return Element("strength", m.start("n"), m.end("n"))


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


def _doses(low: str, counts: list[int]) -> list[Element]:
    found = (_DOSE.match(low, at) for at in counts)
    return [
        Element("dose", m.start(), m.end(), quantity=_quantity(m["low"], m["high"], m["unit"]))
        for m in found
        if m
    ]


def _lone_doses(low: str, counts: list[int], taken: list[Element]) -> list[Element]:
    """Counts without a unit that a route or frequency follows, or "take" precedes: "one p.o."."""
    follow = {e.start - 1 for e in taken if e.part in ("route", "frequency")}
    out = []
    for at in counts:
        m = _LONE_DOSE.match(low, at)
        if m is None:
            continue
        if m.end() in follow or (
            _BEFORE_BARE_DOSE.search(low, max(0, at - 8), at)
            and not low[m.end() : m.end() + 40].lstrip()[:1].isalpha()
        ):
            out.append(
                Element("dose", m.start(), m.end(), quantity=_quantity(m["low"], m["high"], ""))
            )
    return out


def _as_needed(text: str, low: str, places: list[int]) -> list[Element]:
    out = []
    for m in _matches(_PRN, low, places):
        line = _NEXT_ITEM.search(text, m.end(), m.end() + 200)
        why = _REASON.match(text, m.end(), line.start() if line else len(text))
        # "prn pain" needs no "for"; "as needed pain" is another clause.
        linked = why and (why.start("why") > m.end() + 1 or m[0].startswith("p"))
        reason = why.span("why") if why and linked and not _NOT_REASON.match(why["why"]) else None
        out.append(Element("as_needed", m.start(), m.end(), reason=reason))
    return out


def _durations(low: str, places: list[int]) -> list[Element]:
    out = []
    for m in _matches(_DURATION, low, places):
        n = m["n1"] or m["n2"] or m["n3"]
        quantity = _quantity(n, m["h1"] or m["h2"], m["u1"] or m["u2"] or m["u3"])
        out.append(Element("duration", m.start(), m.end(), quantity=quantity))
    return out


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
    numbers, counts, lasting, needed, ways, forms = _OPENINGS.find(low)
    numbers = [at for at in numbers if _NUMBER_GATE.match(low, at)]
    counts = [at for at in counts if _COUNT_GATE.match(low, at)]
    every = [Element("frequency", o.start, o.end, timing=o.timing) for o in timing.find(text)]
    every += _durations(low, lasting) + _as_needed(text, low, needed) + _strengths(low, numbers)
    every += _doses(low, counts)
    every += [
        Element("route", m.start(), m.end(), code=code)
        for at in ways
        if routes.GATE.match(low, at)
        for code, rule in routes.BY_LETTER.get(low[at], ())
        if (m := rule.match(text, at))
    ]
    every += [
        Element("form", m.start(), m.end())
        for at in forms
        if _FORM_GATE.match(low, at) and (m := _FORM.match(text, at))
    ]
    kept = _without_overlap(every)
    kept = _without_overlap(kept + _lone_doses(low, counts, kept))
    kept = [_unpointed(text, e) for e in kept]
    return kept, [e.start for e in kept]


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
