"""Own: the properties that an object's own keywords ask for, as bits that a walk of it collects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

Json = dict[str, Any]


class Own:
    """Bits of one object's schema.

    `groups` are those of keyword "once", each with a bit that no two of its properties may share;
    `but_id` is the bit of every property but "id".
    """

    def __init__(self, schema: Json) -> None:
        parts = [*_about_itself(schema)]
        names = [n for p in parts for n in (*p.get("required", ()), *p.get("dependencies", ()))]
        groups = [tuple(p["once"]) for p in parts if "once" in p]
        plain = [group for group in groups if not any(name.startswith("_") for name in group)]
        self.groups = {group: 1 << bit for bit, group in enumerate(dict.fromkeys(plain))}
        self.but_id = 1 << len(self.groups)
        left = range(len(self.groups) + 1, 64)  # properties without a bit are looked up
        self._names = {n: 1 << bit for n, bit in zip(dict.fromkeys(names), left, strict=False)}

    def knows(self, names: Iterable[str]) -> bool:
        """Whether each of the properties has a bit."""
        return self._names.keys() >= {*names}

    def bits(self, names: Iterable[str]) -> int:
        """The bits of properties, each one's own."""
        return sum(self._names[name] for name in {*names})

    def every(self, name: str) -> int:
        """All the bits that a property sets."""
        groups = (bit for group, bit in self.groups.items() if name in group)
        return sum(groups, self._names.get(name, 0) + (name != "id") * self.but_id)


def _about_itself(schema: Json) -> Iterator[Json]:
    """The schema, and those in it that are about the same object."""
    yield schema
    for keyword in ("anyOf", "allOf", "oneOf"):
        for inner in schema.get(keyword, ()):
            yield from _about_itself(inner)
    if "not" in schema:
        yield from _about_itself(schema["not"])
    for needed in schema.get("dependencies", {}).values():
        yield from _about_itself({"required": needed} if isinstance(needed, list) else needed)
