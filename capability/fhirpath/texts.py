"""Functions on one value: strings, conversions, numbers (N1 5.5, 5.6, 5.7)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import jsonschema_rs

from capability.fhirpath.env import Env
from capability.fhirpath.errors import PathError
from capability.fhirpath.node import Node, system
from capability.fhirpath.operators import boolean, single
from capability.fhirpath.values import number, numeric, parts

Nodes = Sequence[Node]
Args = Sequence[Callable[[Env], Nodes]]
Function = Callable[[Env, Nodes, Args], Nodes]
LONGEST = 100_000  # characters a replacement may make
SLOW = re.compile(r"\)\s*[+*{]")


@lru_cache(1024)
def _matcher(pattern: str) -> jsonschema_rs.Validator:
    """A test of strings by a regular expression, in time that grows with their length alone."""
    try:
        return jsonschema_rs.validator_for(
            {"pattern": pattern}, pattern_options=jsonschema_rs.RegexOptions()
        )
    except (ValueError, jsonschema_rs.ValidationError):
        raise PathError("it has a regular expression that can't be read") from None


def _text(found: Nodes) -> str | None:
    node = single(found)
    if node is None or node.value is None:
        return None
    if not isinstance(node.value, str):
        raise PathError("it takes something else for a string")
    return node.value


def _argument(env: Env, given: Args, at: int) -> Any:
    """The value of an argument, None where it is empty or left out."""
    node = single(given[at](env)) if at < len(given) else None
    return None if node is None else node.value


def _of_text(run: Callable[..., Any], kinds: tuple[type, ...]) -> Function:
    """A function of a string, whose arguments are of `kinds`; empty where one of them is."""

    def function(env: Env, found: Nodes, given: Args) -> Nodes:
        text = _text(found)
        values = [_argument(env, given, at) for at in range(len(given))]
        if text is None or any(value is None for value in values):
            return []
        if any(type(v) is not kind for v, kind in zip(values, kinds, strict=False)):
            raise PathError("a function on a string got a wrong argument")
        made = run(text, *values)
        listed = made if isinstance(made, list) else [] if made is None else [made]
        return [system(value) for value in listed]

    return function


def _substring(text: str, start: int, length: int | None = None) -> str | None:
    if not 0 <= start < len(text):
        return None
    return text[start:] if length is None else text[start : start + max(length, 0)]


def _replaced(text: str, pattern: str, by: str) -> str:
    if (text.count(pattern) if pattern else len(text)) * len(by) > LONGEST:
        raise PathError("it makes a string that is too long")
    return text.replace(pattern, by)


def _matches(text: str, pattern: str) -> bool:
    return _matcher(pattern).is_valid(text)


def _replaced_matches(text: str, pattern: str, by: str) -> str:
    """By Python's own engine, which can be made slow: what could do that is refused."""
    loops, choices = (len(re.findall(signs, pattern)) for signs in (r"[+*{]", r"[?|]"))
    if SLOW.search(pattern) or loops > 2 or loops + choices > 4 or len(text) > 500:
        raise PathError("replaceMatches() got what may take long")
    try:
        return re.sub(pattern, re.sub(r"\$(\d)", r"\\\1", by[:500]), text)
    except re.error:
        raise PathError("it has a regular expression that can't be read") from None


def _string(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(number(value), "f") if numeric(value) else value if type(value) is str else None


def _integer(value: Any) -> int | None:
    if isinstance(value, bool | int):
        return int(value)
    text = value if isinstance(value, str) else ""
    return int(text) if re.fullmatch(r"[+-]?\d{1,18}", text, re.ASCII) else None


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool) or numeric(value):
        return Decimal(number(int(value) if isinstance(value, bool) else value))
    text = value if isinstance(value, str) else ""
    return Decimal(text) if re.fullmatch(r"[+-]?\d{1,30}(\.\d{1,30})?", text, re.ASCII) else None


def _boolean(value: Any) -> bool | None:
    text = str(_string(value)).lower()
    if text in ("true", "t", "yes", "y", "1", "1.0"):
        return True
    return False if text in ("false", "f", "no", "n", "0", "0.0") else None


def _converted(run: Callable[[Any], Any]) -> Function:
    def function(env: Env, found: Nodes, given: Args) -> Nodes:
        node = single(found)
        made = None if node is None else run(node.value)
        return [] if made is None else [system(made)]

    return function


def _converts(run: Callable[[Any], Any]) -> Function:
    def function(env: Env, found: Nodes, given: Args) -> Nodes:
        node = single(found)
        return [] if node is None else boolean(run(node.value) is not None)

    return function


def _dated(kind: str, size: int) -> Function:
    """A string, date or dateTime as a date (its first ten characters) or as a dateTime."""

    def function(env: Env, found: Nodes, given: Args) -> Nodes:
        text = _text(found)
        if text is None or parts(text) is None:
            return []
        return [Node(text[:size], f"System.{kind}")]

    return function


def _joined(env: Env, found: Nodes, given: Args) -> Nodes:
    between = _argument(env, given, 0) if given else ""
    return [system(str(between or "").join(n.value for n in found if isinstance(n.value, str)))]


def _length(text: str) -> int:
    return len(text)


def _computed(run: Callable[..., Any]) -> Function:
    def function(env: Env, found: Nodes, given: Args) -> Nodes:
        node = single(found)
        if node is None or node.value is None:
            return []
        more = [_argument(env, given, at) for at in range(len(given))]
        if any(value is None for value in more):
            return []
        try:
            return [system(run(number(node.value), *map(number, more)))]
        except (ValueError, ArithmeticError):
            return []

    return function


def _rounded(value: int | Decimal, places: int | Decimal = 0) -> Decimal:
    return round(Decimal(value), min(max(int(places), 0), 20))


def _power(value: int | Decimal, by: int | Decimal) -> Decimal:
    if not (-64 <= by <= 64 and -(10**9) <= value <= 10**9):
        raise PathError("it computes too large a number")
    if not value and by < 0:
        raise ValueError
    return Decimal(value) ** Decimal(by)


TEXTS: Mapping[str, tuple[int, int, Function]] = {
    "length": (0, 0, _of_text(_length, ())),
    "contains": (1, 1, _of_text(lambda text, part: part in text, (str,))),
    "startsWith": (1, 1, _of_text(str.startswith, (str,))),
    "endsWith": (1, 1, _of_text(str.endswith, (str,))),
    "indexOf": (1, 1, _of_text(str.find, (str,))),
    "substring": (1, 2, _of_text(_substring, (int, int))),
    "upper": (0, 0, _of_text(str.upper, ())),
    "lower": (0, 0, _of_text(str.lower, ())),
    "trim": (0, 0, _of_text(str.strip, ())),
    "toChars": (0, 0, _of_text(list, ())),
    "replace": (2, 2, _of_text(_replaced, (str, str))),
    "matches": (1, 1, _of_text(_matches, (str,))),
    "replaceMatches": (2, 2, _of_text(_replaced_matches, (str, str))),
    "split": (1, 1, _of_text(lambda text, by: text.split(by) if by else [text], (str,))),
    "join": (0, 1, _joined),
    "toString": (0, 0, _converted(_string)),
    "toInteger": (0, 0, _converted(_integer)),
    "toDecimal": (0, 0, _converted(_decimal)),
    "toBoolean": (0, 0, _converted(_boolean)),
    "toDate": (0, 0, _dated("Date", 10)),
    "toDateTime": (0, 0, _dated("DateTime", 99)),
    "convertsToString": (0, 0, _converts(_string)),
    "convertsToInteger": (0, 0, _converts(_integer)),
    "convertsToDecimal": (0, 0, _converts(_decimal)),
    "convertsToBoolean": (0, 0, _converts(_boolean)),
    "abs": (0, 0, _computed(lambda value: abs(value))),
    "ceiling": (0, 0, _computed(math.ceil)),
    "floor": (0, 0, _computed(math.floor)),
    "truncate": (0, 0, _computed(int)),
    "round": (0, 1, _computed(_rounded)),
    "sqrt": (0, 0, _computed(lambda value: Decimal(value).sqrt())),
    "power": (1, 1, _computed(_power)),
}
