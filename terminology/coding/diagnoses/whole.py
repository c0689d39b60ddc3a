"""What a whole phrase is a name of: by itself, but for its side, a slip or its circumstances."""

from __future__ import annotations

from collections.abc import Sequence

from terminology.coding.diagnoses.denial import empty
from terminology.coding.diagnoses.naming import ABBREVIATION, UNSIDED, Naming, Said
from terminology.coding.diagnoses.phrasing import heads
from terminology.coding.diagnoses.rank import Ranker
from terminology.coding.diagnoses.sides import is_open, nearest, parted, sided, unsited
from terminology.coding.diagnoses.weigh import Seen
from terminology.coding.lexicon import SAME
from terminology.coding.spelling import likeness
from terminology.index import Index
from terminology.types import Method

DECIDED = 0.95  # what words alone never score
ALIKE = 0.9  # what names of the very same words score, and few others
TOLD = 0.75  # what a phrase scores without its circumstances, where the whole scores less


class WholePhrases:
    """Finds what phrases are names of. Immutable: threads may share it."""

    def __init__(self, index: Index, naming: Naming, ranker: Ranker) -> None:
        self._index, self._naming, self._ranker = index, naming, ranker
        self._worded = index.rows_of("words.terms")

    def named(self, text: str, normal: str) -> list[int]:
        """The terms that a text is a name of: letters where it has such, "HI" but not "hi".

        Letters that are a word too, "COLD", come after what the word means.
        """
        terms, kinds = self._naming.known(normal), self._naming.kinds
        letters = [term for term in terms if kinds[term] == ABBREVIATION]
        if letters and all(self._index.terms[term] != text for term in letters):
            if empty(text, normal):
                return [term for term in terms if term not in letters]
            if normal in SAME and all(self._naming.ambiguous[term] for term in terms):
                return [*self.same(normal), *terms]
        return terms

    def of(
        self, best: dict[int, Seen], terms: Sequence[int], normal: str, said: Said
    ) -> list[Seen]:
        """What the whole phrase is a name of, by itself or but for its side, entered as well."""
        self._naming.keep(best, terms, 1.0, None, said)
        if whole := sorted((e for e in best.values() if e.score > DECIDED), key=self._naming.order):
            return whole
        if not self.same(normal) and (found := self._of_a_side(best, normal, said.encounter)):
            return [found]
        if not best:
            self._naming.keep(best, self._misspelt(normal), ALIKE, Method.FUZZY, UNSIDED)
        # letters that mean several things: all of these before what is like them
        return sorted(best.values(), key=self._naming.order)

    def _misspelt(self, normal: str) -> list[int]:
        """The terms of a phrase but for its one unknown word, read as what it is most like."""
        wrong, near = self._ranker.words.misspelt(normal)
        for right in sorted(near, key=lambda word: -likeness(wrong, word)):
            said = (right if word == wrong else word for word in normal.split())
            if terms := self._naming.known(" ".join(said)):
                return terms
        return []

    def headed(self, normal: str) -> list[Seen]:
        """What the words are a name of without the circumstances, which no name has."""
        for head in heads(normal):
            best: dict[int, Seen] = {}
            self._naming.keep(
                best, self._naming.known(head) or self.same(head), TOLD, Method.FUZZY, UNSIDED
            )
            if not best and (found := self._of_a_side(best, head, "")):
                return [found._replace(score=TOLD, method=Method.FUZZY)]
            if best:
                return sorted(best.values(), key=self._naming.order)
        return []

    def _of_a_side(self, best: dict[int, Seen], normal: str, encounter: str) -> Seen | None:
        """The code of a phrase that is known but for the side that it names, entered as well.

        Where no code tells of the side it is that of the phrase without it.
        """
        bare, side = parted(normal)
        terms: list[int] = []
        for phrase in (bare, unsited(bare)) if side else ():
            terms = terms or self._naming.known(phrase) or self.same(phrase)
        known: dict[int, Seen] = {}
        self._naming.keep(known, terms, 1.0, None, UNSIDED)
        likely = sorted(known.values(), key=self._naming.order)
        for each in likely:
            concept = self._on(side, each.concept, bare, encounter)
            if concept >= 0:
                best[concept] = each._replace(concept=concept)
                return best[concept]
        return likely[0] if likely else None

    def sided(self, likely: list[Seen], normal: str, encounter: str) -> list[Seen]:
        """The same; where the first is of no side and the phrase tells one, first the code of it.

        "ACL tear R knee" is that of the right knee.
        """
        first, (bare, side) = likely[0], parted(normal)
        if not side or not is_open(self._index, first.concept):
            return likely
        concept = self._on(side, first.concept, bare, encounter)
        if concept < 0:
            return likely
        others = (each for each in likely if each.concept != concept)
        return [first._replace(concept=concept), *others]

    def terms(self, normal: str) -> list[int]:
        """The terms that read as a phrase, else those of the very same words."""
        return self._naming.known(normal) or self.same(normal)

    def _on(self, side: str, concept: int, bare: str, encounter: str) -> int:
        """The code of a side near one that a phrase without its side names, -1 for none."""
        found = sided(self._index, concept, side)
        if found < 0:
            found = nearest(self._index, concept, side, bare)
        if found < 0:
            return found
        plain = self._index.defaults[found]
        return self._naming.encounter(plain if plain >= 0 else found, encounter)

    def same(self, normal: str) -> list[int]:
        """The terms of the very same words."""
        place = self._ranker.same(normal)
        return self._worded[place] if place >= 0 else []
