"""Strengths of drugs, read alike from RxNorm's names and from what people write.

A strength becomes keys that two ways of writing one strength share: 50 mcg and 0.05 MG, 250 mg/5 ml
and 50 MG/ML, 1 % and 10 MG/ML. RxNorm's grammar: techdoc section 5 (semantic clinical drugs).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kernels.text import normalise
from terminology.coding.drugs.doses import not_doses
from terminology.coding.drugs.equivalents import NONE, near
from terminology.coding.drugs.units import (
    NUMBER,
    PER,
    SHARES,
    UNITS,
    WHOLE,
    key_of,
    rounded,
    value_of,
)

_STRENGTH = re.compile(
    rf"(?<![\w.])(?P<numbers>(?:{NUMBER})(?:\s*(?:-|/)\s*(?:{NUMBER})){{0,19}})\s*-?\s*"
    r"(?P<unit>mg|mcg|ug|micrograms?|milligrams?|grams?|gms?|g|meq|mmol|unt|units?|iu|u|%|percent"
    r"|ml|cells|hr)(?![a-z])(?!\s*/\s*(?:kg|m2|min)\b)"  # what a body or a minute gets is a dose
    # 5 mg/325 mg are two strengths, 50 mg/5 ml and 0.05 mg/mg are one
    rf"(?:\s*(?:/|per\b|in\b)\s*(?:(?P<of>{NUMBER})?\s*"
    r"(?P<per>ml|oz|gm|grams?|g|hr|hour|h|day|actuat|actuation|act|puff|inh|inhalation|spray|dose|l)"
    # 500 mg per g-tube, 125 mg / l-dopa, but 7.5 mg/5 ml-guaifenesin 100 mg
    r"|(?P<mass>mg))(?![a-z])(?:(?<=ml)|(?!-[a-z])))?"
)
COUNTED = (
    r"(?!\s*(?:tab|cap|puff|drop|gtt|spray|pill|appl|times?\b|x\b|day|week(?!ly)|month(?!ly)"
    r"|hour(?!ly)|hr|h\b|(?:ml|cc)/h))"
)
# nobody takes so many at a time: neurontin 300 caps
_LARGE = r"(?:\d{2}[05]|\d{4,})(?=\s*(?:tab|cap))"
_BARE = re.compile(
    rf"(?<![\w.])({_LARGE}|(?:{NUMBER})(?![\w.%]){COUNTED})"
    r"(?P<dosed>\s*(?:daily|weekly|monthly|(?:am|pm|by|po|q(?:\d+h)?|qd|qhs|bid|tid|qid)\b))?"
)
_COUNT = 5  # less, before what tells when, is how many are taken: "1 qd", but "40 qd"
_PAIR = re.compile(rf"(?<![\w./:-])(?:{NUMBER})(?:[-/](?:{NUMBER}))+(?![\w.%/-]){COUNTED}")
_RANGE = 4  # how far two ends of a range of doses are apart: 5-10, but 5-325
_RATIO = re.compile(r"(?<![\w.:,])1:(\d{1,3}(?:,\d{3})+|\d{4,})(?![\w:])")
_HALVED = re.compile(r"\.\d[38]$")
_INNER = re.compile(r"\([^()]*\)")
_AS = re.compile(r"\(as [^()\d]*\)(?=\s*[\d.])")
_SPRAYED = (0.07, 0.1, 0.137)  # ml that pumps for the nose give: ipratropium 0.03 % is 21 mcg
# (dextrose 1.87 g / fructose 1.87 g) per 5 ml
_OF_ALL = re.compile(rf"\)\s*(?:/|per|in)\s*({NUMBER})?\s*ml\b")


@dataclass(frozen=True, slots=True)
class Strengths:
    """Each strength as the keys it may go by, its own first; and the bare numbers of the text.

    `shared`: a strength is told in percent, or of a millilitre, a puff, an hour.
    `paired`: the strengths, or the bare numbers, are told as one label's: 5/325.
    """

    keys: tuple[tuple[int, ...], ...]
    numbers: tuple[int, ...]
    shared: bool = False
    paired: bool = False

    @property
    def count(self) -> int:
        """How many strengths are told, by numbers alone where none has a unit."""
        return len(self.keys) or len(self.numbers)

    def without(self, said: Sequence[str]) -> Strengths:
        """The same less these bare numbers, which belong to names."""
        left = list(self.numbers)
        for key in (key_of(value_of(each), "") for each in said):
            if key in left:
                left.remove(key)
        return replace(self, numbers=tuple(left)) if said else self


def read_strengths(text: str, other: tuple[str, float] = NONE) -> Strengths:
    """The strengths in a text. Volumes and hours alone are no strengths.

    `other`: the unit beside milligrams of the substance that the text names, the weight of one.
    """
    plain = normalise(text)
    met = not_doses(plain, list(_STRENGTH.finditer(plain)))
    volume = _volume(plain, met)
    again = _equivalents(plain)
    keys: list[tuple[int, ...]] = []
    for found in met:
        told = _keys(found, volume, other)
        if keys and any(start < found.start() < end for start, end in again):
            keys[-1] = (*keys[-1], *(key for each in told for key in each))
        else:
            keys += told
    for ratio in _RATIO.findall(plain):
        keys.append((key_of(1000 / value_of(ratio), "mg/ml"),))  # 1:1,000 is a gram in a litre
    pair = [] if keys else _bare_pair(plain)
    bare = pair or [
        value_of(found[1])
        for found in _BARE.finditer(plain)
        if not found["dosed"] or not _counts(value_of(found[1]))
    ]
    numbers = tuple(key_of(each, "") for each in bare)
    paired = bool(pair) or any("/" in found["numbers"] for found in met)
    shared = any(found["per"] or found["mass"] or found["unit"] in SHARES for found in met)
    return Strengths(tuple(keys), numbers, shared, paired)


def _bare_pair(plain: str) -> list[float]:
    """The numbers of a label such as 5/325, or 5-325; of a half, or of 5 to 10, none."""
    for found in _PAIR.finditer(plain):
        first, *_, last = values = [value_of(each) for each in re.findall(NUMBER, found[0])]
        ranged = "-" in found[0] and first <= last <= _RANGE * first
        if not ranged and not first < last < _COUNT:
            return values
    return []


def _counts(value: float) -> bool:
    """Whether a number before what tells when is how many are taken: 1, but not 0.4."""
    return value < _COUNT and value.is_integer()


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
    last = met[-1] if len(met) > 1 else None
    if last and last["per"] == "ml" and (last["of"] or "per" in last[0]):
        return value_of(last["of"] or "1")
    of_all = _OF_ALL.search(plain)
    return value_of(of_all[1] or "1") if of_all else 0.0


def _keys(
    found: re.Match[str], volume: float, other: tuple[str, float]
) -> Iterator[tuple[int, ...]]:
    """The keys of each number of a strength; `volume` in ml is that of all, 0 where none is."""
    unit, factor = UNITS.get(found["unit"], (found["unit"], 1.0))
    per, of = _per(found)
    if unit in ("ml", "hr") and per in ("", "hr"):
        return
    for number in re.findall(NUMBER, found["numbers"]):
        value = value_of(number) * factor / (of or 1)
        whole = f"{unit}/{per}" if per else unit
        if unit == "%":
            yield key_of(value, "%"), *_of_share(value), *_in_other(value * 10, "mg/ml", other)
            continue
        also = [*_in_other(value, whole, other)]
        if per == "mg" and of != 1:
            also.append(key_of(value * 1000, f"{unit}/ml"))  # creams are weighed as water is
        if per and of != 1:
            also.append(key_of(value * of, f"{unit} {WHOLE}"))  # 3 ML of 20 MG/ML have 60 MG
            also += [key_of(each, whole) for each in near(value)] if value else []
            if per == "ml":  # a spray of 0.1 ML
                also.append(key_of(value * of, f"{unit}/actuat"))
        if per == "actuat":
            also.append(key_of(value, unit))  # the only dose that there is: 3 mg/spray
        if not per:
            also += _whole_of(value, unit, volume)
        if _HALVED.search(number):  # 3.125 is also written 3.13
            also.append(key_of(value - 0.005 * factor / (of or 1), whole))
        yield key_of(value, whole), *also


def _in_other(value: float, whole: str, other: tuple[str, float]) -> Iterator[int]:
    """The same amount in the other unit of a substance, or in milligrams."""
    told, per, of = whole.partition("/")
    unit, weight = other
    if not unit or not value:
        return
    if told == unit == "mg" and not per:  # the drug is inhaled
        yield from (key_of(each, "mg/actuat") for each in near(value * weight))
    if told == unit:
        yield from (key_of(each, f"mg{per}{of}") for each in near(value * weight))
    elif told == "mg":
        yield from (key_of(each, f"{unit}{per}{of}") for each in near(value / weight))


def _per(found: re.Match[str]) -> tuple[str, float]:
    """What a strength is per, and of how many: (ml, 5); nothing and 1 where it is not told."""
    per, of = found["per"] or found["mass"] or "", value_of(found["of"] or "1")
    if per in ("g", "gm", "gram", "grams"):
        return "mg", of * 1000
    if per == "l":
        return "ml", of * 1000
    if per == "oz":
        return "ml", of * 30
    if per == "day":
        return "hr", of * 24
    return PER.get(per, per), of


def _of_share(percent: float) -> Iterator[int]:
    """What so many percent of something are: 1 % is 10 mg/ml, 0.01 mg/mg and 0.01 ml/ml."""
    if not percent:
        return
    for value, unit in (
        (percent * 10, "mg/ml"),
        (percent / 100, "mg/mg"),
        (percent / 100, "ml/ml"),
    ):
        yield from (key_of(value, unit), rounded(value, unit))
    for volume in _SPRAYED:
        yield from (key_of(each, "mg/actuat") for each in near(percent * 10 * volume))


def _whole_of(value: float, unit: str, volume: float) -> Iterator[int]:
    """What an amount may be called whose volume is told elsewhere, or goes unsaid."""
    if volume:
        yield rounded(value / volume, f"{unit}/ml")
    yield rounded(value, unit)
    yield key_of(value, f"{unit} {WHOLE}")
    # of an inhaler, a patch or of insulin, what it is per often goes unsaid
    yield key_of(value, f"{unit}/actuat")
    yield key_of(value, f"{unit}/hr")
    if unit == "unt":
        yield key_of(value, "unt/ml")
