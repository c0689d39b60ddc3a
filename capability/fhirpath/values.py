"""Values compared: equality, equivalence and order of FHIRPath (N1 6.1, 6.2), None for unknown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from capability.fhirpath.errors import PathError
from capability.fhirpath.node import Node, typed

TIMED = ("date", "dateTime", "instant", "System.Date", "System.DateTime")
CLOCK = ("time", "System.Time")
MOMENT = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?"
    r"(?:T(?:(\d\d)(?::(\d\d)(?::(\d\d(?:\.\d+)?))?)?)?(Z|[+-]\d\d:\d\d)?)?"
)
HOUR = re.compile(r"(\d\d)(?::(\d\d)(?::(\d\d(?:\.\d+)?))?)?")
UNITS = ("year", "month", "week", "day", "hour", "minute", "second", "millisecond")
UCUM_TIME = {
    "a": "year",
    "mo": "month",
    "wk": "week",
    "d": "day",
    "h": "hour",
    "min": "minute",
    "s": "second",
    "ms": "millisecond",
}


def number(value: Any) -> int | Decimal:
    """A number that computes exactly; raises PathError of anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise PathError("it computes with what is no number")
    return Decimal(repr(value)) if isinstance(value, float) else value


def numeric(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def quantity(node: Node) -> tuple[Decimal, str] | None:
    """Value and unit of a Quantity; None where it has no value or is none."""
    if not (typed(node, "Quantity") and isinstance(node.value, dict) and "value" in node.value):
        return None
    given = node.value
    unit = str(given.get("code", given.get("unit", "1")))
    name = unit.removesuffix("s") if unit.removesuffix("s") in UNITS else UCUM_TIME.get(unit, unit)
    return Decimal(number(given["value"])), name


def equal(left: Node, right: Node) -> bool | None:
    """Whether two single items are equal; None where precision or units leave it open."""
    one, two = left.value, right.value
    if left.type in TIMED + CLOCK or right.type in TIMED + CLOCK:
        if not (isinstance(one, str) and isinstance(two, str)):
            return False
        order = _moments(left, right)
        return None if order is None else order == 0
    if numeric(one) and numeric(two):
        return number(one) == number(two)
    first, second = quantity(left), quantity(right)
    if first and second:
        return first[0] == second[0] if first[1] == second[1] else None
    if one is None or two is None:
        return None
    return type(one) is type(two) and bool(one == two)


def alike(left: Node, right: Node) -> bool:
    """Equivalence of two single items: strings without case and white space's forms."""
    one, two = left.value, right.value
    if isinstance(one, str) and isinstance(two, str) and left.type not in TIMED:
        return _folded(one) == _folded(two)
    if numeric(one) and numeric(two):
        a, b = Decimal(number(one)), Decimal(number(two))
        places = max(min(-int(a.as_tuple().exponent), -int(b.as_tuple().exponent)), 0)
        return round(a, places) == round(b, places)
    return equal(left, right) is True


def _folded(text: str) -> str:
    return " ".join(text.lower().split())


def same(left: Sequence[Node], right: Sequence[Node]) -> bool | None:
    """Equality of collections: item by item, in order."""
    if not left or not right:
        return None
    if len(left) != len(right):
        return False
    found = [equal(a, b) for a, b in zip(left, right, strict=True)]
    if False in found:
        return False
    return None if None in found else True


def similar(left: Sequence[Node], right: Sequence[Node]) -> bool:
    """Equivalence of collections: item by item, in any order."""
    if len(left) != len(right):
        return False
    rest = list(right)
    for one in left:
        at = next((n for n, other in enumerate(rest) if alike(one, other)), -1)
        if at < 0:
            return False
        del rest[at]
    return True


def among(node: Node, items: Sequence[Node]) -> bool:
    """Whether an item is one of a collection."""
    return any(equal(node, other) is True for other in items)


def order(left: Node, right: Node) -> int | None:
    """-1, 0 or 1 as the first is less, equal or more; None where precision leaves it open.

    Raises PathError of values that have no order between them.
    """
    one, two = left.value, right.value
    if one is None or two is None:
        return None
    if numeric(one) and numeric(two):
        a, b = number(one), number(two)
        return (a > b) - (a < b)
    if isinstance(one, str) and isinstance(two, str):
        if {left.type, right.type}.isdisjoint(TIMED + CLOCK):
            return (one > two) - (one < two)
        return _moments(left, right)
    if isinstance(one, dict) and isinstance(two, dict):
        first, second = quantity(left), quantity(right)
        if first is None or second is None or first[1] != second[1]:
            return None
        return (first[0] > second[0]) - (first[0] < second[0])
    raise PathError("it compares what has no order")


def _moments(left: Node, right: Node) -> int | None:
    clock = left.type in CLOCK or right.type in CLOCK
    first, second = (parts(node.value, clock=clock) for node in (left, right))
    if first is None or second is None:
        return None
    (one, zone), (two, other) = first, second
    if zone is not None and other is not None:
        one, two = _utc(one, zone), _utc(two, other)
    elif (zone is None) is not (other is None) and min(len(one), len(two)) > 3:
        return None
    for a, b in zip(one, two, strict=False):
        if a != b:
            return -1 if a < b else 1
    return 0 if len(one) == len(two) else None


def parts(text: str, *, clock: bool = False) -> tuple[tuple[Decimal, ...], str | None] | None:
    """Year, month, day, hour, minute and second as far as they are told, and the zone."""
    match = (HOUR if clock else MOMENT).fullmatch(text)
    if match is None:
        return None
    zone = None if clock else match[7]
    listed = match.groups() if clock else match.groups()[:6]
    return tuple(Decimal(each) for each in listed if each is not None), zone


def _utc(moment: tuple[Decimal, ...], zone: str) -> tuple[Decimal, ...]:
    if zone == "Z" or len(moment) < 5:
        return moment
    hours, minutes = int(zone[1:3]), int(zone[4:6])
    shift = timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
    year, month, day, hour, minute = (int(each) for each in moment[:5])
    try:
        there = datetime(year, month, day, hour, minute, tzinfo=UTC) - shift
    except (ValueError, OverflowError):
        return moment
    whole = (there.year, there.month, there.day, there.hour, there.minute)
    return (*(Decimal(each) for each in whole), *moment[5:])


def moment(text: str) -> tuple[datetime, str]:
    """A date or dateTime as a datetime, and as it was written; raises PathError."""
    found = parts(text)
    if found is None:
        raise PathError("it computes with what is no date")
    told, _ = found
    year, month, day, hour, minute, second = [*map(int, told), *(1, 1, 1, 0, 0, 0)[len(told) :]]
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC), text
    except ValueError:
        raise PathError("it computes with what is no date") from None


def written(there: datetime, like: str) -> str:
    """A datetime with the precision and zone of another text."""
    date, _, clock = like.partition("T")
    text = there.strftime("%Y-%m-%d")[: len(date)].rjust(len(date), "0")
    if not clock:
        return text
    zone = re.search(r"(Z|[+-]\d\d:\d\d)$", clock)
    size = len(clock) - len(zone[0]) if zone else len(clock)
    return f"{text}T{there.strftime('%H:%M:%S.%f')[:size]}{zone[0] if zone else ''}"
