"""Keywords of our own in the schemas: what JSON schema can't say, asked of Python.

Each makes a test of an object out of the keyword's value. A test says no by raising as well, since
what it sees may be unsound.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from capability.definitions import RESOURCE_TYPES
from capability.facts import in_order
from capability.invariants import BY_PATH
from capability.within import target

Json = dict[str, Any]
Test = Callable[[Any], bool]
KNOWN = frozenset(RESOURCE_TYPES)


def asked(value: list[str]) -> Test:
    """[path, key] of a rule that no schema can tell."""
    (rule,) = (rule for rule in BY_PATH[value[0]] if rule.key == value[1])
    return rule.holds


def ordered(value: list[str]) -> Test:
    """Of two dates, dateTimes or instants that are there, none goes back."""
    before, after = value

    def test(owner: Json) -> bool:
        first, second = owner[before], owner[after]
        # of one zone, or days, texts are in the order of their times
        return (first[19:] == second[19:] and first <= second) or in_order(first, second)

    return test


def once(value: list[str]) -> Test:
    """At most one of the properties, each with its sibling."""
    keys = frozenset(value)

    def test(owner: Json) -> bool:
        made = keys.intersection(owner)
        return len(made) < 2 or len({key.removeprefix("_") for key in made}) < 2

    return test


def paired(value: list[str]) -> Test:
    """Of each array of primitives and the array of its siblings, if both are there, entries stand
    beside one another, and every index has one of them."""
    names = tuple((name, "_" + name) for name in value)

    def test(owner: Json) -> bool:
        for name, sibling in names:
            values, others = owner.get(name), owner.get(sibling)
            if values is None or others is None:
                if None in (values or others or ()):
                    return False
            elif len(values) != len(others) or (None, None) in zip(values, others, strict=True):
                return False
        return True

    return test


def agrees(value: list[str]) -> Test:
    """The type of a reference is one of these (any for none), and what it names.

    The text of the reference is tested elsewhere.
    """
    targets = frozenset(value) or KNOWN

    def test(owner: Json) -> bool:
        named = owner["type"]
        return named in targets and target(owner.get("reference", "#")) in ("", named)

    return test


KEYWORDS: dict[str, Callable[[list[str]], Test]] = {
    "asked": asked, "ordered": ordered, "once": once, "paired": paired, "agrees": agrees,
}  # fmt: skip
