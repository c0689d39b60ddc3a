"""Insulins as orders tell them, by their parts: "70/30", "Humulin M3", "U-500 insulin"."""

from __future__ import annotations

import re

# U-100: a hundred units in a millilitre
_UNITS_IN_ML = re.compile(r"\bu ?- ?(100|200|300|500)\b|\bu(100|200|300|500)\b")
# with so many units in a millilitre only the regular one is sold
_ONLY_REGULAR = re.compile(r"\b(?:human )?insulin(?= 500 unt/ml)|(?<=500 unt/ml )insulin$")
# 70/30, 100 units/ml: the parts of a hundred units of two insulins
_MIXED = re.compile(r"\b(\d\d)[/-](\d\d)\b(.*?)\b100 ?(?:unt|units?|iu|u)/ml\b")
_MIX = re.compile(r"\b(\d\d)[/-](\d\d)\b()(?! ?%)")
_BIPHASIC = re.compile(r"\b(?:human )?insulin\b(?: human\b)?")
_SEVENTY = re.compile(r"\b(?:70[/-]30|30[/-]70)\b")
# what tells the two parts itself
_TOLD = re.compile(
    r"\b(?:aspart|lispro|degludec|nph|isophane|reg(?:ular)?|mix|humalog|novo\w*|humulin)\b"
)
# names that tell only the share of the fast one: Humulin M3, Humalog Mix25
_SHARED = re.compile(
    r"\b(?P<name>humulin(?= m)|humalog mix|novomix|mixtard|insuman comb) ?m?(?P<share>3|25|30|50)\b"
    r"(?![/-])"
)
_TENTHS = 10  # what is less counts tenths: M3 has 30 of 100
_INSULIN = re.compile(r"\b(?:insulin|humalog|novolog|humulin|novolin|novomix|mixtard|insuman)\b")


def in_parts(plain: str) -> str:
    """The normalised text with insulins by what a millilitre has of each."""
    plain = _UNITS_IN_ML.sub("" if "/ml" in plain else r"\1\2 unt/ml", plain)
    if not _INSULIN.search(plain):
        return _MIXED.sub(_parts_of_hundred, plain)
    plain = _ONLY_REGULAR.sub("insulin regular", _SHARED.sub(_of_share, plain))
    if _SEVENTY.search(plain) and not _TOLD.search(plain):
        plain = _BIPHASIC.sub("insulin isophane human / insulin regular human", plain, count=1)
    plain = _MIXED.sub(_parts_of_hundred, plain)
    return plain if "/ml" in plain else _MIX.sub(_parts_of_hundred, plain)


def _of_share(found: re.Match[str]) -> str:
    share = int(found["share"])
    share *= 10 if share < _TENTHS else 1
    return f"{found['name']} {100 - share}/{share}"


def _parts_of_hundred(found: re.Match[str]) -> str:
    one, other = int(found[1]), int(found[2])
    return f"{one} unt/ml / {other} unt/ml{found[3]}" if one + other == 100 else found[0]
