"""Strengths and doses: "40 mg", "10-20 mEq/15 mL", "two tablets", the 50 of "Demerol 50"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nlp.sig.element import COUNTS, NUM, TO, Element, amount, matches
from nlp.tables import compiled, worded

_MASS = worded(r"(?:<mass-unit>)")
_VOLUME = r"(?:ml|mls|cc|milliliters?|tsp|teaspoons?|ounces?|oz)"
_PER = (
    r"(?:hours?|hrs?|h|min(?:ute)?|kg|m2|g(?:m|rams?)?|dose|actuation|spray|puff|inhalation"
    r"|tablet|tab|capsule)"
)
_BELOW = rf"(?:\s?(?:/|\sper\s|per\s)\s?(?:{NUM}\s?)?(?:{_VOLUME}|{_PER})\b)"
_STRENGTH = re.compile(
    rf"(?<![\w./])(?:"
    rf"{NUM}(?:\s?-?{_MASS})?(?:\s?[/-]\s?{NUM}){{1,6}}\s?-?{_MASS}(?![\w])(?:{_BELOW}){{0,2}}"
    rf"|{NUM}(?:\s?{_MASS})?{TO}{NUM}\s?-?{_MASS}(?![\w])(?:{_BELOW}){{0,2}}"
    rf"|{NUM}\s?-?{_MASS}(?![\w])(?:{_BELOW}){{0,2}}"
    rf")"
)
# Figures that a unit may follow, in lower case: strengths are tried only where this matches.
# No strength has more figures than 80; a page of "1/1/1/" would cost the square of its length.
NUMBER_GATE = re.compile(r"(?=[\d.][\d.,\s/–—-]{0,80}+(?:(?:to|or)[\d.,\s–—-]{0,80}+)?[mµμugki%p])")
# Concentrations of the laboratory and of vital signs are no strength of a drug.
_ANALYTE = re.compile(r"\s?(?:/|per\s)\s?(?:d?l\b|hpf|mm|cu)|\s?(?:/|per\s)\s?(?:l\b)")
_BARE = compiled(
    rf"\s{{1,2}}(?P<n>{NUM}(?:\s?[-/]\s?{NUM})?)(?![\w/%.]*\d)(?=\s|[,;.)]"
    rf"|$)(?!\s?(?:<no-strength>))",
    re.I,
)
_UNITS = worded(r"(?:<dose-unit>)")
_HALF = r"(?:1/2|½|¼|¾|1/4|3/4|one[\s-]half|(?:a\s)?half(?:\sof)?(?:\sa)?|one[\s-]quarter)"
_COUNT = (
    rf"(?:\d{{1,3}}\s(?:and\s)?{_HALF}|{COUNTS}\sand\s(?:a\shalf|one[\s-]half)"
    rf"|{_HALF}|{NUM}|½|{COUNTS})"
)
COUNT_GATE = re.compile(
    r"(?<![\w./-])(?=\.?\d|[½¼¾]|one|two|three|four|five|six|seven|eight|nine|ten|twelve"
    r"|half|an?\s|another)"
)
_DOSE = re.compile(
    rf"(?P<low>{_COUNT}|an?"
    rf"|another)(?:{TO}(?P<high>{_COUNT}))?[\s-]?(?:\([\d½/]+\)\s?)?"
    rf"(?:oral\s|whole\s|full\s|more\s|extra\s)?(?P<unit>{_UNITS})\b\.?(?:\(s\))?"
)
_LONE_DOSE = re.compile(rf"(?P<low>{_COUNT})(?:{TO}(?P<high>{_COUNT}))?(?=\s)")
_BEFORE_BARE_DOSE = re.compile(r"(?:sig:?\.?|takes?|taking|take|use|uses|apply)\s+$")


def strengths(low: str, places: Iterable[int]) -> list[Element]:
    """The strengths that begin at those places, in order, of a text in lower case."""
    return [
        Element("strength", m.start(), m.end())
        for m in matches(_STRENGTH, low, places)
        if not _ANALYTE.match(low, m.end())
    ]


def bare_strength(text: str, drug_end: int, end: int) -> Element | None:
    """A number without a unit right after a drug: the 50 of "Demerol 50", not a count up to 4."""
    m = _BARE.match(text, drug_end, end)
    if m is None or m["n"] in ("1", "2", "3", "4"):
        return None
    return Element("strength", m.start("n"), m.end("n"))


def doses(low: str, counts: list[int]) -> list[Element]:
    """The doses, counts with a unit, that begin at those places of a text in lower case."""
    found = (_DOSE.match(low, at) for at in counts)
    return [
        Element("dose", m.start(), m.end(), quantity=amount(m["low"], m["high"], m["unit"]))
        for m in found
        if m
    ]


def lone_doses(low: str, counts: list[int], taken: list[Element]) -> list[Element]:
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
                Element("dose", m.start(), m.end(), quantity=amount(m["low"], m["high"], ""))
            )
    return out
