"""What a phrase that no dictionary has is most like."""

from __future__ import annotations

import re
from functools import lru_cache

from nlp.linking.terms import from_match
from nlp.types import Coding
from terminology.service import Terminology
from terminology.types import Match

WORD = re.compile(r"[a-z0-9]+")
EMPTY = frozenset(
    ("of", "the", "and", "with", "in", "to", "a", "an", "or", "due", "by", "mellitus")
)
_FIGURE = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
EXTENDED = 0.93  # a match of an extended phrase must be this good to replace the phrase's own code
COMBINED = 0.66  # and this good where the match says only a part of the phrase
FOUND = 0.72  # a searched code must be this good to be used; a fuzzy score is 0.9 × likeness


def stems(text: str) -> set[str]:
    """The words that tell, cut to six letters, numerals as figures: what two phrases share."""
    words = (_FIGURE.get(word, word) for word in WORD.findall(text.lower()))
    return {word[:6] for word in words if word not in EMPTY}


def search(terminology: Terminology, text: str, system: str, least: float) -> Coding | None:
    """What a phrase is most like; one word is never taken for a part of a longer name."""
    said = " ".join(text.split())
    # the best alone: where a name reads like the phrase, nothing else is looked for
    best = next(iter(found(terminology, said, system, 1)), None)
    if best and " " in best.term and " " not in said:
        further = found(terminology, said, system, 3)
        best = next((m for m in further if " " not in m.term), None)
    return from_match(best) if best and best.score >= least else None


@lru_cache(maxsize=8192)
def found(terminology: Terminology, text: str, system: str, count: int) -> tuple[Match, ...]:
    """What the terminology finds: notes ask for the same few phrases again and again."""
    return terminology.match(text, system, count)
