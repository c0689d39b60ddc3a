"""Units of strengths, and the keys of so much of one, which are compared."""

from __future__ import annotations

from zlib import crc32

# the one way in which a number is told: 5, 0.5, .5, 1,000; value_of never raises on it
NUMBER = r"(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)"
WHOLE = "in all"  # marks the amount that one unit has, of whatever volume
SHARES = ("%", "percent")
UNITS = {
    **dict.fromkeys(("mcg", "ug", "microgram", "micrograms"), ("mg", 0.001)),
    **dict.fromkeys(("g", "gm", "gms", "gram", "grams"), ("mg", 1000.0)),
    **dict.fromkeys(("mg", "milligram", "milligrams"), ("mg", 1.0)),
    **dict.fromkeys(("unt", "unit", "units", "iu", "u"), ("unt", 1.0)),
    **dict.fromkeys(SHARES, ("%", 1.0)),
}
PER = {
    **dict.fromkeys(("actuat", "actuation", "act", "puff", "inh", "inhalation", "spray"), "actuat"),
    **dict.fromkeys(("hr", "hour", "h"), "hr"),
    "dose": "actuat",
}


def value_of(number: str) -> float:
    """The value of what NUMBER matches."""
    return float(number.replace(",", ""))


def rounded(value: float, unit: str) -> int:
    """RxNorm gives what it has divided in three digits: 50 GM per 240 ML is 208 MG/ML."""
    return key_of(float(f"{value:.3g}"), unit)


def key_of(value: float, unit: str) -> int:
    """The key of so much of a unit, in four digits."""
    return crc32(f"{value:.4g} {unit}".encode())
