"""quantity: a number with its unit (R4 search 3.1.1.4.12)."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from fhir_server.errors import BadRequest
from fhir_server.search.index import Clause, Extract, IndexPath, Keys, Rows, SearchType
from fhir_server.search.value import PREFIXES, number, prefixed, split, unescape
from terminology.grammars.ucum import SYSTEM, canonical

UNDER = ":ucum"  # follows the path of rows in base units
_ANNOTATION = re.compile(r"\{[^{}]*\}")
CURRENCY = "urn:iso:std:iso:4217"


def _quantity(path: str) -> Extract:
    under = path + UNDER

    def extract(value: Any, out: Rows, base: str) -> None:
        if "value" not in value:
            return
        get = value.get
        amount, code, unit, system = value["value"], get("code", ""), get("unit"), get("system", "")
        given = float(amount)
        out.qty.append((path, given, system, code))
        if system == SYSTEM and (known := _compared(code)):
            out.qty.append((under, _based(amount, known), "", known.unit))
        if unit and unit != code:
            out.qty.append((path, given, "", unit))

    return extract


class _Known(NamedTuple):
    """What one of a unit is in base units; `power` is that of ten where the factor is one."""

    factor: str
    unit: str
    power: int | None


@lru_cache(4096)  # few units come again and again
def _compared(code: str) -> _Known | None:
    """A code of UCUM in base units. What is an annotation alone ("{score}") is a number of one to
    UCUM; here it is compared with its own kind: a score is no percentage."""
    known = None if _ANNOTATION.fullmatch(code) else canonical(code)
    if known is None:
        return None
    power = known.factor.adjusted()
    alone = known.factor == Decimal(1).scaleb(power)
    return _Known(str(known.factor), known.unit, power if alone else None)


def _based(amount: float, known: _Known) -> float:
    """The float next to the exact product: queries, which reckon in decimals, come to the same."""
    if known.power == 0:
        return float(amount)
    written = str(amount)
    if known.power is None or "e" in written:
        return _product(written, known.factor)
    return float(f"{written}e{known.power}")  # a third of what decimals take


@lru_cache(4096)  # vital signs, and what is indexed once more with its code
def _product(amount: str, factor: str) -> float:
    return float(Decimal(amount) * Decimal(factor))


def _money(path: str) -> Extract:
    def extract(value: Any, out: Rows, base: str) -> None:
        if "value" in value:
            out.qty.append((path, float(value["value"]), CURRENCY, value.get("currency", "")))

    return extract


def _range(path: str) -> Extract:
    """Its two ends: the index holds no intervals of quantities."""
    quantity = _quantity(path)

    def extract(value: Any, out: Rows, base: str) -> None:
        for end in ("low", "high"):
            if end in value:
                quantity(value[end], out, base)

    return extract


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
        based, scaled = number(prefix, text, Decimal(known.factor))
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
