"""How two codes of a system stand to each other, and closures of codes by that relation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from terminology import codesystem
from terminology.codesystem import CodeSystem
from terminology.grammars.expressions import Expressions
from terminology.supplemented import plain

Relation = Literal["equivalent", "subsumes", "subsumed-by", "not-subsumed"]


def subsumption(system: CodeSystem, a: str, b: str) -> Relation:
    """How `a` stands to `b`; both are codes that `find` gave."""
    grammar = plain(system)
    if a == b:
        return "equivalent"
    if isinstance(grammar, Expressions) and grammar.meaning(a) == grammar.meaning(b):
        return "equivalent"  # two spellings of the same, as N and kg.m/s2
    if is_above(system, a, b):
        return "subsumes"
    return "subsumed-by" if is_above(system, b, a) else "not-subsumed"


def is_above(system: CodeSystem, above: str, below: str) -> bool:
    """Whether one code stands above another, at whatever distance, by its grammar if it has one."""
    grammar = plain(system)
    if isinstance(grammar, Expressions):
        return grammar.covers(above, below)
    return codesystem.is_above(system, above, below)


def closure(
    system: CodeSystem, known: Iterable[str], new: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """(below, above) for each pair of a new code with another one, known or new."""
    added = list(dict.fromkeys(new))
    every = list(dict.fromkeys([*known, *added]))
    for code in added:
        for other in every:
            if is_above(system, other, code):
                yield code, other
            elif other not in added and is_above(system, code, other):
                yield other, code
