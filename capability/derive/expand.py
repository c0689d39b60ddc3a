"""Value sets of the definition bundles to their codes; only what is listed, never filters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]
Codes = dict[str, list[str]]  # system -> codes, in the order of the definition


class Expander:
    """Holds the code systems and value sets by canonical URL."""

    def __init__(self, resources: Iterable[Json]) -> None:
        self._systems: dict[str, Json] = {}
        self._sets: dict[str, Json] = {}
        for resource in resources:
            if resource["resourceType"] == "CodeSystem" and resource.get("content") == "complete":
                self._systems[resource["url"]] = resource
            elif resource["resourceType"] == "ValueSet":
                self._sets[resource["url"]] = resource

    def expand(self, url: str) -> Codes | None:
        """Codes by system; None where the set filters or reaches outside of the bundles."""
        compose = self._sets.get(url.partition("|")[0], {}).get("compose")
        if compose is None:
            return None
        parts = [self._include(include) for include in compose["include"]]
        removed = [self._include(exclude) for exclude in compose.get("exclude", ())]
        if None in parts or None in removed:
            return None
        codes = _union(p for p in parts if p is not None)
        for system, gone in _union(p for p in removed if p is not None).items():
            codes[system] = [c for c in codes.get(system, ()) if c not in set(gone)]
        return codes

    def _include(self, include: Json) -> Codes | None:
        """One include: its own codes, kept where every value set it names has them too."""
        own: Codes | None = None
        if system := include.get("system"):
            own = self._listed(system, include)
            if own is None:
                return None
        for url in include.get("valueSet", ()):
            other = self.expand(url)
            if other is None:
                return None
            own = other if own is None else _both(own, other)
        return own

    def _listed(self, system: str, include: Json) -> Codes | None:
        if include.get("filter"):
            return None
        if "concept" in include:
            return {system: [c["code"] for c in include["concept"]]}
        if system not in self._systems:
            return None
        return {system: _walk(self._systems[system].get("concept", ()))}


def _walk(concepts: Iterable[Json]) -> list[str]:
    found: list[str] = []
    for concept in concepts:
        found.append(concept["code"])
        found += _walk(concept.get("concept", ()))
    return found


def _union(parts: Iterable[Codes]) -> Codes:
    merged: Codes = {}
    for part in parts:
        for system, codes in part.items():
            known = merged.setdefault(system, [])
            known += [c for c in codes if c not in known]
    return merged


def _both(left: Codes, right: Codes) -> Codes:
    return {s: [c for c in codes if c in right[s]] for s, codes in left.items() if s in right}
