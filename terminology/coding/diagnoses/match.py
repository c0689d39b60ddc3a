"""From a phrase to ICD-10-CM codes: exact, by words, by spelling, by character 3-grams."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

import numpy as np

from kernels.embed import embed
from kernels.fuzzy import FuzzyIndex
from kernels.scan import Scan
from terminology.coding.candidate import Candidate
from terminology.coding.canonical import lexemes
from terminology.coding.diagnoses.denial import absent, but_for, claims, denied, empty, lacks
from terminology.coding.diagnoses.happened import matter_of
from terminology.coding.diagnoses.naming import Naming, Said, encounter_of
from terminology.coding.diagnoses.narrowed import Narrowed
from terminology.coding.diagnoses.phrasing import as_written, plainly
from terminology.coding.diagnoses.pregnancy import Pregnancies, Told, told
from terminology.coding.diagnoses.rank import Ranker
from terminology.coding.diagnoses.signs import in_words
from terminology.coding.diagnoses.weigh import AT, DIM, FEATURES, Floats, Phrase, Seen, Weigher
from terminology.coding.diagnoses.whole import ALIKE, TOLD, WholePhrases
from terminology.coding.lexicon import PARTS
from terminology.coding.spelling import may_be_slip, numbered
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


class Diagnoses:
    """Finds ICD-10-CM codes for phrases. Immutable: threads may share it."""

    def __init__(self, index: Index, row: Row) -> None:
        self._index = index
        self._ranker = Ranker(index.group("words"))
        self._weigher = Weigher(index, self._ranker)
        self._naming = Naming(index, row)
        self._phrases = WholePhrases(index, self._naming, self._ranker)
        self._pregnancies = Pregnancies(index, row)
        self._narrowed = Narrowed(index, self._naming, self._ranker)
        self._worded = index.rows_of("words.terms")
        self._fuzzy = FuzzyIndex.from_arrays(index.group("spelled"))
        self._spelled = memoryview(index.arrays["spelled.phrase"])  # type: ignore[arg-type]
        self._scan = Scan.from_arrays(index.group("grams"))

    def match(self, text: str, count: int, *, beside: bool = False) -> list[Candidate]:
        """At most `count` concepts, best first; `beside` a pregnancy that was told of already.

        None where the text names no disorder ("hello", "left knee") or says that there is none
        ("denies chest pain", "flu negative"), unless that is a name itself: "no appetite".
        """
        text = in_words(text)
        normal = phrase_of(text)
        terms = self._phrases.named(text, normal)
        if not normal or (not terms and empty(text, normal)):
            return []
        named = bool(terms or self._phrases.same(normal))
        if not named and denied(normal):
            return []
        if not (named or beside) and (when := told(text, normal)):
            return self._beside_pregnancy(when, count)
        matter = normal if named else matter_of(text)
        plain = normal if named else plainly(matter)
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

    def _beside_pregnancy(self, when: Told, count: int) -> list[Candidate]:
        """The codes of a condition beside a pregnancy, then those that it has of itself."""
        pregnancies = self._pregnancies
        own = self.match(when.bare, count, beside=True)
        named = self.match(when.phrase, count, beside=True)
        sure = (each for each in named if each.score >= TOLD)
        found = [each for each in sure if pregnancies.is_one(each.concept)]
        found = self._having_all(when.bare, found)
        if own and pregnancies.is_one(own[0].concept):
            found = [each for each in found if pregnancies.tells(each.concept, when)]
        elif own and (kind := pregnancies.of_kind(own[0].concept, when)) >= 0:
            found.append(own[0]._replace(concept=kind, method=Method.FUZZY))
        return self._at_stage([*found, *own], when, count)

    def _at_stage(self, found: Sequence[Candidate], when: Told, count: int) -> list[Candidate]:
        """The same as of the stage that is told, then as they are; each trimester if none is."""
        at, other = self._pregnancies.at_stage, self._pregnancies.trimesters
        moved = [each._replace(concept=at(each.concept, when)) for each in found]
        if moved:
            first = moved[0]
            moved[2:2] = [first._replace(concept=each) for each in other(first.concept, when)]
        return _each_once([*moved, *found], count)

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
            numbers = numbered(normal)
            for place, alike in self._fuzzy.topk(normal, 20, SPELLING):
                terms = self._naming.terms_of(self._spelled[place])
                if not (parts or numbers) or may_be_slip(
                    phrase_of(self._index.terms[terms[0]]), parts, numbers
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


def _best(seen: Iterable[Seen], count: int) -> list[Seen]:
    """The candidates with the highest scores, of equal ones those seen first."""
    return sorted(seen, key=_SCORE, reverse=True)[:count]


def _without(seen: Iterable[Seen], others: Iterable[Seen]) -> Iterator[Seen]:
    """The candidates of concepts that the others are none of."""
    gone = {each.concept for each in others}
    return (each for each in seen if each.concept not in gone)


def _candidate(seen: Seen, score: float) -> Candidate:
    return Candidate(seen.concept, score, seen.method, seen.term)


def _each_once(found: Iterable[Candidate], count: int) -> list[Candidate]:
    """The first of them, each concept once, none with a score above that of the one before."""
    kept: dict[int, Candidate] = {}
    top = 1.0
    for each in found:
        if each.concept not in kept and len(kept) < count:
            top = min(top, each.score)
            kept[each.concept] = each._replace(score=top)
    return list(kept.values())


def _descending(seen: Sequence[Seen], count: int) -> list[Candidate]:
    """The first of them, none with a score above that of the one before."""
    found: list[Candidate] = []
    for each in seen[:count]:
        found.append(_candidate(each, min(each.score, found[-1].score if found else 1.0)))
    return found
