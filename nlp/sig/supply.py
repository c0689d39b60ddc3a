"""What of a drug is handed out: the quantity of a prescription, and its refills."""

from __future__ import annotations

import re

from nlp.sig.numbers import number
from nlp.tables import worded
from nlp.types import Document, Quantity, Supply

_UNIT = worded(r"(?:<supply-unit>)")
_WORDS = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|fifteen|twenty"
    r"|thirty|forty|sixty|ninety)"
)
_COUNT = rf"(?P<count>\d{{1,4}}|{_WORDS})(?:\s?\(#?\d+\))?"
_OF = rf"(?:[\s-]?(?P<unit>{_UNIT}))?(?![\w/])"
_QUANTITY = tuple(
    re.compile(rf"(?<![\w#]){rule}", re.I)
    for rule in (
        rf"(?:dispense[ds]?|disp\b\.?|qty\b\.?|quantity|number)\s?(?:of|:"
        rf"|is)?\s?\#?\s?{_COUNT}{_OF}",
        rf"\#\s?(?P<count>[1-9]\d{{1,3}}|[5-9])(?![.)]\s){_OF}",
        rf"{_COUNT}[\s-](?P<unit>{_UNIT})[\s-](?:(?:of\s\w+\s)?(?:were|was)\s)?(?:given|dispensed"
        rf"|provided|supply|supplied|prescription|(?:with\s)?(?:no|\w+)\s(?:\w+\s)?refills?)",
    )
)
_REFILLS = re.compile(
    r"\b(?:(?P<none>no|without|zero)\s(?:additional\s|further\s|more\s)?refills?"
    rf"|(?P<before>\d{{1,2}}|{_WORDS})(?:\s\(\d+\))?\s(?:additional\s|more\s)?refills?"
    r"|(?:refills?|rf)\b\s?(?:of|:|x|×|\#|=|-)?\s?"
    rf"(?:(?P<after>\d{{1,2}}|{_WORDS})(?!\s?(?:mg|mcg|ml|/))|(?P<nil>none|zero)))\b",
    re.I,
)
# What any of these rules wants, in lower case: far quicker to miss than each of them.
_TOLD = re.compile(r"#|disp|qty|quantity|number|given|provided|suppl|prescription|refill|rf")
_LINES = re.compile(r"\n\s*\n|\n\s*(?:[-*•]|\d+[.)])")
_REACH = 160  # code points behind a drug in which its supply is told
_MONTH = {"day": "d", "week": "wk", "month": "mo"}
_SHORT = {"tab": "tablet", "cap": "capsule", "cc": "mL", "ml": "mL", "gm": "g", "gram": "g"}


def find(document: Document, end: int, stop: int) -> Supply | None:
    """What is handed out of the drug that ends at `end`; `stop` is where the next one begins."""
    text = document.text
    last = min(stop, end + _REACH, len(text))
    line = _LINES.search(text, end, last)
    last = line.start() if line else last
    if not _TOLD.search(text[end:last].lower()):
        return None
    counted = [m for rule in _QUANTITY if (m := rule.search(text, end, last))]
    amount = min(counted, key=lambda m: m.start(), default=None)
    again = _REFILLS.search(text, end, last)
    if amount and again and again.start() < amount.end() < again.end():
        again = _REFILLS.search(text, amount.end(), last)  # "#30 refills 2" has 2, not 30
    if amount is None and again is None:
        return None
    told = [m for m in (amount, again) if m]
    if amount and again and again.end() <= amount.end():
        told = [amount]
    spans = [document.span(m.start(), m.end()) for m in told]
    return Supply(tuple(spans), _amount(amount) if amount else None, _times(again))


def _amount(found: re.Match[str]) -> Quantity:
    unit = (found["unit"] or "").lower()
    unit = unit[:-2] if unit.endswith(("ches", "xes")) else unit.removesuffix("s")
    return Quantity(number(found["count"]), _MONTH.get(unit) or _SHORT.get(unit, unit))


def _times(found: re.Match[str] | None) -> int | None:
    if found is None:
        return None
    said = found["before"] or found["after"]
    return int(number(said)) if said else 0
