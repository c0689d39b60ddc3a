"""The operators of FHIRPath (N1 6): each takes the two sides, evaluated, and gives a collection."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from capability.fhirpath.errors import PathError
from capability.fhirpath.node import Node, system
from capability.fhirpath.values import (
    TIMED,
    among,
    moment,
    number,
    numeric,
    order,
    quantity,
    same,
    similar,
    written,
)

Nodes = Sequence[Node]
Operator = Callable[[Nodes, Nodes], list[Node]]
MANY = 2000  # items that are compared one by one
LONGEST = 100_000  # characters of a string that is made
LARGEST = 10**30
SPANS = {"week": 7 * 86400, "day": 86400, "hour": 3600, "minute": 60, "second": 1}


def boolean(value: bool | None) -> list[Node]:
    """True, false, or nothing where it is not known."""
    return [] if value is None else [system(value)]


def truth(found: Nodes) -> bool | None:
    """A collection as a boolean: an item that is none is true (singleton evaluation)."""
    if not found:
        return None
    if len(found) > 1:
        raise PathError("it takes several elements for one")
    value = found[0].value
    return value if isinstance(value, bool) else True


def single(found: Nodes) -> Node | None:
    """The one item; None of an empty collection, PathError of several."""
    if len(found) > 1:
        raise PathError("it takes several elements for one")
    return found[0] if found else None


def _and(left: Nodes, right: Nodes) -> list[Node]:
    one, two = truth(left), truth(right)
    if one is False or two is False:
        return boolean(False)
    return boolean(None if one is None or two is None else True)


def _or(left: Nodes, right: Nodes) -> list[Node]:
    one, two = truth(left), truth(right)
    if one or two:
        return boolean(True)
    return boolean(None if one is None or two is None else False)


def _xor(left: Nodes, right: Nodes) -> list[Node]:
    one, two = truth(left), truth(right)
    return boolean(None if one is None or two is None else one is not two)


def _implies(left: Nodes, right: Nodes) -> list[Node]:
    one, two = truth(left), truth(right)
    if one is False or two:
        return boolean(True)
    return boolean(None if one is None or two is None else False)


def _unequal(left: Nodes, right: Nodes) -> list[Node]:
    found = same(left, right)
    return boolean(None if found is None else not found)


def _ordered(fits: Callable[[int], bool]) -> Operator:
    def operator(left: Nodes, right: Nodes) -> list[Node]:
        one, two = single(left), single(right)
        found = order(one, two) if one and two else None
        return boolean(None if found is None else fits(found))

    return operator


def distinct(found: Nodes) -> list[Node]:
    """The items, each once; raises PathError of too many that can't be told apart quickly."""
    kept: list[Node] = []
    slow: list[Node] = []
    seen: set[object] = set()
    for node in found:
        value = node.value
        if numeric(value) or (isinstance(value, str) and node.type not in TIMED):
            known = number(value) if numeric(value) else value
            if known not in seen:
                seen.add(known)
                kept.append(node)
        elif not among(node, slow):
            _bounded(len(slow), MANY)
            slow.append(node)
            kept.append(node)
    return kept


def _bounded(size: int, most: int) -> None:
    if size > most:
        raise PathError("it makes or compares too much")


def _union(left: Nodes, right: Nodes) -> list[Node]:
    return distinct([*left, *right])


def _in(left: Nodes, right: Nodes) -> list[Node]:
    """Of several on the left every one: R4's invariants ask `when in ('C' | 'CM')` of lists."""
    _bounded(len(left) * len(right), MANY * MANY)
    return boolean(all(among(node, right) for node in left) if left else None)


def _joined(left: Nodes, right: Nodes) -> list[Node]:
    texts = []
    for side in (left, right):
        node = single(side)
        value = "" if node is None or node.value is None else node.value
        if not isinstance(value, str):
            raise PathError("it joins what is no string")
        texts.append(value)
    _bounded(sum(map(len, texts)), LONGEST)
    return [system("".join(texts))]


def _computed(sign: str) -> Operator:
    def operator(left: Nodes, right: Nodes) -> list[Node]:
        one, two = single(left), single(right)
        if one is None or two is None or one.value is None or two.value is None:
            return []
        if isinstance(one.value, str) and isinstance(two.value, str) and sign == "+":
            return _joined(left, right)
        if isinstance(one.value, str) and one.type in TIMED and sign in "+-":
            return [_moved(one, two, 1 if sign == "+" else -1)]
        first, second = quantity(one), quantity(two)
        if first and second and first[1] == second[1] and sign in "+-":
            total = first[0] + second[0] if sign == "+" else first[0] - second[0]
            return [Node({"value": total, "code": first[1]}, "System.Quantity")]
        found = _arithmetic(sign, number(one.value), number(two.value))
        return [] if found is None else [system(found)]

    return operator


def _arithmetic(sign: str, one: int | Decimal, two: int | Decimal) -> int | Decimal | None:
    if not (-LARGEST < one < LARGEST and -LARGEST < two < LARGEST):
        raise PathError("it computes with too large a number")
    if sign in ("/", "div", "mod"):
        return _divided(sign, one, two) if two else None
    if sign == "*":
        return one * two
    return one + two if sign == "+" else one - two


def _divided(sign: str, one: int | Decimal, two: int | Decimal) -> int | Decimal | None:
    try:
        if sign == "/":
            return Decimal(one) / Decimal(two)
        rest = Decimal(one) % Decimal(two)  # its sign is the dividend's, as FHIRPath has it
        if sign == "div":
            return int((Decimal(one) - rest) / Decimal(two))
    except ArithmeticError:
        return None
    return rest if isinstance(one, Decimal) or isinstance(two, Decimal) else int(rest)


def _moved(node: Node, by: Node, sign: int) -> Node:
    """A date or dateTime moved by a quantity of time; it keeps its precision."""
    span = quantity(by)
    if span is None:
        raise PathError("it moves a date by what is no quantity of time")
    amount, unit = span
    there, precision = moment(node.value)
    try:
        if unit in ("year", "month"):
            months = (
                there.year * 12
                + there.month
                - 1
                + sign * int(amount) * (12 if unit == "year" else 1)
            )
            year, month = divmod(months, 12)
            day = min(there.day, calendar.monthrange(year, month + 1)[1])
            there = there.replace(year=year, month=month + 1, day=day)
        elif unit in SPANS:
            there += timedelta(seconds=sign * float(amount) * SPANS[unit])
        else:
            raise PathError("it moves a date by what is no time")
    except (ValueError, OverflowError):
        raise PathError("it moves a date out of the calendar") from None
    return Node(written(there, precision), node.type)


def negative(found: Nodes) -> list[Node]:
    """The number with the other sign."""
    node = single(found)
    return [] if node is None else [system(-number(node.value))]


BINARY: Mapping[str, tuple[int, Operator]] = {  # sign: how strongly it binds, what it does
    "implies": (1, _implies),
    "or": (2, _or),
    "xor": (2, _xor),
    "and": (3, _and),
    "in": (4, _in),
    "contains": (4, lambda left, right: _in(right, left)),
    "=": (5, lambda left, right: boolean(same(left, right))),
    "!=": (5, _unequal),
    "~": (5, lambda left, right: boolean(similar(left, right))),
    "!~": (5, lambda left, right: boolean(not similar(left, right))),
    "<": (6, _ordered(lambda n: n < 0)),
    ">": (6, _ordered(lambda n: n > 0)),
    "<=": (6, _ordered(lambda n: n <= 0)),
    ">=": (6, _ordered(lambda n: n >= 0)),
    "|": (7, _union),
    "+": (9, _computed("+")),
    "-": (9, _computed("-")),
    "&": (9, _joined),
    "*": (10, _computed("*")),
    "/": (10, _computed("/")),
    "div": (10, _computed("div")),
    "mod": (10, _computed("mod")),
}
TYPE = 8  # how strongly `is` and `as` bind
