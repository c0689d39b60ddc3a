"""quantity: a number with its unit (R4 search 3.1.1.4.12)."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from fhir_server.errors import BadRequest
from fhir_server.search.index import Clause, IndexPath, Keys, Rows, SearchType
from fhir_server.search.value import PREFIXES, number, prefixed, split, unescape
from terminology.ucum import SYSTEM, Canonical, canonical

UNDER = ":ucum"  # follows the path of rows in base units
_ANNOTATION = re.compile(r"\{[^{}]*\}")
CURRENCY = "urn:iso:std:iso:4217"


def _quantity(path: str, value: Any, out: Rows, base: str) -> None:
    amount = value.get("value")
    if amount is None:
        return
    get = value.get
    code, unit, system, given = get("code", ""), get("unit", ""), get("system", ""), float(amount)
    out.qty.append((path, given, system, code))
    if system == SYSTEM and (known := _compared(code)):
        based = given if known.factor == 1 else float(Decimal(str(amount)) * known.factor)
        out.qty.append((path + UNDER, based, "", known.unit))
    if unit and unit != code:
        out.qty.append((path, given, "", unit))


@lru_cache(4096)  # few units come again and again
def _compared(code: str) -> Canonical | None:
    """A code of UCUM in base units. What is an annotation alone ("{score}") is a number of one to
    UCUM; here it is compared with its own kind: a score is no percentage."""
    return None if _ANNOTATION.fullmatch(code) else canonical(code)


def _money(path: str, value: Any, out: Rows, base: str) -> None:
    amount = value.get("value")
    if amount is not None:
        out.qty.append((path, float(amount), CURRENCY, value.get("currency", "")))


def _range(path: str, value: Any, out: Rows, base: str) -> None:
    """Its two ends: the index holds no intervals of quantities."""
    for end in ("low", "high"):
        if quantity := value.get(end):
            _quantity(path, quantity, out, base)


def where(place: IndexPath, value: str, modifier: str, keys: Keys) -> list[Clause]:
    """`number|system|code`, `number||code` (code or unit), `number|system`, `number`; prefixed.

    With a code of UCUM, quantities in other units of the same kind are found too.
    """
    parts = [unescape(p) for p in split(value, "|")]
    if len(parts) > 3:
        raise BadRequest("a quantity is number, number|system|code or number||code")
    prefix, text = prefixed(parts[0])
    sql, args = number(prefix, text)
    system, code = (*parts[1:], "", "")[:2]
    if system == SYSTEM and (known := _compared(code)):
        based, scaled = number(prefix, text, known.factor)
        return [Clause("qty", f"{based} AND code = ?", (*scaled, known.unit), under=UNDER)]
    bound: tuple[str | int | float, ...] = args
    if code:
        sql, bound = f"{sql} AND code = ?", (*bound, code)
    if system:
        sql, bound = f"{sql} AND sys = ?", (*bound, keys.system(system))
    return [Clause("qty", sql, bound)]


TYPE = SearchType(
    tables=("qty",),
    emit={
        "Quantity": _quantity,
        "Age": _quantity,
        "Duration": _quantity,
        "Distance": _quantity,
        "Count": _quantity,
        "Money": _money,
        "Range": _range,
    },
    modifiers=("missing",),
    where=where,
    prefixes=PREFIXES,
)
