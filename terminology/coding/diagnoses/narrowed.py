"""A name with words that choose among the codes beside the one that it names.

"Wet macular degeneration right eye active" is a name, a side and such a word, "CAD with unstable
angina" a name and two: the code is the one near that of the name whose title has them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from terminology.coding.canonical import lexemes
from terminology.coding.diagnoses.naming import UNSIDED, Naming
from terminology.coding.diagnoses.rank import Ranker
from terminology.coding.diagnoses.sides import parted, unsited
from terminology.coding.diagnoses.weigh import Seen
from terminology.coding.lexicon import WEAK
from terminology.index import Index
from terminology.types import Method

LONGEST = 12  # words of a phrase that is parted
_MOST = 5  # words that may choose
_UP = 2  # codes above the one named, below which is looked
NARROWED = 0.88  # what such a phrase scores
_UNTOLD = "unspecified"  # which chooses nothing, nor does "NOS"
_ABSENT = re.compile(r"\b(?:without|not|no)\b[^,]*", re.IGNORECASE)
_CAUSES = "VWXY"  # letters of chapter 20, whose codes leave much open
_OPEN = re.compile(r", [^,]*\bunspecified\b[^,]*", re.IGNORECASE)
# what a title may say beyond what was said
_SILENT = frozenset(
    lexemes(
        "unspecified not other without type degree site initial encounter closed with native"
        " fracture eye side"
    )
)


class Narrowed:
    """Finds the codes of names that other words narrow. Immutable: threads may share it."""

    def __init__(self, index: Index, naming: Naming, ranker: Ranker) -> None:
        self._index, self._naming, self._ranker = index, naming, ranker
        self._worded = index.rows_of("words.terms")
        self._title = lru_cache(maxsize=1 << 14)(self._title_of)

    def of(self, normal: str) -> Seen | None:
        """The code of a phrase that is a name with words that choose."""
        bare, side = parted(normal)
        said = tuple(word for word in lexemes(unsited(bare) if side else normal) if word != _UNTOLD)
        known = self._ranker.words.number
        if not 2 <= len(said) <= LONGEST or any(known(word) < 0 for word in said):
            return None
        told = (side,) if side else ()
        spoken = frozenset((*said, *told))
        for name, rest in _parted(said):
            chosen = frozenset((*rest, *told))
            for place, (term, concept) in enumerate(self._named(name) if chosen - WEAK else ()):
                if place and not self._core(concept) <= spoken:
                    continue  # a further meaning of the name, whose title nobody said
                if (found := self._near(concept, chosen, spoken)) >= 0:
                    return Seen(found, NARROWED, 0.0, 1, Method.FUZZY, term)
        return None

    def _named(self, words: tuple[str, ...]) -> list[tuple[int, int]]:
        """The terms of just these words, and their codes, the likeliest first."""
        if (place := self._ranker.having(words)) < 0:
            return []
        best: dict[int, Seen] = {}
        self._naming.keep(best, self._worded[place], 1.0, None, UNSIDED)
        likely = sorted(best.values(), key=self._naming.order)
        codes = self._index.codes
        return [(e.term, e.concept) for e in likely if codes[e.concept][0] not in _CAUSES]

    def _near(self, concept: int, chosen: frozenset[str], spoken: frozenset[str]) -> int:
        """The code near one whose title has the words too, and the fewest others; -1 for none.

        None either where another that fits has not those others: they are kinds nobody told of.
        """
        index, top = self._index, concept
        title = self._title(concept)
        kept, named = chosen | self._core(concept) | title & spoken, title | chosen | _SILENT
        for _ in range(_UP + 1):
            fits = [each for each in self._below(top) if kept <= self._title(each)]
            if fits:
                added = {each: self._told_by(each) - named for each in fits}
                found = min(fits, key=lambda each: (len(added[each]), each))
                shared = frozenset.intersection(*added.values())
                kind = self._core(found) - named if top != concept else frozenset[str]()
                return found if added[found] <= shared and not kind else -1
            top = index.parents[top]
            if top < 0:
                break
        return -1

    def _core(self, concept: int) -> frozenset[str]:
        """The words of a title that hold of the codes beside it, whatever they come with."""
        head, _, _ = self._index.displays[concept].partition(" with ")
        return frozenset(lexemes(_OPEN.sub("", _ABSENT.sub("", head)))) - _SILENT

    def _told_by(self, concept: int) -> frozenset[str]:
        """The canonical words of a title but for what it leaves open."""
        title = self._index.displays[concept]
        return frozenset(lexemes(_OPEN.sub("", _ABSENT.sub("", title))))

    def _title_of(self, concept: int) -> frozenset[str]:
        """The canonical words of what a title says that there is."""
        return frozenset(lexemes(_ABSENT.sub("", self._index.displays[concept])))

    def _below(self, top: int) -> Iterator[int]:
        """The billable codes below one, and itself."""
        index, below = self._index, [top]
        while below:
            each = below.pop()
            below += index.children[each]
            if index.billable[each]:
                yield each


def _parted(said: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """A phrase as a name and words that stand together, the longest names first."""
    for size in range(1, min(_MOST, len(said) - 1) + 1):
        for at in range(len(said) - size, -1, -1):
            yield said[:at] + said[at + size :], said[at : at + size]
