"""From a phrase to ICD-10-CM codes: exact, by words, by spelling, by character 3-grams."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from kernels.embed import embed
from kernels.fuzzy import FuzzyIndex
from kernels.scan import Scan
from terminology.coding.candidate import Candidate
from terminology.coding.canonical import lexemes
from terminology.coding.diagnoses.composed import Composed
from terminology.coding.diagnoses.denial import absent, but_for, claims, denied, empty, lacks
from terminology.coding.diagnoses.happened import matter_of
from terminology.coding.diagnoses.naming import Naming, Said, encounter_of
from terminology.coding.diagnoses.narrowed import Narrowed
from terminology.coding.diagnoses.phrasing import as_written, is_over, plainly
from terminology.coding.diagnoses.rank import Ranker
from terminology.coding.diagnoses.signs import in_words
from terminology.coding.diagnoses.weigh import AT, DIM, FEATURES, Floats, Phrase, Seen, Weigher
from terminology.coding.diagnoses.whole import ALIKE, TOLD, WholePhrases
from terminology.coding.lexicon import PARTS
from terminology.coding.spelling import may_be_slip, meant_exactly
from terminology.index import Index, Row, phrase_of
from terminology.types import Method

SURE = 0.8  # a score from which on no further means are tried
# "NOS" and its like, and coders' shorthand, ask for a code that may stand on a claim
NOS = frozenset(("nos", "unspecified", "unsp", "unspec", "uns"))
NEC = frozenset(("nec", "oth", "other"))
NOTHING: Floats = np.zeros((0, len(FEATURES)), np.float32)
LETTERS = 0.57  # the least likeness by letters that tells anything
LEAST = 0.34  # what scores lower is no answer
SPELLING = 0.8  # the least likeness that counts as a typing error
GUESSED = (Method.FUZZY, Method.VECTOR)
POOL = 40  # phrases whose codes are weighed
WEIGHED = 40  # codes that are weighed
BROADENED = 8  # codes of which those above are weighed
LONGEST = 96  # letters of what may still be as like as SPELLING to a phrase of at most 64
_SCORE = attrgetter("score")
ABOVE = 0.06  # what a broader code loses that only its narrower one speaks for


class Read(NamedTuple):
    """A text, normalised, of what matters of it, and without what is said around that."""

    text: str
    normal: str
    matter: str
    plain: str


class Diagnoses:
    """Finds ICD-10-CM codes for phrases. Immutable: threads may share it."""

    def __init__(self, index: Index, row: Row) -> None:
        self._index = index
        self._ranker = Ranker(index.group("words"))
        self._weigher = Weigher(index, self._ranker)
        self._naming = Naming(index, row)
        self._phrases = WholePhrases(index, self._naming, self._ranker)
        self._narrowed = Narrowed(index, self._naming, self._ranker)
        self._composed = Composed(index, row, self._alone, self._having_all)
        self._worded = index.rows_of("words.terms")
        self._fuzzy = FuzzyIndex.from_arrays(index.group("spelled"))
        self._spelled = memoryview(index.arrays["spelled.phrase"])  # type: ignore[arg-type]
        self._scan = Scan.from_arrays(index.group("grams"))

    def match(self, text: str, count: int) -> list[Candidate]:
        """At most `count` concepts, best first.

        None where the text names no disorder ("hello", "left knee") or says that there is none
        ("denies chest pain", "flu negative"), unless that is a name itself: "no appetite".
        """
        text = in_words(text)
        normal = phrase_of(text)
        terms = self._phrases.named(text, normal)
        if not normal or (not terms and empty(text, normal)):
            return []
        if terms or self._phrases.same(normal):
            return self._found(Read(text, normal, normal, normal), terms, count)
        if denied(normal):
            return []
        if found := self._composed.pregnancy(text, normal, count):
            return found
        read = _read(text, normal)
        named = self._phrases.terms(read.plain)
        over = is_over(text, read.matter)
        found = [] if named else self._composed.history(read.plain, over, count)
        return found or self._found(read, [], count)

    def _alone(self, text: str, count: int) -> list[Candidate]:
        """What a text means of itself, which names a condition and no more."""
        normal = phrase_of(text)
        terms = self._phrases.named(text, normal)
        named = terms or self._phrases.same(normal)
        read = Read(text, normal, normal, normal) if named else _read(text, normal)
        return self._found(read, terms, count)

    def _found(self, read: Read, terms: list[int], count: int) -> list[Candidate]:
        """The codes of a phrase that these terms name, if any, or that is like some."""
        text, normal, matter, plain = read
        terms = terms or self._phrases.named(as_written(text, plain), plain)
        # how a phrase is written counts where it does not name a billable code, and so must be read
        asked = None if terms and self._naming.are_billable(terms) else self._phrase(plain)
        everyday = any(map(self._naming.is_everyday, terms))
        titled = asked is not None and asked.titled and not everyday and matter == normal
        said = Said(encounter_of(normal), titled)
        best: dict[int, Seen] = {}
        whole = self._naming.supported(self._phrases.of(best, terms, plain, said))
        if whole and len(whole) >= count:
            return [_candidate(each, each.score) for each in whole[:count]]
        there, gone = but_for(plain) if not whole else ("", frozenset())
        if there:
            terms, there_said = self._phrases.terms(there), said._replace(in_full=False)
            whole = [
                each._replace(score=min(each.score, ALIKE))
                for each in self._phrases.of(best, terms, there, there_said)
            ] or self._phrases.headed(there)
            plain = there if whole else plain
        asked = asked or self._phrase(plain)
        self._search(best, plain, said)
        written = self._index.terms
        nothing = not terms and absent(plain)
        if nothing:
            best = {n: e for n, e in best.items() if lacks(written[e.term].lower(), normal)}
        self._broaden(best)
        best = self._unclaimed(best, gone)
        if not whole:  # not the phrase itself, but a name of the very same words
            same = (each for each in best.values() if each.method not in GUESSED)
            whole = sorted((each for each in same if each.score > ALIKE), key=self._naming.order)
        likely = self._weighed(asked, _without(best.values(), whole))
        if likely and not whole:
            likely = self._phrases.sided(likely, plain, said.encounter)
        if not (whole or nothing):
            whole = self._in_part(asked, plain, likely)
            likely = list(_without(likely, whole))
        return _descending([*whole, *likely], count)

    def _unclaimed(self, best: dict[int, Seen], gone: frozenset[str]) -> dict[int, Seen]:
        """The candidates whose names and titles claim nothing of what is not there."""
        if not gone:
            return best
        written, titles = self._index.terms, self._index.displays
        return {
            n: e
            for n, e in best.items()
            if not claims(written[e.term].lower(), gone) and not claims(titles[n].lower(), gone)
        }

    def _having_all(self, normal: str, found: Sequence[Candidate]) -> list[Candidate]:
        """The candidates whose names have all words of a phrase that tell something."""
        if not found:
            return []
        seen = [Seen(each.concept, each.score, 0.0, 1, each.method, each.term) for each in found]
        lost = self._weigher.features(self._phrase(normal), seen)[:, AT["missing"]]
        return [each for each, less in zip(found, lost.tolist(), strict=True) if not less]

    def candidates(self, text: str) -> tuple[list[str], Floats]:
        """The codes that are weighed for a phrase, and their features: to learn the weights by."""
        normal = phrase_of(text)
        asked = self._phrase(normal)
        best: dict[int, Seen] = {}
        self._search(best, normal, Said("", asked.titled))
        self._broaden(best)
        likely = _best(best.values(), WEIGHED)
        codes = [self._index.codes[each.concept] for each in likely]
        return codes, self._weigher.features(asked, likely) if likely else NOTHING

    def _in_part(self, asked: Phrase, plain: str, likely: Sequence[Seen]) -> list[Seen]:
        """What a part of a phrase names, by words that choose beside it or without circumstances.

        Nothing where a broad code has names of all its words: it may be all that they tell.
        """
        first = likely[0] if likely else None
        broad = first and asked.in_full and not self._index.billable[first.concept]
        if not (first and broad and self._weigher.covers(asked, first)):
            narrow = self._narrowed.of(plain)
            if narrow:
                return self._naming.supported([narrow]) if asked.in_full else [narrow]
        if asked.in_full and (first is None or first.score < TOLD):
            return self._phrases.headed(plain)
        return []

    def _phrase(self, normal: str) -> Phrase:
        nos, nec = (not words.isdisjoint(normal.split()) for words in (NOS, NEC))
        return Phrase(normal, self._ranker.words.written_in_full(normal), nos, nec)

    def _search(self, best: dict[int, Seen], normal: str, said: Said) -> None:
        """Enters what is like the phrase: by words, then by spelling, then by letters."""
        for place, alike in self._ranker.documents(normal, POOL):
            method = Method.SYNONYM if alike > 0.999 else Method.FUZZY
            self._naming.keep(best, self._worded[place], 0.95 * alike, method, said)
        top = max(map(_SCORE, best.values()), default=0.0)
        if top < SURE and len(normal) <= LONGEST:
            parts = frozenset(lexemes(" ".join(PARTS.intersection(normal.split()))))
            exact = meant_exactly(normal)
            for place, alike in self._fuzzy.topk(normal, 20, SPELLING):
                terms = self._naming.terms_of(self._spelled[place])
                if not (parts or exact) or may_be_slip(
                    phrase_of(self._index.terms[terms[0]]), parts, exact
                ):
                    self._naming.keep(best, terms, 0.9 * alike, Method.FUZZY, said)
            top = max(map(_SCORE, best.values()), default=0.0)
        if top < 0.5:
            scores, places = self._scan.topk(embed([normal], DIM)[0], 20, LETTERS)
            for place, alike in zip(places.tolist(), scores.tolist(), strict=True):
                terms = self._naming.terms_of(self._spelled[place])
                self._naming.keep(best, terms, 0.6 * alike, Method.VECTOR, said)

    def _broaden(self, best: dict[int, Seen]) -> None:
        """Enters what stands above the best codes: the words may say no more than that."""
        for each in _best(best.values(), BROADENED):
            above, score = self._index.parents[each.concept], each.score - ABOVE
            while above >= 0:
                if above not in best:
                    best[above] = each._replace(concept=above, score=score, names=0)
                above, score = self._index.parents[above], score - ABOVE

    def _weighed(self, asked: Phrase, seen: Iterable[Seen]) -> list[Seen]:
        """The candidates that are worth telling, in the order of what speaks for them."""
        seen = [each for each in seen if each.score >= LEAST]
        if not seen:
            return []
        likely = _best(seen, WEIGHED)
        worth = self._weigher.order(asked, likely).tolist()
        ranked = sorted(
            (-round(its, 3), -each.score, each) for its, each in zip(worth, likely, strict=True)
        )
        return [each for _, _, each in ranked]


def _read(text: str, normal: str) -> Read:
    matter = matter_of(text)
    return Read(text, normal, matter, plainly(matter))


def _best(seen: Iterable[Seen], count: int) -> list[Seen]:
    """The candidates with the highest scores, of equal ones those seen first."""
    return sorted(seen, key=_SCORE, reverse=True)[:count]


def _without(seen: Iterable[Seen], others: Iterable[Seen]) -> Iterator[Seen]:
    """The candidates of concepts that the others are none of."""
    gone = {each.concept for each in others}
    return (each for each in seen if each.concept not in gone)


def _candidate(seen: Seen, score: float) -> Candidate:
    return Candidate(seen.concept, score, seen.method, seen.term)


def _descending(seen: Sequence[Seen], count: int) -> list[Candidate]:
    """The first of them, none with a score above that of the one before."""
    found: list[Candidate] = []
    for each in seen[:count]:
        found.append(_candidate(each, min(each.score, found[-1].score if found else 1.0)))
    return found
