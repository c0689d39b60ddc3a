"""What a product's name tells of its amounts: all that one unit has, and the bare numbers."""

from __future__ import annotations

import re
from math import floor, log10

from terminology.coding.drugs.units import NUMBER, UNITS, WHOLE, key_of, value_of

_AMOUNT = re.compile(rf"({NUMBER}) (MG|UNT|MEQ|MCG|GM)(/ML)?(?![/\w])")
_DRY = re.compile(r"Injection|Powder|Granules")  # it is made up with a volume
_DRUNK = re.compile(r"Oral (?:Solution|Suspension)")
TEASPOON = 5  # ml, of which people tell the amount of what is drunk: amoxicillin 400
_NUMBER = re.compile(NUMBER)
_DOSES = re.compile(rf"(?:{NUMBER} MG,? )+Dose ")  # 0.25 MG, 0.5 MG Dose 3 ML ...
_HOURLY = re.compile(rf"({NUMBER}) MG/HR")
_CLOSE = 0.005  # the share by which labels round what a patch releases, a syringe holds
_VOLUME = re.compile(rf"^({NUMBER}) ML ")


def totals_of(name: str) -> list[int]:
    """The keys of all that a product of one unit gives at a time: its doses, if the name has some.

    0.5 ML tirzepatide 10 MG/ML is 5 MG; 500 MG of amoxicillin with 125 MG of clavulanate are
    625 MG; a patch of 0.396 MG/HR is 9.5 MG, what it releases in a day.
    """
    if doses := _DOSES.match(name):
        return [key_of(value_of(each), f"mg {WHOLE}") for each in _NUMBER.findall(doses[0])]
    if hourly := _HOURLY.findall(name):
        told = [_labelled(value_of(each) * 24) for each in hourly]
        return [key_of(each, f"mg {WHOLE}") for each in told if len(told) == 1]
    amounts = _AMOUNT.findall(name)
    if len({each[1:] for each in amounts}) != 1:
        return []
    value, volume = sum(value_of(each[0]) for each in amounts), _VOLUME.match(name)
    unit, factor = UNITS.get(amounts[0][1].lower(), (amounts[0][1].lower(), 1.0))
    if len(amounts) == 1 and amounts[0][2] and _DRUNK.search(name):
        return [key_of(value * factor * TEASPOON, f"{unit} {WHOLE}")]
    if bool(volume) != bool(amounts[0][2]):
        return []
    if len(amounts) == 1 and not volume and not _DRY.search(name):
        return []
    whole = value * factor * (value_of(volume[1]) if volume else 1.0)
    # 1.14 ML of 175 MG/ML are sold as 200 MG
    told = [each for each in (float(f"{whole:.1g}"), float(f"{whole:.2g}")) if _near(each, whole)]
    return [key_of(each, f"{unit} {WHOLE}") for each in {whole, *told}]


def _labelled(value: float) -> float:
    """What a label calls a computed amount: 9.504 is 9.5, 0.0374 is 0.0375."""
    for places in (1, 2):
        near = float(f"{value:.{places}g}")
        if _near(near, value):
            return near
    step = 10.0 ** floor(log10(value)) / 40
    return round(value / step) * step


def _near(told: float, value: float) -> bool:
    return abs(told - value) <= _CLOSE * value


def numbers_in(name: str) -> list[int]:
    """The numbers of an RxNorm name, as a text that names no unit may have them: 0.25 MG is 250."""
    values = [value_of(each) for each in _NUMBER.findall(name)]
    values += [value * 1000 for value in values if value < 1]
    if _DRUNK.search(name):
        values += [value * TEASPOON for value in values]
    return [key_of(value, "") for value in values]
