"""All identifiers of a text, in order, none overlapping another."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from operator import attrgetter

from nlp.deid import ages, dates, facilities, identifiers, institutions, names, places
from nlp.deid.known import Fact, Known
from nlp.deid.types import Category, Phi

TAG = re.compile(rf"\[(?:{'|'.join(Category)})\]")
_EXACT = frozenset(Category) - {Category.NAME, Category.LOCATION, Category.DATE, Category.ID}
_CAPITALS = 150  # so many small letters to one capital make a text without capitals
_GAP = "\n\n\n"

Cases = tuple[bool, bool]  # without capitals, all in capitals
Part = tuple[int, int, int]  # start in a view of the text, start in the text, length


def find(text: str, known: Iterable[Fact] = ()) -> tuple[Phi, ...]:
    """Identifiers by rule and context, and what is known of the person.

    What a mask left in the text is none. A replacement can uncover what stood close to it, so what
    lies around it is read again until nothing comes up: a masked text has nothing more to mask.
    """
    facts = Known(known)
    cases = _cases(text, [])
    found = fresh = _once(text, cases, facts)
    while fresh:
        now = _cases(text, found)
        blocks = _around(text, fresh) if now == cases else [(0, len(text))]
        view, parts = _view(text, found, blocks)
        again = [_back(phi, parts) for phi in _once(view, now, facts)]
        cases, fresh = now, [phi for phi in again if phi is not None]
        found = _apart(found + fresh)
    return tuple(found)


def _once(text: str, cases: Cases, facts: Known) -> list[Phi]:
    lower, upper = cases
    found = [
        *facts.find(text),
        *identifiers.find(text),
        *dates.find(text),
        *ages.find(text),
        *places.find(text, lower),
        *facilities.find(text, lower),
        *institutions.find(text),
        *names.find(text, lower, upper),
    ]
    tags = [m.span() for m in TAG.finditer(text)]
    return _apart([f for f in found if not _overlap(f, tags)])


def _overlap(phi: Phi, tags: list[tuple[int, int]]) -> bool:
    at = bisect_right(tags, (phi.end, 0)) - 1
    return at >= 0 and tags[at][1] > phi.start and tags[at][0] < phi.end


def _cases(text: str, found: list[Phi]) -> Cases:
    """How the letters are written that no identifier holds."""
    ends = [0, *(p.end for p in found)]
    starts = [*(p.start for p in found), len(text)]
    rest = TAG.sub("", "\n".join(text[a:b] for a, b in zip(ends, starts, strict=True)))
    capitals = sum(map(str.isupper, rest))
    small = sum(map(str.islower, rest))
    return capitals * _CAPITALS < small, small < capitals


def _around(text: str, found: list[Phi]) -> list[tuple[int, int]]:
    """The lines of the spans with one more before and after, in order and apart."""
    out: list[tuple[int, int]] = []
    for phi in found:
        first = text.rfind("\n", 0, max(0, text.rfind("\n", 0, phi.start))) + 1
        after = text.find("\n", phi.end)
        last = text.find("\n", after + 1) if after >= 0 else -1
        end = last if last >= 0 else len(text)
        if out and first <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((first, end))
    return out


def _view(text: str, found: list[Phi], blocks: list[tuple[int, int]]) -> tuple[str, list[Part]]:
    """The blocks of the text, masked, and the parts of it that they keep."""
    out: list[str] = []
    parts: list[Part] = []
    size = 0
    for first, last in blocks:
        at = first
        inside = found[bisect_right(found, first, key=attrgetter("end")) :]
        for phi in inside:
            if phi.start >= last:
                break
            if at < phi.start:
                parts.append((size, at, phi.start - at))
            out.append(f"{text[at : phi.start]}[{phi.category}]")
            size += len(out[-1])
            at = phi.end
        if at < last:
            parts.append((size, at, last - at))
        out.append(text[at:last] + _GAP)
        size += len(out[-1])
    return "".join(out), parts


def _back(phi: Phi, parts: list[Part]) -> Phi | None:
    """The span in the text; None where no one part holds it."""
    at = bisect_right(parts, phi.start, key=lambda part: part[0]) - 1
    if at < 0:
        return None
    seen, start, length = parts[at]
    if phi.end > seen + length:
        return None
    return Phi(phi.start - seen + start, phi.end - seen + start, phi.category)


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
