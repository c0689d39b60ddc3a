"""The tags of tokens: outside, and begin, inside, end, single of each kind of mention."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nlp.types import Kind

KINDS: tuple[Kind, ...] = ("medication", "condition")
OUTSIDE, BEGIN, INSIDE, END, SINGLE = range(5)
COUNT = 1 + 4 * len(KINDS)

Tags = NDArray[np.int64]
Mention = tuple[int, int, Kind]  # first and last token, both inclusive


def tags_of(mentions: list[Mention], size: int) -> Tags:
    """The tags of `size` tokens, of mentions that don't overlap."""
    out = np.zeros(size, np.int64)
    for first, last, kind in mentions:
        base = 4 * KINDS.index(kind)
        if first == last:
            out[first] = base + SINGLE
        else:
            out[first], out[first + 1 : last], out[last] = base + BEGIN, base + INSIDE, base + END
    return out


def mentions_of(tags: Tags) -> list[Mention]:
    """The mentions that well-formed tags tell, in order."""
    found: list[Mention] = []
    first = -1
    for at in np.flatnonzero(tags).tolist():
        kind, part = divmod(int(tags[at]) - 1, 4)
        if part + 1 in (BEGIN, SINGLE):
            first = at
        if part + 1 in (END, SINGLE):
            found.append((first, at, KINDS[kind]))
    return found


def _may_follow() -> NDArray[np.bool_]:
    out = np.zeros((COUNT, COUNT), bool)
    for before in range(COUNT):
        for after in range(COUNT):
            kind, part = divmod(before - 1, 4) if before else (-1, OUTSIDE - 1)
            following, begun = divmod(after - 1, 4) if after else (-1, OUTSIDE - 1)
            is_open = part + 1 in (BEGIN, INSIDE)
            goes_on = begun + 1 in (INSIDE, END)
            out[before, after] = is_open == goes_on and (not is_open or kind == following)
    return out


MAY_FOLLOW = _may_follow()  # [before, after]
