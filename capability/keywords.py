"""Keywords of our own in the schemas: what JSON schema can't say, asked of Python.

Each says no by raising; so does any other exception, since what a keyword sees may be unsound.
"""

from __future__ import annotations

from typing import Any

from capability.definitions import RESOURCE_TYPES
from capability.facts import in_order
from capability.invariants import BY_PATH
from capability.within import target

Json = dict[str, Any]
KNOWN = frozenset(RESOURCE_TYPES)


class Unmet(ValueError):
    """A keyword of ours says no."""


class Asked:
    """Keyword "asked": [path, key] of a rule that no schema can tell."""

    def __init__(self, parent_schema: Json, value: Any, schema_path: list[str | int]) -> None:
        (rule,) = (rule for rule in BY_PATH[value[0]] if rule.key == value[1])
        self.holds = rule.holds

    def validate(self, instance: Any) -> None:
        if not self.holds(instance):
            raise Unmet


class Ordered:
    """Keyword "ordered": of two dates, dateTimes or instants that are there, none goes back."""

    def __init__(self, parent_schema: Json, value: Any, schema_path: list[str | int]) -> None:
        before, after = value

        def validate(instance: Any) -> None:  # met often: names of its own are quicker than self's
            first, second = instance[before], instance[after]
            # of one zone, or days, texts are in the order of their times
            if (first[19:] != second[19:] or first > second) and not in_order(first, second):
                raise Unmet

        self.validate = validate


class Once:
    """Keyword "once": at most one of the properties, each with its sibling."""

    def __init__(self, parent_schema: Json, value: Any, schema_path: list[str | int]) -> None:
        self.keys = frozenset(value)

    def validate(self, instance: Any) -> None:
        made = self.keys.intersection(instance)
        if len(made) > 1 and len({key.removeprefix("_") for key in made}) > 1:
            raise Unmet


class Paired:
    """Keyword "paired": of each array of primitives and the array of its siblings, if both are
    there, entries stand beside one another, and every index has one of them."""

    def __init__(self, parent_schema: Json, value: Any, schema_path: list[str | int]) -> None:
        self.names = tuple((name, "_" + name) for name in value)

    def validate(self, instance: Any) -> None:
        for name, sibling in self.names:
            values, others = instance.get(name), instance.get(sibling)
            if values is None or others is None:
                if None in (values or others or ()):
                    raise Unmet
            elif len(values) != len(others) or (None, None) in zip(values, others, strict=True):
                raise Unmet


class Agrees:
    """Keyword "agrees": the type of a reference is one of these (any for none), and what it names.

    The text of the reference is tested elsewhere.
    """

    def __init__(self, parent_schema: Json, value: Any, schema_path: list[str | int]) -> None:
        self.targets = frozenset(value) or KNOWN

    def validate(self, instance: Any) -> None:
        named = instance["type"]
        if named not in self.targets or target(instance.get("reference", "#")) not in ("", named):
            raise Unmet
