"""Which ICD-10-CM codes name conditions that stay: "history of" them is no news of their end."""

from __future__ import annotations

from functools import cache

# Inclusive ranges of categories, compared as text; what is outside them passes or is cured.
CHRONIC: tuple[tuple[str, str], ...] = (
    ("B18", "B18"),  # chronic viral hepatitis
    ("B20", "B20"),
    ("D45", "D47"),
    ("D50", "D53"),
    ("D55", "D61"),
    ("D63", "D64"),
    ("D66", "D69"),
    ("D80", "D89"),
    ("E01", "E07"),
    ("E08", "E13"),
    ("E20", "E34"),
    ("E50", "E64"),
    ("E66", "E66"),
    ("E70", "E85"),
    ("E88", "E88"),
    ("F01", "F09"),
    ("F10", "F52"),
    ("F54", "F99"),
    ("G10", "G14"),
    ("G20", "G26"),
    ("G30", "G37"),
    ("G40", "G44"),
    ("G47", "G47"),
    ("G50", "G50"),  # Bell's palsy passes
    ("G52", "G60"),
    ("G62", "G73"),
    ("G80", "G83"),
    ("G89", "G91"),
    ("H04", "H04"),
    ("H18", "H18"),
    ("H25", "H26"),
    ("H35", "H36"),
    ("H40", "H42"),
    ("H53", "H54"),
    ("H81", "H81"),
    ("H90", "H91"),
    ("I05", "I16"),
    ("I20", "I20"),
    ("I25", "I25"),
    ("I27", "I28"),
    ("I34", "I39"),
    ("I42", "I45"),
    ("I47", "I51"),
    ("I65", "I67"),
    ("I70", "I73"),
    ("I77", "I78"),
    ("I83", "I83"),
    ("I85", "I89"),
    ("J30", "J32"),
    ("J33", "J34"),
    ("J41", "J47"),
    ("J60", "J67"),
    ("J84", "J84"),
    ("J96", "J96"),
    ("K20", "K22"),
    ("K44", "K44"),
    ("K50", "K51"),
    ("K57", "K58"),
    ("K70", "K76"),
    ("K86", "K90"),
    ("L10", "L14"),
    ("L20", "L20"),
    ("L28", "L28"),
    ("L30", "L30"),
    ("L40", "L41"),
    ("L43", "L43"),
    ("L63", "L64"),
    ("L70", "L71"),
    ("L73", "L73"),
    ("L80", "L80"),
    ("L90", "L90"),
    ("L93", "L95"),
    ("M05", "M21"),
    ("M30", "M36"),
    ("M40", "M51"),
    ("M79", "M82"),
    ("M85", "M85"),
    ("N03", "N05"),
    ("N18", "N19"),
    ("N25", "N29"),
    ("N31", "N32"),
    ("N40", "N40"),
    ("N80", "N81"),
    ("Q00", "Q99"),
    ("R73", "R73"),
    ("Z79", "Z99"),
)


def lasts(code: str) -> bool:
    """Whether a condition with this code stays, once one has it."""
    return _lasts(code[:3])


@cache
def _lasts(category: str) -> bool:
    return any(first <= category <= last for first, last in CHRONIC)
