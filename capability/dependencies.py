"""What a property of an object needs of others, as a schema says it: choices and invariants.

A validator pays for each property that it looks for. So all that hangs on one stands together under
"dependencies", and of a choice the types that are met most often are forbidden nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from capability.invariants import BY_PATH, RULES
from capability.rule import Rule, Test
from capability.shape import Shape

Json = dict[str, Any]
CROWD = 12  # choices among more types are left to a keyword
OFTEN = ("Boolean", "Reference", "String", "Period", "CodeableConcept", "DateTime", "Quantity")


class Dependencies:
    """The keywords that a shape's choices and rules add to the schema of its objects."""

    def __init__(self, form: Shape) -> None:
        self._form = form
        self._by_key: dict[str, list[Json]] = {}
        self._parts: list[Json] = []
        for _, keys in form.choices:
            self._choice([key for key in keys if not key.startswith("_")])
        if form.choices and not form.resource:
            self._parts = [self._alone()]
            self._by_key = {}
        for rule in BY_PATH.get(form.path, ()):
            if rule.severity == "error":
                self._rule(rule)

    @property
    def parts(self) -> list[Json]:
        """Schemas of one keyword each, all of which have to accept."""
        if not self._by_key:
            return self._parts
        needs = {k: v[0] if len(v) == 1 else {"allOf": v} for k, v in self._by_key.items()}
        return [*self._parts, {"dependencies": needs}]

    def _need(self, key: str, fragment: Json) -> None:
        self._by_key.setdefault(key, []).append(fragment)

    def _choice(self, keys: list[str]) -> None:
        keys.sort(key=lambda key: (_often(key), key))
        if len(keys) > CROWD:
            self._parts.append({"once": keys})
            return
        for index, key in enumerate(keys[:-1], 1):
            self._need(key, {"not": {"anyOf": [{"required": [k]} for k in keys[index:]]}})

    def _alone(self) -> Json:
        """The choices' own keywords; one property beside the required ones is no second choice."""
        chosen = {name for name, _ in self._form.choices}
        few = 1 + sum(name not in chosen for name, _ in self._form.required)
        parts = self.parts
        full = parts[0] if len(parts) == 1 else {"allOf": parts}
        return {"anyOf": [{"maxProperties": few}, full]}

    def _rule(self, rule: Rule) -> None:
        if isinstance(rule.holds, Test):
            fragment = rule.holds.schema
            for key, needed in fragment.get("dependencies", {}).items():
                self._need(key, {"required": needed} if isinstance(needed, list) else needed)
            if "dependencies" not in fragment:
                self._parts.append(fragment)
            return
        fragment = {"asked": [rule.path, rule.key]}
        if rule.sure:
            fragment = {"anyOf": [*rule.sure, fragment]}
        first, *others = rule.when or ("",)
        for name in reversed(others):
            fragment = {"dependencies": dict.fromkeys(self._keys(name), fragment)}
        if not first:
            self._parts.append(fragment)
        for key in self._keys(first) if first else ():
            self._need(key, fragment)

    def _keys(self, name: str) -> list[str]:
        """The properties of an element that a rule's `when` names."""
        if not name.endswith("[x]"):
            return [name]
        keys = dict(self._form.choices)[name.removesuffix("[x]")]
        return sorted(key for key in keys if not key.startswith("_"))


def _often(key: str) -> int:
    """How often a type is met in a choice, 0 the rarest."""
    return next((n for n, kind in enumerate(OFTEN, 1) if key.endswith(kind)), 0)


@cache
def looked_at() -> dict[str, frozenset[str]]:
    """The elements whose presence rules look at, by path: where one is told by its sibling alone,
    the schemas can't know."""
    found: dict[str, set[str]] = {}
    for rule in RULES:
        names = {(rule.path, name) for name in rule.when if not name.endswith("[x]")}
        if isinstance(rule.holds, Test):
            names |= {(rule.path, name) for name in rule.holds.names}
        for fragment in rule.sure:
            names.update(_mentioned(rule.path, fragment))
        for path, name in names:
            found.setdefault(path, set()).add(name)
    return {path: frozenset(names) for path, names in found.items()}


def _mentioned(path: str, fragment: Any) -> Iterator[tuple[str, str]]:
    if isinstance(fragment, list):
        for one in fragment:
            yield from _mentioned(path, one)
    elif isinstance(fragment, dict):
        for keyword, content in fragment.items():
            if keyword == "properties":
                for name, inner in content.items():
                    yield path, name
                    yield from _mentioned(f"{path}.{name}", inner)
            elif keyword == "required":
                for name in content:
                    yield path, name
            elif keyword in ("items", "not", "anyOf", "allOf", "oneOf"):
                yield from _mentioned(path, content)
