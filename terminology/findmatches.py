"""The codes of a system that have given properties, all of them or as many as they have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from terminology.budget import STEPS_PER_CODE, Budget
from terminology.codesystem import CodeSystem, canonical, words_of
from terminology.filters.properties import values

NAMES = frozenset({"display", "designation", "definition"})  # compared without regard to case


@dataclass(frozen=True, slots=True)
class Matching:
    """A code; `unmatched` are the (property, value) pairs that it lacks."""

    code: str
    unmatched: tuple[tuple[str, str], ...] = ()


def find_matches(
    system: CodeSystem, properties: Sequence[tuple[str, str]], *, exact: bool
) -> list[Matching]:
    """The codes with every property, or with at least one where not `exact`; best first.

    Raises Refused where that takes too long.
    """
    found = []
    budget = Budget(canonical(system.url, system.version))
    for code in _candidates(system, properties, exact=exact):
        budget.spend(STEPS_PER_CODE * len(properties))
        lacking = tuple(p for p in properties if not _has(system, code, *p))
        if not lacking or (not exact and len(lacking) < len(properties)):
            found.append(Matching(code, lacking))
    return sorted(found, key=lambda m: len(m.unmatched))


def _candidates(
    system: CodeSystem, properties: Sequence[tuple[str, str]], *, exact: bool
) -> Sequence[str]:
    """The codes worth a look: those that the most telling property leaves."""
    if exact:
        for name, value in properties:
            if name in ("code", "concept"):
                code = system.find(value)
                return [] if code is None else [code]
            if name in ("parent", "child"):
                code = system.find(value)
                if code is None:
                    return []
                return system.children(code) if name == "parent" else system.parents(code)
        for name, value in properties:
            if name == "display" and words_of([value]):
                return system.search(value)
    return system.codes()


def _has(system: CodeSystem, code: str, name: str, value: str) -> bool:
    found = values(system, code, name)
    if name in NAMES:
        return value.casefold() in (each.casefold() for each in found)
    return value in found
