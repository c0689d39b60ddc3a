"""Regular expressions of value set filters, matched in linear time.

Python's `re` backtracks: `(a+)+` on 60 characters would hold the server for years. Patterns are
parsed by `re` and run as a set of states (Thompson, 1968); look-around and back references, which
FHIR's filters have no need of, are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

LARGEST = 5000  # states of one pattern; {1000}{1000} would ask for a million

Test = Callable[[str], bool]
Follow = list[int]


class BadPattern(ValueError):
    """The pattern can't be read, or asks for what is not done here."""


class Pattern:
    """A compiled pattern: `tests[i]` is passed by a character on the way to `then[i]`."""

    def __init__(self, pattern: str) -> None:
        self._tests: list[Test | None] = []
        self._then: list[Follow] = []
        try:
            parsed = re._parser.parse(pattern)  # type: ignore[attr-defined]
        except (re.error, OverflowError, RecursionError) as error:
            raise BadPattern(f"the pattern can't be read: {error}") from None
        end = self._state(None)
        self._end = end
        self._start = self._sequence(list(parsed), end)

    def fullmatch(self, text: str) -> bool:
        """Whether the whole text matches."""
        states = self._closure([self._start])
        for character in text:
            moved: list[int] = []
            for state in states:
                test = self._tests[state]
                if test is not None and test(character):
                    moved += self._then[state]
            if not moved:
                return False
            states = self._closure(moved)
        return self._end in states

    def _closure(self, waiting: Iterable[int]) -> set[int]:
        found: set[int] = set()
        stack = list(waiting)
        while stack:
            state = stack.pop()
            if state not in found:
                found.add(state)
                if self._tests[state] is None:
                    stack += self._then[state]
        return found

    def _state(self, test: Test | None, *then: int) -> int:
        if len(self._tests) >= LARGEST:
            raise BadPattern("the pattern is too large")
        self._tests.append(test)
        self._then.append(list(then))
        return len(self._tests) - 1

    def _sequence(self, items: list[Any], after: int) -> int:
        for item in reversed(items):
            after = self._item(item, after)
        return after

    def _item(self, item: tuple[Any, Any], after: int) -> int:
        name, value = str(item[0]), item[1]
        if name in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
            return self._state(_test(name, value), after)
        if name == "SUBPATTERN":
            return self._sequence(list(value[3]), after)
        if name == "BRANCH":
            return self._state(None, *(self._sequence(list(b), after) for b in value[1]))
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, inner = value
            return self._repeat(least, most, inner, after)
        if name == "ATOMIC_GROUP":
            return self._sequence(list(value), after)
        if name == "AT" and str(value) in ("AT_BEGINNING", "AT_END"):
            return after  # the whole text is matched anyway
        raise BadPattern(f"{name.lower()} is not done in filters")

    def _repeat(self, least: int, most: Any, inner: Any, after: int) -> int:
        items = list(inner)
        if str(most) == "MAXREPEAT":
            loop = self._state(None, after)
            self._then[loop].append(self._sequence(items, loop))
            after = loop
        else:
            final = after
            for _ in range(int(most) - least):
                after = self._state(None, self._sequence(items, after), final)
        for _ in range(least):
            after = self._sequence(items, after)
        return after


@lru_cache(256)
def compiled(pattern: str) -> Pattern:
    """The pattern, ready to match; raises BadPattern."""
    return Pattern(pattern)


def _test(name: str, value: Any) -> Test:
    if name == "LITERAL":
        return lambda c: ord(c) == value
    if name == "NOT_LITERAL":
        return lambda c: ord(c) != value
    if name == "ANY":
        return lambda c: c != "\n"
    items = [(str(kind), what) for kind, what in value]
    negated = any(kind == "NEGATE" for kind, _ in items)
    tests = [_member(kind, what) for kind, what in items if kind != "NEGATE"]
    return lambda c: any(test(c) for test in tests) != negated


def _member(kind: str, what: Any) -> Test:
    if kind == "LITERAL":
        return lambda c: ord(c) == what
    if kind == "RANGE":
        low, high = what
        return lambda c: low <= ord(c) <= high
    category = CATEGORIES[str(what)]
    return lambda c: category.match(c) is not None


CATEGORIES = {
    "CATEGORY_DIGIT": re.compile(r"\d"),
    "CATEGORY_NOT_DIGIT": re.compile(r"\D"),
    "CATEGORY_SPACE": re.compile(r"\s"),
    "CATEGORY_NOT_SPACE": re.compile(r"\S"),
    "CATEGORY_WORD": re.compile(r"\w"),
    "CATEGORY_NOT_WORD": re.compile(r"\W"),
}
