"""Units of UCUM in base units: 5 mg is 0.005 g, 1 mmol/L is 1 mol·m⁻³ (https://ucum.org).

Facts of the atoms that clinical quantities use; units with an offset or a logarithm (Cel, pH, dB)
and arbitrary units ([iU]) stand for themselves.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

SYSTEM = "http://unitsofmeasure.org"

PREFIXES = {
    "da": 1, "Y": 24, "Z": 21, "E": 18, "P": 15, "T": 12, "G": 9, "M": 6, "k": 3, "h": 2,
    "d": -1, "c": -2, "m": -3, "u": -6, "n": -9, "p": -12, "f": -15, "a": -18, "z": -21, "y": -24,
}  # fmt: skip
METRIC = {  # atom: factor and base units; these take prefixes
    "m": ("1", "m"), "s": ("1", "s"), "g": ("1", "g"), "K": ("1", "K"), "mol": ("1", "mol"),
    "A": ("1", "A"), "cd": ("1", "cd"), "rad": ("1", "rad"), "L": ("0.001", "m3"),
    "l": ("0.001", "m3"), "N": ("1000", "g m s-2"), "Pa": ("1000", "g m-1 s-2"),
    "J": ("1000", "g m2 s-2"), "W": ("1000", "g m2 s-3"), "V": ("1000", "g m2 s-3 A-1"),
    "Ohm": ("1000", "g m2 s-3 A-2"), "S": ("0.001", "g-1 m-2 s3 A2"), "Hz": ("1", "s-1"),
    "Bq": ("1", "s-1"), "Gy": ("1", "m2 s-2"), "Sv": ("1", "m2 s-2"), "t": ("1000000", "g"),
    "bar": ("100000000", "g m-1 s-2"), "cal": ("4184", "g m2 s-2"),
    "U": ("0.00000001666666666666666666666666667", "mol s-1"), "kat": ("1", "mol s-1"),
    "eq": ("1", "mol"), "osm": ("1", "mol"), "[iU]": ("1", "[iU]"), "[IU]": ("1", "[iU]"),
    "m[H2O]": ("9806650", "g m-1 s-2"), "m[Hg]": ("133322000", "g m-1 s-2"),
    "Ci": ("37000000000", "s-1"),
}  # fmt: skip
OTHER = {  # atoms without prefixes
    "%": ("0.01", ""), "[ppth]": ("0.001", ""), "[ppm]": ("0.000001", ""), "10*": ("10", ""),
    "10^": ("10", ""), "min": ("60", "s"), "h": ("3600", "s"), "d": ("86400", "s"),
    "wk": ("604800", "s"), "mo": ("2629800", "s"), "a": ("31557600", "s"),
    "deg": ("0.01745329251994329576923690768", "rad"), "[in_i]": ("0.0254", "m"),
    "[ft_i]": ("0.3048", "m"), "[yd_i]": ("0.9144", "m"), "[mi_i]": ("1609.344", "m"),
    "[lb_av]": ("453.59237", "g"), "[oz_av]": ("28.349523125", "g"), "[gr]": ("0.06479891", "g"),
    "[stone_av]": ("6350.29318", "g"), "[gal_us]": ("0.003785411784", "m3"),
    "[foz_us]": ("0.0000295735295625", "m3"), "[psi]": ("6894757.293168361", "g m-1 s-2"),
    "atm": ("101325000", "g m-1 s-2"), "[drp]": ("0.00000005", "m3"), "[HPF]": ("1", "[HPF]"),
    "[LPF]": ("1", "[LPF]"), "[arb'U]": ("1", "[arb'U]"),
}  # fmt: skip
ATOM = re.compile(r"((?:10[*^])|(?:[^\d./(){}+-]|\[[^\]]*\])+)([+-]?\d+)?", re.ASCII)
NUMBER = re.compile(r"[1-9][0-9]{0,11}")
DIMENSION = re.compile(r"(\[[^\]]*\]|[A-Za-z]+)(-?\d+)?")


class Canonical(NamedTuple):
    """What one of a unit is in base units, whose product is written as in "g.m-3"."""

    factor: Decimal
    unit: str


@lru_cache(4096)
def canonical(code: str) -> Canonical | None:
    """A UCUM code in base units; None for what it has no facts of."""
    factor, powers = Decimal(1), dict[str, int]()
    sign = 1
    for part in re.split(r"([./])", re.sub(r"\{[^}]*\}", "", code)):
        if part in (".", "/"):
            sign = 1 if part == "." else -1
            continue
        if not part or part == "1":
            continue
        if NUMBER.fullmatch(part):
            factor *= Decimal(part) ** sign
            continue
        match = ATOM.fullmatch(part)
        known = _atom(match[1]) if match else None
        if match is None or known is None or abs(exponent := sign * int(match[2] or 1)) > 40:
            return None
        factor *= known[0] ** exponent
        for name, power in known[1]:
            powers[name] = powers.get(name, 0) + power * exponent
    written = ".".join(f"{n}{p if p != 1 else ''}" for n, p in sorted(powers.items()) if p)
    return Canonical(factor, written or "1")


def _atom(text: str) -> tuple[Decimal, list[tuple[str, int]]] | None:
    scale = 0
    row = OTHER.get(text) or METRIC.get(text)
    if row is None:
        for size in (2, 1):
            if (prefix := text[:size]) in PREFIXES and (row := METRIC.get(text[size:])):
                scale = PREFIXES[prefix]
                break
    if row is None:
        return None
    units = [(m[1], int(m[2] or 1)) for m in DIMENSION.finditer(row[1])]
    return Decimal(row[0]).scaleb(scale), units
