"""A condition by a code that may stand on a claim; whether a code tells no more than its kind."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec.structs import replace

from nlp.types import Coding
from terminology.service import Terminology
from terminology.types import ICD10CM

_PLAIN = re.compile(r"unspecified|without complication|uncomplicated|not intractable|NOS\b", re.I)
_MALE = re.compile(r"(?<!fe)\bmale\b")
_COMES_WITH = re.compile(r"\bwith\b")


def billable(terminology: Terminology, given: Coding) -> Coding:
    """The same condition by a code that may stand on a claim, where one says no more than it.

    E11 becomes E11.9 "without complications", M54.5 becomes M54.50 "unspecified".
    """
    if given.system != ICD10CM:
        return given
    code = _plainest(terminology, given.code)
    if code == given.code:
        return given
    return replace(given, code=code, display=terminology.display(ICD10CM, code))


@lru_cache(maxsize=4096)
def _plainest(terminology: Terminology, code: str) -> str:
    """Down from a code to the one that adds least: "unspecified" throughout, not of men."""
    if default := terminology.default(code):
        return default
    while not terminology.is_billable(code):
        below = terminology.lookup(ICD10CM, code).properties
        displays = {
            str(p.value): terminology.display(ICD10CM, str(p.value)).lower()
            for p in below
            if p.code == "child"
        }
        plain = [c for c, display in displays.items() if _PLAIN.search(display)]
        if not plain:
            return code
        code = min(
            plain,
            key=lambda c: (
                bool(_MALE.search(displays[c])),
                bool(_COMES_WITH.search(displays[c])),
                -displays[c].count("unspecified"),
                len(displays[c]),
                c,
            ),
        )
    return code


def is_plain(coding: Coding) -> bool:
    """Whether a code says no more than its category: unspecified, without complications."""
    return _is_plain(coding.display)


@lru_cache(maxsize=4096)
def _is_plain(display: str) -> bool:
    return _PLAIN.search(display) is not None
