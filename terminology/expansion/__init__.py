"""$expand: the codes of a value set, or a page of them, in a flat list or nested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from terminology.codesystem import ancestors
from terminology.expansion.contains import Contains, contains
from terminology.expansion.members import LIMIT, Making
from terminology.expansion.types import Expansion, Member, Options
from terminology.issue import Refused, issue
from terminology.library import Library
from terminology.messages import (
    TOO_COSTLY,
)
from terminology.valueset import ValueSet

LEVELS = 100  # of a nested expansion

__all__ = ["Expansion", "Options", "expand"]


def expand(library: Library, value_set: ValueSet, options: Options) -> Expansion:
    """The expansion of a value set; raises Refused where it can't be made, or is too large."""
    library = library.with_supplements(value_set.supplements)
    making = Making(library, options, value_set)
    codes = making.lone(value_set)
    members = making.members(value_set, text=options.text) if codes is None else {}
    total = len(members) if codes is None else len(codes)
    paged = options.count is not None or options.offset > 0
    if not paged and total > LIMIT:
        raise Refused(issue(TOO_COSTLY, value_set.called, LIMIT))
    last = None if options.count is None else options.offset + options.count
    page: Sequence[Member]
    if codes is None:
        page = list(members.values())[options.offset : last]
    else:
        page = codes.members(options.offset, last)
    versioned = making.versioned()
    made = tuple(
        contains(m.system, m.code, m.listed, options.wanted, m.system.url in versioned)
        for m in page
    )
    if options.nested and not paged and making.nests:
        made = _tree(page, made)
    return Expansion(total, made, tuple(making.used), tuple(making.unclosed))


def _tree(members: Sequence[Member], made: tuple[Contains, ...]) -> tuple[Contains, ...]:
    """The codes below their nearest ones above that are codes of the expansion too.

    They stay as they are where they stand too deep, or in a circle.
    """
    place = {(m.system.url, m.system.version, m.code): n for n, m in enumerate(members)}
    below: dict[int, list[int]] = {}
    roots: list[int] = []
    for number, member in enumerate(members):
        system = member.system
        above = (place.get((system.url, system.version, c)) for c in ancestors(system, member.code))
        parent = next((n for n in above if n is not None), None)
        (roots if parent is None else below.setdefault(parent, [])).append(number)

    def grown(number: int) -> Contains:
        return replace(made[number], contains=tuple(map(grown, below.get(number, ()))))

    return tuple(map(grown, roots)) if _is_shallow(roots, below, len(made)) else made


def _is_shallow(roots: list[int], below: Mapping[int, list[int]], count: int) -> bool:
    """Whether all stand below the roots, at most LEVELS deep."""
    level, reached = roots, 0
    for _ in range(LEVELS):
        reached += len(level)
        level = [each for number in level for each in below.get(number, ())]
    return reached == count
