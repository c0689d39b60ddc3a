"""A condition by the side that is named: "unspecified knee" becomes "left knee"."""

from __future__ import annotations

from msgspec.structs import replace

from nlp.linking.billing import billable
from nlp.types import Coding
from terminology.service import Terminology
from terminology.types import ICD10CM


def sided(terminology: Terminology, given: Coding, side: str) -> Coding:
    """The same condition of the side that is named: "unspecified knee" becomes "left knee"."""
    if not side or "unspecified" not in given.display or "." not in given.code:
        return given
    code = billable(terminology, given).code
    display = terminology.display(ICD10CM, code)
    head, _, noun = display.rpartition("unspecified ")
    wanted = {
        f"{head}{side} {noun}".lower(),
        f"{head}{side} {noun}s".lower(),
        f"{head}{side}".lower(),
    }
    for sibling in _beside(terminology, code):
        told = terminology.display(ICD10CM, sibling)
        if told.lower() in wanted:
            return replace(given, code=sibling, display=told)
    return given


def _beside(terminology: Terminology, code: str) -> list[str]:
    """The codes of the same category that differ in the place of the side."""
    return [
        code[:at] + digit + code[at + 1 :]
        for at in range(4, len(code.rstrip("ABDGKPSX")) or len(code))
        for digit in "0123456789"
        if terminology.exists(ICD10CM, code[:at] + digit + code[at + 1 :])
    ]
