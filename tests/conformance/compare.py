"""Compares a reply with the template that the terminology ecosystem's tests expect.

Order never counts. Template words: $optional$, $optional-properties$, $count-arrays$, $choice:…$,
$fragments:…$, $external:…$ and $type$; see the readme beside the cases.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

TYPES = {
    "$instant$": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)",
    "$date$": r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d))?",
    "$uuid$": r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "$id$": r"[A-Za-z0-9\-.]{1,64}",
    "$url$": r"(https?://|www\.)\S+",
    "$token$": r"\w[\w.\-]*",
    "$semver$": r"\d+\.\d+\.\d+([-+].*)?",
    "$string$": r"\S(.*\S)?",
    "$version$": r".*",
    "$$": r".*",
}
CONTROL = frozenset({"$optional$", "$optional-properties$", "$count-arrays$"})


@dataclass(frozen=True)
class Comparer:
    """How to compare: the modes that are on, the server's own texts by number, variables."""

    modes: Collection[str] = ()
    externals: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)

    def difference(self, expected: Any, actual: Any, path: str = "") -> str | None:
        """The first difference, or None."""
        if isinstance(expected, dict):
            if not isinstance(actual, dict):
                return f"{path}: an object is expected, not {actual!r}"
            return self._objects(expected, actual, path)
        if isinstance(expected, list):
            if not isinstance(actual, list):
                return f"{path}: a list is expected, not {actual!r}"
            return self._lists(expected, actual, path)
        if isinstance(expected, str) and isinstance(actual, str):
            return None if self._fits(expected, actual) else f"{path}: {actual!r} ≠ {expected!r}"
        same = expected == actual and isinstance(expected, bool) == isinstance(actual, bool)
        return None if same else f"{path}: {actual!r} ≠ {expected!r}"

    def _objects(self, expected: dict[str, Any], actual: dict[str, Any], path: str) -> str | None:
        free = set(expected.get("$optional-properties$", ()))
        counted = set(expected.get("$count-arrays$", ()))
        for name, value in actual.items():
            if name not in expected and name == "location" and value == actual.get("expression"):
                continue  # says nothing else; newer cases have done without it
            if name not in expected:
                return f"{path}.{name}: unexpected, {value!r}"
            if name in counted:
                if len(value) != len(expected[name]):
                    return f"{path}.{name}: {len(value)} items, not {len(expected[name])}"
            elif found := self.difference(expected[name], value, f"{path}.{name}"):
                return found
        for name, value in expected.items():
            missing = name not in actual and name not in CONTROL and "*" not in free
            if missing and name not in free and not self._all_optional(value):
                return f"{path}.{name}: missing, expected {value!r}"
        return None

    def _all_optional(self, value: Any) -> bool:
        return isinstance(value, list) and all(self.optional(each) for each in value)

    def optional(self, expected: Any) -> bool:
        """Whether an item of a list may be absent."""
        word = expected.get("$optional$", False) if isinstance(expected, dict) else False
        if not isinstance(word, str):
            return bool(word)
        if word.startswith("!"):
            return word[1:] not in self.modes
        return word.startswith("warning:") or word in self.modes

    def _lists(self, expected: list[Any], actual: list[Any], path: str) -> str | None:
        """Pairs the items up, each expected with one of its kind (maximum bipartite matching)."""
        fits = [
            [n for n, a in enumerate(actual) if self.difference(e, a) is None] for e in expected
        ]
        owner: dict[int, int] = {}

        def place(item: int, seen: set[int]) -> bool:
            for spot in fits[item]:
                if spot not in seen:
                    seen.add(spot)
                    if spot not in owner or place(owner[spot], seen):
                        owner[spot] = item
                        return True
            return False

        # those that must be there choose first; the optional ones fill what is left
        for number in sorted(range(len(expected)), key=lambda n: self.optional(expected[n])):
            if not place(number, set()) and not self.optional(expected[number]):
                return f"{path}: {self._closest(expected[number], actual, path)}"
        for number, value in enumerate(actual):
            if number not in owner:
                return f"{path}[{number}]: unexpected, {self._nearest(value, expected, path)}"
        return None

    def _closest(self, expected: Any, actual: list[Any], path: str) -> str:
        told = [self.difference(expected, each, path) or "taken" for each in actual]
        return f"missing {expected!r}; of what is there: {' / '.join(told) or 'nothing'}"

    def _nearest(self, actual: Any, expected: list[Any], path: str) -> str:
        told = [self.difference(each, actual, path) or "taken" for each in expected]
        return f"{actual!r}; of what is expected: {' / '.join(told) or 'nothing'}"

    def _fits(self, expected: str, actual: str) -> bool:
        for name, value in self.variables.items():
            expected = expected.replace(f"${name}$", value)
        if not (expected.startswith("$") and expected.endswith("$")):
            return expected == actual
        word, _, rest = expected[1:-1].partition(":")
        if word == "choice":
            return actual in rest.split("|")
        if word == "fragments":
            return _has_all(actual, rest)
        if word == "external":
            number, _, fragments = rest.partition(":")
            if number in self.externals:
                return actual == self.externals[number]
            return _has_all(actual, fragments)
        return re.fullmatch(TYPES[expected], actual, re.DOTALL) is not None


def _has_all(text: str, fragments: str) -> bool:
    return all(each.casefold() in text.casefold() for each in fragments.split("|"))
