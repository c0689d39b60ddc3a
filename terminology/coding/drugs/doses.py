"""What is taken at a time, or lies in a package: amounts beside a strength that are none."""

from __future__ import annotations

import re

from terminology.coding.drugs.units import SHARES, UNITS

_DOSING = re.compile(r"\b(?:take|takes|taking|give|inject|inhale|administer|infuse|use)\s+$")
_WINDOW = 24  # characters in which words right before an amount are looked for
_NEAR = 8  # strengths before one that it may be a dose of
_ALONE = re.compile(r"(?:\(=?|=)\s*(?:total\s*)?$")  # (1000 mg)
# a mass behind the form is what is taken, or in a package: 50 mcg spray 16 g
_FORMED = re.compile(
    r"\b(?:tab|cap|spray|susp|sol|cream|crm|oint|gel|lotion|patch|inj|powder|syrup)"
)


def not_doses(plain: str, met: list[re.Match[str]]) -> list[re.Match[str]]:
    """The strengths among the amounts of a normalised text, where some are doses or packages.

    `met` has the amounts in order, with groups unit and per: of "500 mg, take 1 g" the first.
    """
    if len(met) < 2:
        return met
    told = [found for found in met if not _before(_DOSING, plain, found)] or met
    if any(_units(found) and found["per"] for found in told):  # 10 units of 100 units/ml
        told = [found for found in told if found["per"] or not _units(found)]
    kept, packed = told[:1], "{" in plain
    for found in told[1:]:
        of_these = _unit(found) in {_unit(each) for each in kept[-_NEAR:] if each["per"]}
        alone = _before(_ALONE, plain, found) and plain[found.end() : found.end() + 1] in ("", ")")
        behind = not packed and _FORMED.search(plain, kept[-1].end(), found.start())
        if found["per"] or found["unit"] in SHARES or not (of_these or alone or behind):
            kept.append(found)
    return kept


def _before(words: re.Pattern[str], plain: str, found: re.Match[str]) -> bool:
    """Whether such words stand right before an amount."""
    return words.search(plain, max(0, found.start() - _WINDOW), found.start()) is not None


def _unit(found: re.Match[str]) -> tuple[str, float] | None:
    return UNITS.get(found["unit"])


def _units(found: re.Match[str]) -> bool:
    return UNITS.get(found["unit"], ("", 0.0))[0] == "unt"
