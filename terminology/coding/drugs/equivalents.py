"""Substances whose amounts some tell in milligrams and others in milliequivalents or units.

One milliequivalent of a salt is its molar mass by the charge of its cation: KCl 74.55 mg. RxNorm
has potassium chloride 2 MEQ/ML of what a label calls 15 %, magnesium sulfate 4 MEQ/ML of 50 %. Of
vitamin D a unit is 25 ng (WHO Expert Committee on Biological Standardization, 1949).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import floor, isfinite, log10

# mg of one milliequivalent; what is weighed with its water is so here
_MILLIEQUIVALENT = {
    "ammonium chloride": 53.49,
    "calcium chloride": 73.51,
    "calcium gluconate": 224.2,
    "magnesium chloride": 101.65,
    "magnesium sulfate": 123.24,
    "potassium acetate": 98.14,
    "potassium bicarbonate": 100.12,
    "potassium chloride": 74.55,
    "potassium citrate": 108.14,
    "potassium gluconate": 234.25,
    "sodium acetate": 82.03,
    "sodium bicarbonate": 84.01,
    "sodium chloride": 58.44,
    "sodium lactate": 112.06,
}
_VITAMIN_D = ("vitamin d", "cholecalciferol", "ergocalciferol")
# the other unit, and the milligrams of one
EQUIVALENT = {name: ("meq", weight) for name, weight in _MILLIEQUIVALENT.items()}
EQUIVALENT |= dict.fromkeys(_VITAMIN_D, ("unt", 0.000025))
# a salt by which labels tell them: 108 mcg of albuterol sulfate are 90 of albuterol
EQUIVALENT |= {"albuterol": ("mg", 1 / 1.2), "levalbuterol": ("mg", 45 / 59)}
# or by what the device holds: of 220 mcg a Twisthaler gives 200
EQUIVALENT["mometasone"] = ("mg", 1 / 1.1)
NONE = ("", 0.0)
_CLOSE = 0.02  # the share by which what a label rounds may differ
_PLACES = (1, 2, 3)  # digits that RxNorm gives


def equivalent(names: Iterable[str]) -> tuple[str, float]:
    """The other unit of the only such substance among drugs' names and its milligrams, or NONE."""
    found = {EQUIVALENT[name.lower()] for name in names if name.lower() in EQUIVALENT}
    return found.pop() if len(found) == 1 else NONE


def near(value: float) -> Iterator[float]:
    """What a computed amount above 0 may be called once rounded: 1.341 is 1.34, 1.33 and 1.35."""
    if not isfinite(value):
        return
    told = {float(f"{value:.{places}g}") for places in _PLACES}
    step = 10.0 ** (floor(log10(value)) + 1 - _PLACES[-1])
    told |= {float(f"{value + sign * step:.3g}") for sign in (-1, 1)}
    yield from sorted(each for each in told if abs(each - value) <= _CLOSE * value)
