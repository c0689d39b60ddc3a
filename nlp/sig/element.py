"""One part of a sig, and what reading the parts shares: numbers, quantities, places tried."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct

from nlp.sig.numbers import number
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


NUM = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
TO = r"(?:\s?(?:-|–|—|to|or)\s?)"
_TAKEN = """
mg mcg g gm micrograms grams units iu ml tab tabs tablet tablets cap caps capsule capsules puff
puffs spray sprays po oral sc iv im
"""
# Behind what is taken: two letters that mean something else in other places are Latin there.
TAKEN = f"(?:{'|'.join(rf'(?<=[0-9 ]{each} )' for each in _TAKEN.split())})"
COUNTS = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve)"
_FRACTIONS = {"a half": "half", "half of": "half", "½": "1/2", "¼": "1/4", "¾": "3/4"}
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


def amount(low: str, high: str | None, unit: str) -> Quantity:
    """The quantity of a count or a range of them, its unit in the singular."""
    name = re.sub(r"(?<!s)s$|\(s\)$", "", unit.strip(". ").lower())
    return Quantity(_value(low), _SINGULAR.get(name, name), _value(high) if high else None)


def _value(text: str) -> float:
    """What a count is worth: "2", "one and a half", "1 1/2"."""
    words = re.sub(r"\s+", " ", text.strip().lower())
    whole, _, rest = words.partition(" and ") if " and " in words else words.partition(" ")
    if rest and "half" not in whole:
        return number(whole) + (0.5 if "half" in rest or "½" in rest else _value(rest))
    if "half" in words:
        return 0.5
    if "quarter" in words:
        return 0.25
    return 1.0 if words == "another" else number(_FRACTIONS.get(words, words))


def matches(rule: re.Pattern[str], text: str, places: Iterable[int]) -> Iterator[re.Match[str]]:
    """What `rule.finditer` gives, tried only at those places, in order."""
    at = 0
    for place in places:
        if place >= at and (found := rule.match(text, place)):
            at = found.end()
            yield found
