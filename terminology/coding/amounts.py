"""What a product's name tells of its amounts: all that one unit has, and the bare numbers."""

from __future__ import annotations

import re

from kernels.text import words
from terminology.coding.drugnames import KNOWN
from terminology.coding.strength import UNITS, WHOLE, key_of

_AMOUNT = re.compile(r"([\d.]+) (MG|UNT|MEQ|MCG|GM)(/ML)?(?![/\w])")
_DRY = re.compile(r"Injection|Powder|Granules")  # it is made up with a volume
_DRUNK = re.compile(r"Oral (?:Solution|Suspension)")
TEASPOON = 5  # ml, of which people tell the amount of what is drunk: amoxicillin 400
_TELLING = 6  # letters of a word that names a substance
_VOLUME = re.compile(r"^([\d.]+) ML ")


def total_of(name: str) -> int:
    """The key of all that a product of one unit has, 0 where that says nothing.

    0.5 ML tirzepatide 10 MG/ML is 5 MG; 5 MG each of four salts of amphetamine are 20 MG.
    """
    amounts = _AMOUNT.findall(name)
    if len({each[1:] for each in amounts}) != 1 or not _of_one(name, len(amounts)):
        return 0
    value, volume = sum(float(each[0]) for each in amounts), _VOLUME.match(name)
    unit, factor = UNITS.get(amounts[0][1].lower(), (amounts[0][1].lower(), 1.0))
    if len(amounts) == 1 and amounts[0][2] and _DRUNK.search(name):
        return key_of(value * factor * TEASPOON, f"{unit} {WHOLE}")
    if bool(volume) != bool(amounts[0][2]):
        return 0
    if len(amounts) == 1 and not volume and not _DRY.search(name):
        return 0
    return key_of(value * factor * (float(volume[1]) if volume else 1.0), f"{unit} {WHOLE}")


def _of_one(name: str, parts: int) -> bool:
    """Whether so many parts of a name are salts of one substance: they share a word's end."""
    said = [words(part) for part in name.split(" / ")]
    return parts == 1 or any(
        all(any(each.endswith(end) for each in part) for part in said[:parts])
        for end in said[0]
        if len(end) > _TELLING and end not in KNOWN
    )


def numbers_in(name: str) -> list[int]:
    """The numbers of an RxNorm name, as a text that names no unit may have them: 0.25 MG is 250."""
    values = [float(each) for each in re.findall(r"\d+(?:\.\d+)?", name)]
    values += [value * 1000 for value in values if value < 1]
    if _DRUNK.search(name):
        values += [value * TEASPOON for value in values]
    return [key_of(value, "") for value in values]
