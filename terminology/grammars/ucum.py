"""UCUM: which expressions are units, what they are called, and what one of each is in base units.

The grammar is section 2 of https://ucum.org/ucum: 5 mg is 0.005 g, 1 mmol/L is 1 mol·m⁻³. Units
with an offset or a logarithm (Cel, pH, dB) are units, but nothing is said of them in base units.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from terminology.facts import DATA, rows

SYSTEM = "http://unitsofmeasure.org"
PREFIXES = {
    # code: (power of ten, name); da comes before d
    "da": (1, "deka"), "Y": (24, "yotta"), "Z": (21, "zetta"), "E": (18, "exa"), "P": (15, "peta"),
    "T": (12, "tera"), "G": (9, "giga"), "M": (6, "mega"), "k": (3, "kilo"), "h": (2, "hecto"),
    "d": (-1, "deci"), "c": (-2, "centi"), "m": (-3, "milli"), "u": (-6, "micro"),
    "n": (-9, "nano"), "p": (-12, "pico"), "f": (-15, "femto"), "a": (-18, "atto"),
    "z": (-21, "zepto"), "y": (-24, "yocto"),
}  # fmt: skip
PROPERTIES = {  # what UCUM says that its base units measure; its charge is our current for a time
    "m": "length", "s": "time", "g": "mass", "rad": "plane angle", "K": "temperature",
    "A.s": "electric charge", "cd": "luminous intensity",
}  # fmt: skip
BINARY = {"Ki": (10, "kibi"), "Mi": (20, "mebi"), "Gi": (30, "gibi"), "Ti": (40, "tebi")}
COLUMNS = ["code", "metric", "name", "factor", "base"]
LONGEST, DEEPEST, STEEPEST = 300, 20, 40  # characters, parentheses, exponents that make sense
_LEXEME = re.compile(
    r"(?P<annotation>\{[\x21-\x7a|~ ]*\})|(?P<sign>[./()])|"
    r"(?P<unit>10[*^]|(?:\[[^][{}\s]+\]|[^][\d./(){}+\-\s]|(?<=[A-Za-z]_)\[\d+\])+)"
    r"(?P<power>[+-]?\d+)?|(?P<number>\d+)",
    re.ASCII,
)
_DIMENSION = re.compile(r"(\[[^\]]*\]|[A-Za-z]+)(-?\d+)?")
Powers = dict[str, int]


class Canonical(NamedTuple):
    """What one of a unit is in base units, whose product is written as in "g.m-3"."""

    factor: Decimal
    unit: str


class Unit(NamedTuple):
    """A valid expression; `base` is None where an atom in it is not comparable."""

    name: str
    base: Canonical | None


class _Atom(NamedTuple):
    metric: bool
    name: str
    factor: Decimal | None
    powers: Powers


class _Part(NamedTuple):
    name: str
    factor: Decimal | None
    powers: Powers


class _Wrong(ValueError):
    """The text is no expression of UCUM."""


@lru_cache(4096)
def unit(code: str) -> Unit | None:
    """What a case-sensitive UCUM code means; None where it is not one."""
    if not code or len(code) > LONGEST or not code.isascii():
        return None
    try:
        part = _Parsing(code).main()
    except _Wrong:
        return None
    if part.factor is None:
        return Unit(part.name, None)
    powers = sorted((name, power) for name, power in part.powers.items() if power)
    written = ".".join(f"{name}{power if power != 1 else ''}" for name, power in powers)
    return Unit(part.name, Canonical(part.factor, written or "1"))


def canonical(code: str) -> Canonical | None:
    """A UCUM code in base units; None where it is no unit, or not comparable."""
    found = unit(code)
    return None if found is None else found.base


class _Parsing:
    """One expression, read from left to right: `.` and `/` bind alike."""

    def __init__(self, text: str) -> None:
        self._lexemes: list[re.Match[str]] = []
        at = 0
        while at < len(text):
            found = _LEXEME.match(text, at)
            if found is None:
                raise _Wrong
            self._lexemes.append(found)
            at = found.end()
        self._at = 0

    def main(self) -> _Part:
        part = self._divided(_Part("", Decimal(1), {}), 0) if self._sees("/") else self._term(0)
        if self._at < len(self._lexemes):
            raise _Wrong
        return part

    def _sees(self, sign: str) -> bool:
        return self._at < len(self._lexemes) and self._lexemes[self._at]["sign"] == sign

    def _term(self, depth: int) -> _Part:
        return self._divided(self._component(depth), depth)

    def _divided(self, part: _Part, depth: int) -> _Part:
        while self._sees(".") or self._sees("/"):
            sign = 1 if self._sees(".") else -1
            self._at += 1
            part = _product(part, self._component(depth), sign)
        return part

    def _component(self, depth: int) -> _Part:
        if depth > DEEPEST or self._at >= len(self._lexemes):
            raise _Wrong
        found = self._lexemes[self._at]
        self._at += 1
        if found["sign"] == "(":
            part = self._term(depth + 1)
            if not self._sees(")"):
                raise _Wrong
            self._at += 1
            return self._annotated(part._replace(name=f"({part.name})"))
        if found["annotation"]:
            return _Part(found[0], Decimal(1), {})
        if found["number"]:
            part = _Part(found[0], Decimal(found[0]), {})
            if not part.factor:
                raise _Wrong
        elif found["unit"]:
            part = _simple(found["unit"], found["power"])
        else:
            raise _Wrong
        return self._annotated(part)

    def _annotated(self, part: _Part) -> _Part:
        # also after numbers and parentheses, as in /100{WBC} and g/(8.h){shift} of R4's own lists
        if self._at < len(self._lexemes) and self._lexemes[self._at]["annotation"]:
            self._at += 1
        return part


def _product(a: _Part, b: _Part, sign: int) -> _Part:
    powers = dict(a.powers)
    for name, power in b.powers.items():
        powers[name] = powers.get(name, 0) + sign * power
    factor = None if a.factor is None or b.factor is None else a.factor * b.factor**sign
    name = f"{a.name} * {b.name}" if sign > 0 else f"{a.name} / {b.name}".lstrip()
    return _Part(name, factor, powers)


def _simple(code: str, written: str | None) -> _Part:
    """An atom with its prefix and exponent."""
    scale, name, atom = Decimal(1), "", atoms().get(code)
    if atom is None:
        for size in (2, 1):
            head, rest = code[:size], atoms().get(code[size:])
            if rest is not None and rest.metric and (head in PREFIXES or head in BINARY):
                base, (power, name) = (
                    (10, PREFIXES[head]) if head in PREFIXES else (2, BINARY[head])
                )
                scale, atom = Decimal(base) ** power, rest
                break
    power = int(written or 1)
    if atom is None or abs(power) > STEEPEST:
        raise _Wrong
    told = f"({name}{atom.name}{f' ^ {power}' if written else ''})"
    factor = None if atom.factor is None else (atom.factor * scale) ** power
    return _Part(told, factor, {each: own * power for each, own in atom.powers.items()})


@cache
def atoms() -> dict[str, _Atom]:
    """Every unit atom by its code."""
    found = {}
    for code, metric, name, factor, base in rows(DATA / "ucum.tsv", COLUMNS):
        powers = {m[1]: int(m[2] or 1) for m in _DIMENSION.finditer(base)}
        known = None if factor == "-" else Decimal(factor)
        found[code] = _Atom(metric == "yes", name, known, powers)
    return found
