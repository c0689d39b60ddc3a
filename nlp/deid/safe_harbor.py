"""All identifiers of a text, in order, none overlapping another."""

from __future__ import annotations

import re

from nlp.deid import ages, dates, facilities, identifiers, names, places
from nlp.deid.types import Category, Phi

TAG = re.compile(rf"\[(?:{'|'.join(Category)})\]")
_EXACT = frozenset(Category) - {Category.NAME, Category.LOCATION, Category.DATE, Category.ID}


def find(text: str) -> tuple[Phi, ...]:
    """Identifiers by rule and context; what a mask left in the text is none."""
    capitals, small = _cases(text)
    lower = capitals * 150 < small
    upper = small < capitals
    found = [
        *identifiers.find(text),
        *dates.find(text),
        *ages.find(text),
        *places.find(text, lower),
        *facilities.find(text, lower),
        *names.find(text, lower, upper),
    ]
    tags = [m.span() for m in TAG.finditer(text)]
    return tuple(_apart([f for f in found if not any(a < f.end and f.start < b for a, b in tags)]))


def _cases(text: str) -> tuple[int, int]:
    capitals = sum(1 for c in text if c.isupper())
    return capitals, sum(1 for c in text if c.islower())


def _strength(phi: Phi) -> tuple[bool, int, bool]:
    return phi.category in _EXACT, phi.end - phi.start, phi.category is not Category.ID


def _apart(found: list[Phi]) -> list[Phi]:
    """Overlapping spans become one that covers them all, of the more exact or longer's category."""
    out: list[Phi] = []
    for phi in sorted(set(found), key=lambda p: (p.start, -p.end)):
        if not out or phi.start >= out[-1].end:
            out.append(phi)
            continue
        last = out[-1]
        winner = max((last, phi), key=_strength)
        out[-1] = Phi(last.start, max(last.end, phi.end), winner.category)
    return out
