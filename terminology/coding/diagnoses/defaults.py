"""The billable code that a phrase for a broader code means when it says nothing further."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from terminology.coding.canonical import lexemes
from terminology.entry import Entry

_WORDS = """
unspecified other nec nos side site eye ear limb part type degree level place mention without
complication not intractable status finger thumb toe digit region cause trimester organism severity
episode uncomplicated crisis storm disorder quadrant
"""
_SILENT = frozenset(_WORDS.split())
_NEGATED = frozenset({"complication", "crisis", "storm", "intractable", "status"})
# up to the next comma, save those of a list: "without disturbance of mood, sleep, and speech"
_ABSENT = re.compile(
    r",? without [^,]*(?:(?:, [^,]*)+, (?:and|or) [^,]*)?|,? not specified as [^,]*", re.I
)
_INITIAL = "A"
# other 7th characters by the chapter's letter: the fetus not told of, and external causes have none
_FIRST = {"O": "0", **dict.fromkeys("VWXY", "")}
_POISONING = re.compile(r"T(?:3[6-9]|4|5|6[0-5])\d*\.")
_ACCIDENT = "accidental"


def defaults(entries: Sequence[Entry]) -> list[int]:
    """For each entry the place of its default, or -1; a billable code is its own.

    The default of a category is its child that adds only "unspecified", "without complication" and
    the like, of "other" conditions the child for others still; of an injury it is the initial
    encounter, of a poisoning an accident (ICD-10-CM guidelines I.C.19.e.5.b). An external cause has
    none: it takes the 7th character of the injury that it caused, which a phrase does not tell.
    """
    places = {entry.code: place for place, entry in enumerate(entries)}
    children: list[list[int]] = [[] for _ in entries]
    for place, entry in enumerate(entries):
        if entry.parent:
            children[places[entry.parent]].append(place)
    # what a title says to be absent, nobody mentions
    meant = [frozenset(lexemes(_ABSENT.sub("", entry.display))) for entry in entries]
    found = [place if entry.billable else -1 for place, entry in enumerate(entries)]
    # children follow their parents in the order of codes
    for place in range(len(entries) - 1, -1, -1):
        if found[place] < 0:
            found[place] = _default(place, entries, children[place], meant, found)
    return found


def _unsided(display: str, beside: Collection[str]) -> bool:
    """Whether a title leaves open only the side that those beside it tell: "unspecified knee"."""
    head, _, noun = display.rpartition("unspecified ")
    return bool(noun) and all(f"{head}{side} {noun}" in beside for side in ("left", "right"))


def _default(
    place: int,
    entries: Sequence[Entry],
    children: Sequence[int],
    meant: Sequence[frozenset[str]],
    found: Sequence[int],
) -> int:
    best: tuple[tuple[int, bool, str], int] | None = None
    other = "other" in meant[place]
    shown = {entries[child].display.lower() for child in children}
    for child in children:
        code = entries[child].code
        if found[child] < 0:
            continue
        if len(code) == 8:
            if code[-1] == _FIRST.get(code[0], _INITIAL):
                return found[child]
            continue
        if _POISONING.match(code) and code.endswith("1") and _ACCIDENT in entries[child].display:
            return found[child]
        added = meant[child] - meant[place]
        lost = meant[place] - meant[child] - _SILENT
        silent = added <= _SILENT or _unsided(entries[child].display.lower(), shown)
        if lost or not silent or other != ("other" in meant[child]):
            continue
        if added & _NEGATED and "not" not in added:
            continue
        rank = (len(added - {"unspecified"}), "unspecified" not in meant[child], code)
        if best is None or rank < best[0]:
            best = (rank, found[child])
    return best[1] if best else -1
