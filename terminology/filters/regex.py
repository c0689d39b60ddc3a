"""Regular expressions of value set filters, matched in linear time.

Python's `re` backtracks: `(a+)+` on 60 characters would hold the server for years. Patterns are
parsed by `re` and run as a set of places (Thompson, 1968). Each set is remembered with the ways on
from it, so that the texts of a system walk a ready automaton. Look-around and back references,
which FHIR's filters have no need of, are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from terminology.budget import Spend, free

HELD = 10_000  # places and ways that a pattern remembers: about a megabyte
LARGEST = 5000  # states of one pattern; {1000}{1000} would ask for a million

Test = Callable[[str], bool]
Follow = list[int]


class BadPattern(ValueError):
    """The pattern can't be read, or asks for what is not done here."""


class State:
    """Places in a pattern that a text may have led to; `then` are the ways on that are known."""

    __slots__ = ("places", "then")

    def __init__(self, places: frozenset[int]) -> None:
        self.places = places
        self.then: dict[str, State] = {}


class Pattern:
    """A compiled pattern: `tests[i]` is passed by a character on the way to `then[i]`."""

    def __init__(self, pattern: str) -> None:
        self._tests: list[Test | None] = []
        self._then: list[Follow] = []
        self._known: dict[frozenset[int], State] = {}
        self._held = 0
        try:
            parsed = re._parser.parse(pattern)  # type: ignore[attr-defined]
        except (re.error, OverflowError, RecursionError) as error:
            raise BadPattern(f"the pattern can't be read: {error}") from None
        end = self._state(None)
        self._end = end
        self._first = State(self._closure([self._sequence(list(parsed), end)]))

    def fullmatch(self, text: str, spend: Spend = free) -> bool:
        """Whether the whole text matches; `spend` is told the steps, and may raise."""
        spend(len(text))
        state = self._first
        for character in text:
            state = state.then.get(character) or self._moved(state, character, spend)
            if not state.places:
                return False
        return self._end in state.places

    def _moved(self, state: State, character: str, spend: Spend) -> State:
        """Where a character leads, remembered for the next text."""
        moved: list[int] = []
        for place in state.places:
            test = self._tests[place]
            if test is not None and test(character):
                moved += self._then[place]
        places = self._closure(moved)
        spend(5 * (len(state.places) + len(moved) + len(places)))
        self._held += 1
        found = self._known.get(places)
        if found is None:
            self._held += len(places)
            found = self._known[places] = State(places)
        if self._held > HELD:
            self._known, self._held = {}, 0
            self._first = State(self._first.places)
        state.then[character] = found
        return found

    def _closure(self, waiting: Iterable[int]) -> frozenset[int]:
        found: set[int] = set()
        stack = list(waiting)
        while stack:
            place = stack.pop()
            if place not in found:
                found.add(place)
                if self._tests[place] is None:
                    stack += self._then[place]
        return frozenset(found)

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
            before, after = after, self._sequence(items, after)
            if after == before:
                break  # nothing, however often
        return after


@lru_cache(64)
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
