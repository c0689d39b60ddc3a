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
_RATIO = re.compile(r"(?<![\w.:,])1:(\d{1,3}(?:,\d{3})+|\d{4,})(?![\w:])")
_HALVED = re.compile(r"\.\d[38]$")
_INNER = re.compile(r"\([^()]*\)")
_AS = re.compile(r"\(as [^()\d]*\)(?=\s*[\d.])")
# (dextrose 1.87 g / fructose 1.87 g) per 5 ml
_OF_ALL = re.compile(rf"\)\s*(?:/|per|in)\s*({_NUMBER})?\s*ml\b")
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
    volume = _volume(plain, met)
    again = _equivalents(plain)
    keys: list[tuple[int, ...]] = []
    for found in met:
        told = _keys(found, volume)
        if keys and any(start < found.start() < end for start, end in again):
            keys[-1] = (*keys[-1], *(key for each in told for key in each))
        else:
            keys += told
    for ratio in _RATIO.findall(plain):
        keys.append((_key(1000 / _value(ratio), "mg/ml"),))  # 1:1,000 is a gram in a litre
    numbers = frozenset(_key(_value(each), "") for each in _BARE.findall(plain))
    return Strengths(tuple(keys), numbers)


def without_equivalents(text: str) -> str:
    """The normalised text less what it says again in parentheses after a strength, or by "as".

    "Calcium carbonate 1500 MG (calcium 600 MG)" names one drug and has one strength.
    """
    plain = normalise(text)
    for start, end in reversed(_equivalents(plain)):
        plain = f"{plain[:start]} {plain[end:]}"
    return _AS.sub(" ", plain)


def _equivalents(plain: str) -> list[tuple[int, int]]:
    """Where parentheses after a strength say it in terms of another substance."""
    if "(" not in plain:
        return []
    ends = {found.end() for found in _STRENGTH.finditer(plain)}
    return [
        inner.span()
        for inner in _INNER.finditer(plain)
        if len(plain[: inner.start()].rstrip()) in ends and _STRENGTH.search(inner[0])
    ]


def _volume(plain: str, met: list[re.Match[str]]) -> float:
    """The millilitres that all strengths are of, told at the end; 0 for none."""
    # of 250 mg / 62.5 mg per 5 ml the volume counts for both
    if len(met) > 1 and met[-1]["of"] and met[-1]["per"] == "ml":
        return _value(met[-1]["of"])
    of_all = _OF_ALL.search(plain)
    return _value(of_all[1] or "1") if of_all else 0.0


def _value(number: str) -> float:
    return float(number.replace(",", ""))


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


def _keys(found: re.Match[str], volume: float) -> Iterator[tuple[int, ...]]:
    """The keys of each number of a strength; `volume` in ml is that of all, 0 where none is."""
    unit, factor = _UNITS.get(found["unit"], (found["unit"], 1.0))
    per = found["per"] or found["mass"] or ""
    if unit in ("ml", "hr") and not per:
        return
    of = _value(found["of"] or "1")
    if per in ("g", "gm"):
        per, of = "mg", of * 1000
    elif per == "l":
        per, of = "ml", of * 1000
    elif per == "day":
        per, of = "hr", of * 24
    per = _PER.get(per, per)
    for number in re.findall(_NUMBER, found["numbers"]):
        value = _value(number) * factor / (of or 1)
        whole = f"{unit}/{per}" if per else unit
        if unit == "%":
            yield _key(value, "%"), _key(value * 10, "mg/ml"), _key(value / 100, "mg/mg")
            continue
        also = []
        if per and of != 1:
            also.append(_key(value * of, unit))  # 60 MG per 3 ML is also written 60 MG
            also.append(_rounded(value, whole))
        if not per:
            also += _whole_of(value, unit, volume)
        if _HALVED.search(number):  # 3.125 is also written 3.13
            also.append(_key(value - 0.005 * factor / (of or 1), whole))
        yield _key(value, whole), *also


def _whole_of(value: float, unit: str, volume: float) -> Iterator[int]:
    """What an amount may be called whose volume is told elsewhere, or goes unsaid."""
    if volume:
        yield _rounded(value / volume, f"{unit}/ml")
    yield _rounded(value, unit)
    # of an inhaler or of insulin, what it is per often goes unsaid
    yield _key(value, f"{unit}/actuat")
    if unit == "unt":
        yield _key(value, "unt/ml")


def _rounded(value: float, unit: str) -> int:
    """RxNorm gives what it has divided in three digits: 50 GM per 240 ML is 208 MG/ML."""
    return _key(float(f"{value:.3g}"), unit)


def _key(value: float, unit: str) -> int:
    return crc32(f"{value:.4g} {unit}".encode())
