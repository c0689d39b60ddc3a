"""Strengths of drugs, read alike from RxNorm's names and from what people write.

A strength becomes keys that two ways of writing one strength share: 50 mcg and 0.05 MG, 250 mg/5 ml
and 50 MG/ML, 1 % and 10 MG/ML. RxNorm's grammar: techdoc section 5 (semantic clinical drugs).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

from kernels.text import normalise

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_STRENGTH = re.compile(
    rf"(?<![\w.])(?P<numbers>(?:{_NUMBER})(?:\s*(?:-|/)\s*(?:{_NUMBER}))*)\s*-?\s*"
    r"(?P<unit>mg|mcg|ug|micrograms?|milligrams?|grams?|gms?|g|meq|mmol|unt|units?|iu|u|%|percent"
    r"|ml|cells|hr)(?![a-z])"
    # 5 mg/325 mg are two strengths, 50 mg/5 ml and 0.05 mg/mg are one
    rf"(?:\s*(?:/|per|in)\s*(?:(?P<of>{_NUMBER})?\s*"
    r"(?P<per>ml|gm|g|hr|hour|h|day|actuat|actuation|act|puff|inh|inhalation|spray|dose|l)"
    r"|(?P<mass>mg))(?![a-z]))?"
)
_BARE = re.compile(
    rf"(?<![\w.])({_NUMBER})(?![\w.%])(?!\s*(?:tab|cap|puff|drop|gtt|spray|pill|appl|times?\b|x\b"
    r"|day|daily|week|month|hour|hr|h\b|am\b|pm\b|by\b|po\b|q\b|qd\b|qhs\b|bid\b|tid\b|qid\b))"
)
_UNITS = {
    **dict.fromkeys(("mcg", "ug", "microgram", "micrograms"), ("mg", 0.001)),
    **dict.fromkeys(("g", "gm", "gms", "gram", "grams"), ("mg", 1000.0)),
    **dict.fromkeys(("mg", "milligram", "milligrams"), ("mg", 1.0)),
    **dict.fromkeys(("unt", "unit", "units", "iu", "u"), ("unt", 1.0)),
    **dict.fromkeys(("%", "percent"), ("%", 1.0)),
}
_PER = {
    **dict.fromkeys(("actuat", "actuation", "act", "puff", "inh", "inhalation", "spray"), "actuat"),
    **dict.fromkeys(("hr", "hour", "h"), "hr"),
    "dose": "actuat",
}


@dataclass(frozen=True, slots=True)
class Strengths:
    """Each strength as the keys it may go by, its own first; and the bare numbers of the text."""

    keys: tuple[tuple[int, ...], ...]
    numbers: frozenset[int]


def read_strengths(text: str) -> Strengths:
    """The strengths in a text. Volumes and hours alone are no strengths."""
    plain = normalise(text)
    met = list(_STRENGTH.finditer(plain))
    # of 250 mg / 62.5 mg per 5 ml the volume counts for both
    last = met[-1] if len(met) > 1 and met[-1]["of"] and met[-1]["per"] else None
    keys = tuple(key for found in met for key in _keys(found, last))
    numbers = frozenset(_key(float(each.replace(",", "")), "") for each in _BARE.findall(plain))
    return Strengths(keys, numbers)


_AMOUNT = re.compile(r"([\d.]+) (MG|UNT|MEQ|MCG|GM)(/ML)?(?![/\w])")
_VOLUME = re.compile(r"^([\d.]+) ML ")


def total_of(name: str) -> int:
    """The key of all that a product of one unit has, 0 where that says nothing.

    0.5 ML tirzepatide 10 MG/ML is 5 MG; 5 MG each of four salts of amphetamine are 20 MG.
    """
    amounts = _AMOUNT.findall(name)
    if len({each[1:] for each in amounts}) != 1:
        return 0
    value, volume = sum(float(each[0]) for each in amounts), _VOLUME.match(name)
    if bool(volume) != bool(amounts[0][2]) or (len(amounts) == 1 and not volume):
        return 0
    unit, factor = _UNITS.get(amounts[0][1].lower(), (amounts[0][1].lower(), 1.0))
    return _key(value * factor * (float(volume[1]) if volume else 1.0), unit)


def numbers_in(name: str) -> frozenset[int]:
    """The numbers of an RxNorm name, as a text that names no unit may have them: 0.25 MG is 250."""
    values = [float(each) for each in re.findall(r"\d+(?:\.\d+)?", name)]
    values += [value * 1000 for value in values if value < 1]
    return frozenset(_key(value, "") for value in values)


def _keys(found: re.Match[str], last: re.Match[str] | None) -> Iterator[tuple[int, ...]]:
    """The keys of each number of a strength; `last` is a later one that may tell the volume."""
    unit, factor = _UNITS.get(found["unit"], (found["unit"], 1.0))
    per = found["per"] or found["mass"] or ""
    if unit in ("ml", "hr") and not per:
        return
    of = float((found["of"] or "1").replace(",", ""))
    if per in ("g", "gm"):
        per, of = "mg", of * 1000
    elif per == "l":
        per, of = "ml", of * 1000
    elif per == "day":
        per, of = "hr", of * 24
    per = _PER.get(per, per)
    for number in re.findall(_NUMBER, found["numbers"]):
        value = float(number.replace(",", "")) * factor / (of or 1)
        if unit == "%":
            yield _key(value, "%"), _key(value * 10, "mg/ml"), _key(value / 100, "mg/mg")
            continue
        also = []
        if per and of != 1:
            also.append(_key(value * of, unit))  # 60 MG per 3 ML is also written 60 MG
            also.append(_rounded(value, f"{unit}/{per}"))
        if not per and last is not None and last["per"] == "ml":
            also.append(_rounded(value / float(last["of"].replace(",", "")), f"{unit}/ml"))
        if not per:  # of an inhaler or of insulin, what it is per often goes unsaid
            also += [_key(value, f"{unit}/actuat"), *([_key(value, "unt/ml")] * (unit == "unt"))]
        yield _key(value, f"{unit}/{per}" if per else unit), *also


def _rounded(value: float, unit: str) -> int:
    """RxNorm gives what it has divided in three digits: 50 GM per 240 ML is 208 MG/ML."""
    return _key(float(f"{value:.3g}"), unit)


def _key(value: float, unit: str) -> int:
    return crc32(f"{value:.4g} {unit}".encode())
