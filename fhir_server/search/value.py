"""Values as a query writes them: escapes, prefixes, and how precise they are."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from fhir_server.errors import BadRequest

PREFIXES = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")
SIGNS = {">": "gt", "<": "lt", ">=": "ge", "<=": "le"}  # as the first FHIR and some clients write
COMPARE = {"gt": ">", "sa": ">", "lt": "<", "eb": "<", "ge": ">=", "le": "<="}
ORDER = {"gt": ">", "lt": "<", "ge": ">=", "le": "<=", "ne": "<>"}  # of texts, in _filter alone
ONE = Decimal(1)
_PREFIXED = re.compile(rf"({'|'.join(PREFIXES)}|[<>]=?)?(.*)", re.DOTALL)
_NUMBER = re.compile(r"[+-]?([0-9]{1,30})(?:\.([0-9]{1,30}))?(?:[eE]([+-]?[0-9]{1,2}))?")
_ESCAPED = re.compile(r"\\([\\,|$])")


def split(text: str, sign: str) -> list[str]:
    """The parts between unescaped signs, escapes kept."""
    return re.findall(
        rf"(?:^|{re.escape(sign)})((?:\\.|[^\\{re.escape(sign)}]|\\$)*)", text, re.DOTALL
    )


def unescape(text: str) -> str:
    r"""Text without the escapes of a query value: `\,` `\|` `\$` `\\`."""
    return _ESCAPED.sub(r"\1", text)


def prefixed(text: str) -> tuple[str, str]:
    """The comparison ("eq" where there is none) and the rest."""
    match = _PREFIXED.fullmatch(text)
    return (SIGNS.get(match[1], match[1] or "eq"), match[2]) if match else ("eq", text)


def number(prefix: str, text: str, factor: Decimal = ONE) -> tuple[str, tuple[float, ...]]:
    """SQL on the column `val` and its values: 100 is 99.5 up to 100.5, 1.50 is 1.495 up to 1.505.

    The column holds values times `factor`. Only eq and ne go by precision (R4 search 3.1.1.5.2).
    Raises BadRequest for no decimal of FHIR.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise BadRequest("a number such as 5.4 or 1.2e-3 was expected")
    exact = Decimal(text)
    half = Decimal((0, (5,), int(match[3] or 0) - len(match[2] or "") - 1))
    if prefix == "ap":
        half = max(half, abs(exact) / 10)
    value, low = float(exact * factor), float((exact - half) * factor)
    high = max(float((exact + half) * factor), math.nextafter(value, math.inf))
    if prefix in ("eq", "ap"):
        return "val >= ? AND val < ?", (low, high)
    if prefix == "ne":
        return "(val < ? OR val >= ?)", (low, high)
    return f"val {COMPARE[prefix]} ?", (value,)
