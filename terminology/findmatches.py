"""The codes of a system that have given properties: all of them, some, or names like them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from terminology.budget import STEPS_PER_CODE, Budget
from terminology.codesystem import CodeSystem, canonical, words_of
from terminology.filters.properties import values

Pair = tuple[str, str]  # property, value
NAMES = frozenset({"display", "designation", "definition"})  # compared without regard to case


@dataclass(frozen=True, slots=True)
class Matching:
    """A code with at least one of the properties; `similar` are those that are names like them."""

    code: str
    unmatched: tuple[Pair, ...] = ()
    similar: tuple[Pair, ...] = ()


def find_matches(system: CodeSystem, asked: Sequence[Pair], *, exact: bool) -> list[Matching]:
    """The codes with some of the properties, those with the most first.

    Where not `exact`, a name that has every word, or the start of one, will do. Raises Refused
    where that takes too long.
    """
    found = []
    budget = Budget(canonical(system.url, system.version))
    for code in _candidates(system, asked):
        budget.spend(STEPS_PER_CODE * len(asked))
        rest = [pair for pair in asked if not _has(system, code, *pair)]
        similar = () if exact else tuple(pair for pair in rest if _resembles(system, code, *pair))
        unmatched = tuple(pair for pair in rest if pair not in similar)
        if len(unmatched) < len(asked):
            found.append(Matching(code, unmatched, similar))
    return sorted(found, key=lambda m: (len(m.unmatched), len(m.similar)))


def _candidates(system: CodeSystem, asked: Sequence[Pair]) -> Sequence[str]:
    """The codes worth a look: those that the properties name, or all where one names none."""
    found: dict[str, None] = {}
    for name, value in asked:
        if (named := _named(system, name, value)) is None:
            return system.codes()
        found |= dict.fromkeys(named)
    return list(found)


def _named(system: CodeSystem, name: str, value: str) -> Sequence[str] | None:
    """The codes that may have a property; None where that takes a look at every one."""
    if name == "display" and words_of([value]):
        return system.search(value)
    if name not in ("code", "concept", "parent", "child"):
        return None
    code = system.find(value)
    if code is None:
        return ()
    if name == "parent":
        return system.children(code)
    return system.parents(code) if name == "child" else (code,)


def _has(system: CodeSystem, code: str, name: str, value: str) -> bool:
    found = values(system, code, name)
    if name in NAMES:
        return value.casefold() in (each.casefold() for each in found)
    return value in found


def _resembles(system: CodeSystem, code: str, name: str, value: str) -> bool:
    wanted = words_of([value])
    if name not in NAMES or not wanted:
        return False
    return any(
        all(any(word.startswith(each) for word in words_of([told])) for each in wanted)
        for told in values(system, code, name)
    )
