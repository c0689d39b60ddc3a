"""From a phrase to ICD-10-CM codes: exact, by words, by spelling, by character 3-grams."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from heapq import nlargest
from typing import NamedTuple

import numpy as np

from kernels.embed import embed
from kernels.fuzzy import FuzzyIndex
from kernels.scan import Scan
from terminology.coding.lexicon import SAME
from terminology.coding.phrasing import absent, denied, empty, fractured, heads, lacks, plainly
from terminology.coding.rank import Ranker, spelled_out
from terminology.coding.sides import nearest, parted, sided, unsited
from terminology.coding.spelling import likeness
from terminology.coding.weigh import (
    DIM,
    FEATURES,
    SEVENTH,
    Asked,
    Floats,
    Seen,
    Weigher,
    unspecified,
)
from terminology.index import Index, Row, phrase_of
from terminology.types import Method, TermKind

SURE = 0.8  # a score from which on no further means are tried
KINDS = {
    TermKind.TITLE: (Method.EXACT, 1.0),
    TermKind.INCLUSION: (Method.SYNONYM, 0.98),
    TermKind.LAY: (Method.SYNONYM, 0.99),
    TermKind.INDEX: (Method.SYNONYM, 0.97),
    TermKind.ABBREVIATION: (Method.ABBREVIATION, 0.96),
}
TRUST = tuple(KINDS.get(kind, (Method.SYNONYM, 0.95)) for kind in TermKind)
ABBREVIATION = tuple(TermKind).index(TermKind.ABBREVIATION)
EVERYDAY = (tuple(TermKind).index(TermKind.LAY), ABBREVIATION)
AMBIGUOUS = 0.9  # the worth of an abbreviation that means other things too
RARER = 0.01  # and what it loses for each meaning that is commoner
INITIAL = "A"  # the 7th character of an initial encounter
# what tells of another one
ENCOUNTERS = (
    ("S", re.compile(r"\bsequelae?\b|\blate effects?\b")),
    ("D", re.compile(r"\bsubsequent encounter\b|\baftercare\b|\bhealing\b")),
    ("B", re.compile(r"(?=.*\b(?:fx|fractures?)\b).*\b(?:open|opn|compound)\b")),
)
# words without one of which none of these is told
_TELLING = "sequela sequelae late subsequent aftercare healing open opn compound"
ENCOUNTER_WORDS = frozenset(_TELLING.split())
# "NOS" and its like, and coders' shorthand, ask for a code that may stand on a claim
NOS = frozenset(("nos", "unspecified", "unsp", "unspec", "uns"))
NEC = frozenset(("nec", "oth", "other"))
NOTHING: Floats = np.zeros((0, len(FEATURES)), np.float32)
TOLD = 0.75  # what a phrase scores without its circumstances, where the whole scores less
LETTERS = 0.57  # the least likeness by letters that tells anything
LEAST = 0.34  # what scores lower is no answer
SPELLING = 0.8  # the least likeness that counts as a typing error
DECIDED = 0.95  # what words alone never score
ALIKE = 0.9  # what names of the very same words score, and few others
GUESSED = (Method.FUZZY, Method.VECTOR)
POOL = 40  # phrases whose codes are weighed
WEIGHED = 40  # codes that are weighed
BROADENED = 8  # codes of which those above are weighed
LONGEST = 96  # letters of what may still be as like as SPELLING to a phrase of at most 64
ABOVE = 0.06  # what a broader code loses that only its narrower one speaks for
BROADER = 0.02  # what a code that is not billable loses to its default


class Found(NamedTuple):
    """A concept that a text may mean, and the term that told."""

    concept: int
    score: float
    method: Method
    term: int


class Said(NamedTuple):
    """What a phrase says beside its words: the 7th character, and whether it is written in full."""

    encounter: str
    in_full: bool


UNSIDED = Said("", in_full=False)


class Diagnoses:
    """Finds ICD-10-CM codes for phrases. Immutable: threads may share it."""

    def __init__(self, index: Index, row: Row) -> None:
        self._index, self._row = index, row
        self._ranker = Ranker(index.group("words"))
        self._weigher = Weigher(index, self._ranker)
        self._worded = index.rows_of("words.terms")
        self._concepts, self._kinds = index.term_concepts, index.term_kinds
        self._ambiguous = index.term_ambiguous
        self._defaults, self._billable = index.defaults, index.billable
        self._unspecified = memoryview(unspecified(index))  # type: ignore[arg-type]
        self._fuzzy = FuzzyIndex.from_arrays(index.group("spelled"))
        self._spelled = memoryview(index.arrays["spelled.phrase"])  # type: ignore[arg-type]
        self._scan = Scan.from_arrays(index.group("grams"))

    def match(self, text: str, count: int) -> list[Found]:
        """At most `count` concepts, best first.

        None where the text names no disorder ("hello", "left knee") or says that there is none
        ("denies chest pain", "flu negative"), unless that is a name itself: "no appetite".
        """
        text = fractured(text)
        normal = phrase_of(text)
        terms = self._named(text, normal)
        if not normal or (not terms and empty(text, normal)):
            return []
        named = bool(terms or self._same(normal))
        if not named and denied(normal):
            return []
        plain = normal if named else plainly(normal)
        terms = terms or self._known(plain)
        # how a phrase is written counts where it does not name a billable code, and so must be read
        asked = None if terms and self._are_billable(terms) else self._asked(plain)
        everyday = any(map(self._is_everyday, terms))
        said = Said(_encounter_of(normal), asked is not None and asked.titled and not everyday)
        best: dict[int, Seen] = {}
        whole = self._whole(best, terms, plain, said)
        if whole and len(whole) >= count:
            return [_found(each, each.score) for each in whole[:count]]
        asked = asked or self._asked(plain)
        self._search(best, plain, said)
        missing = not terms and absent(normal)
        if missing:
            written = self._index.terms
            best = {n: e for n, e in best.items() if lacks(written[e.term].lower(), normal)}
        self._broaden(best)
        if not whole:  # not the phrase itself, but a name of the very same words
            same = (each for each in best.values() if each.method not in GUESSED)
            whole = sorted((each for each in same if each.score > ALIKE), key=self._order)
        likely = self._weighed(asked, _without(best.values(), whole))
        if not (whole or missing) and asked.in_full and (not likely or likely[0].score < TOLD):
            whole = self._headed(plain)
            likely = list(_without(likely, whole))
        return _descending([*whole, *likely], count)

    def _named(self, text: str, normal: str) -> list[int]:
        """The terms that a text is a name of: letters where it has such, "HI" but not "hi".

        Letters that are a word too, "COLD", come after what the word means.
        """
        terms, kinds = self._known(normal), self._kinds
        letters = [term for term in terms if kinds[term] == ABBREVIATION]
        if letters and all(self._index.terms[term] != text for term in letters):
            if empty(text, normal):
                return [term for term in terms if term not in letters]
            if normal in SAME and all(self._ambiguous[term] for term in terms):
                return [*self._same(normal), *terms]
        return terms

    def _whole(
        self, best: dict[int, Seen], terms: Sequence[int], normal: str, said: Said
    ) -> list[Seen]:
        """What the whole phrase is a name of, by itself or but for its side, entered as well."""
        self._keep(best, terms, 1.0, None, said)
        if whole := sorted((e for e in best.values() if e.score > DECIDED), key=self._order):
            return whole
        if not self._same(normal) and (found := self._of_a_side(best, normal, said.encounter)):
            return [found]
        if not best:
            self._keep(best, self._misspelt(normal), ALIKE, Method.FUZZY, UNSIDED)
        # letters that mean several things: all of these before what is like them
        return sorted(best.values(), key=self._order)

    def _misspelt(self, normal: str) -> list[int]:
        """The terms of a phrase but for its one unknown word, read as what it is most like."""
        wrong, near = self._ranker.misspelt(normal)
        for right in sorted(near, key=lambda word: -likeness(wrong, word)):
            said = (right if word == wrong else word for word in normal.split())
            if terms := self._known(" ".join(said)):
                return terms
        return []

    def _headed(self, normal: str) -> list[Seen]:
        """What the words are a name of without the circumstances, which no name has."""
        for head in heads(normal):
            best: dict[int, Seen] = {}
            self._keep(best, self._known(head) or self._same(head), TOLD, Method.FUZZY, UNSIDED)
            if not best and (found := self._of_a_side(best, head, "")):
                return [found._replace(score=TOLD, method=Method.FUZZY)]
            if best:
                return sorted(best.values(), key=self._order)
        return []

    def _of_a_side(self, best: dict[int, Seen], normal: str, encounter: str) -> Seen | None:
        """The code of a phrase that is known but for the side that it names, entered as well.

        Where no code tells of the side it is that of the phrase without it.
        """
        bare, side = parted(normal)
        terms: list[int] = []
        for phrase in (bare, unsited(bare)) if side else ():
            terms = terms or self._known(phrase) or self._same(phrase)
        known: dict[int, Seen] = {}
        self._keep(known, terms, 1.0, None, UNSIDED)
        likely = sorted(known.values(), key=self._order)
        for each in likely:
            concept = sided(self._index, each.concept, side)
            if concept < 0:
                concept = nearest(self._index, each.concept, side, bare)
            if concept >= 0:
                plain = self._defaults[concept]
                concept = self._encounter(plain if plain >= 0 else concept, encounter)
                best[concept] = each._replace(concept=concept)
                return best[concept]
        return likely[0] if likely else None

    def _same(self, normal: str) -> list[int]:
        """The terms of the very same words."""
        place = self._ranker.same(normal)
        return self._worded[place] if place >= 0 else []

    def candidates(self, text: str) -> tuple[list[str], Floats]:
        """The codes that are weighed for a phrase, and their features: to learn the weights by."""
        normal = phrase_of(text)
        asked = self._asked(normal)
        best: dict[int, Seen] = {}
        self._search(best, normal, Said("", asked.titled))
        self._broaden(best)
        likely = nlargest(WEIGHED, best.values(), key=lambda each: each.score)
        codes = [self._index.codes[each.concept] for each in likely]
        return codes, self._weigher.features(asked, likely) if likely else NOTHING

    def _asked(self, normal: str) -> Asked:
        nos, nec = (not words.isdisjoint(normal.split()) for words in (NOS, NEC))
        return Asked(normal, self._ranker.written_in_full(normal), nos, nec)

    def _search(self, best: dict[int, Seen], normal: str, said: Said) -> None:
        """Enters what is like the phrase: by words, then by spelling, then by letters."""
        for place, alike in self._ranker.documents(normal, POOL):
            method = Method.SYNONYM if alike > 0.999 else Method.FUZZY
            self._keep(best, self._worded[place], 0.95 * alike, method, said)
        top = max((each.score for each in best.values()), default=0.0)
        if top < SURE and len(normal) <= LONGEST:
            for place, alike in self._fuzzy.topk(normal, 20, SPELLING):
                terms = self._phrase_terms(self._spelled[place])
                self._keep(best, terms, 0.9 * alike, Method.FUZZY, said)
            top = max((each.score for each in best.values()), default=0.0)
        if top < 0.5:
            scores, places = self._scan.topk(embed([normal], DIM)[0], 20, LETTERS)
            for place, alike in zip(places.tolist(), scores.tolist(), strict=True):
                terms = self._phrase_terms(self._spelled[place])
                self._keep(best, terms, 0.6 * alike, Method.VECTOR, said)

    def _broaden(self, best: dict[int, Seen]) -> None:
        """Enters what stands above the best codes: the words may say no more than that."""
        for each in nlargest(BROADENED, best.values(), key=lambda each: each.score):
            above, score = self._index.parents[each.concept], each.score - ABOVE
            while above >= 0:
                if above not in best:
                    best[above] = each._replace(concept=above, score=score, names=0)
                above, score = self._index.parents[above], score - ABOVE

    def _weighed(self, asked: Asked, seen: Iterable[Seen]) -> list[Seen]:
        """The candidates that are worth telling, in the order of what speaks for them."""
        seen = [each for each in seen if each.score >= LEAST]
        if not seen:
            return []
        likely = nlargest(WEIGHED, seen, key=lambda each: each.score)
        worth = self._weigher.order(asked, likely).tolist()
        places = range(len(likely))
        order = sorted(
            places, key=lambda n: (-round(worth[n], 3), -likely[n].score, likely[n].concept)
        )
        return [likely[n] for n in order]

    def _keep(
        self,
        best: dict[int, Seen],
        terms: Sequence[int],
        score: float,
        method: Method | None,
        said: Said,
    ) -> None:
        """Enters the concepts that terms name, and what stands for those not billable."""
        concepts, billable, defaults = self._concepts, self._billable, self._defaults
        plain = (
            {defaults[concepts[term]] for term in terms if not billable[concepts[term]]}
            if said.in_full
            else ()
        )
        for term in terms:
            concept = concepts[term]
            if said.encounter:
                concept = self._encounter(concept, said.encounter)
            own, trust = TRUST[self._kinds[term]]
            worth, how = score * trust, method or own
            if ambiguous := self._ambiguous[term]:
                worth *= AMBIGUOUS - RARER * (ambiguous - 1)
            default = defaults[concept]
            if default >= 0 and default != concept:
                meant = self._encounter(default, said.encounter) if said.encounter else default
                itself = said.in_full and not self._has_seventh(meant)
                less = BROADER if itself else 0.0
                _enter(best, meant, worth - less, how, term)
                worth -= BROADER - less
            elif not billable[concept] or (said.in_full and concept in plain):
                worth -= BROADER
            _enter(best, concept, worth, how, term)

    def _known(self, normal: str) -> list[int]:
        """The terms that read as a phrase, or as what it is short for."""
        terms = self._phrase_terms(self._index.phrase(normal))
        if not terms and (whole := spelled_out(normal)) != normal:
            terms = self._phrase_terms(self._index.phrase(whole))
        return terms

    def _phrase_terms(self, phrase: int) -> list[int]:
        """The terms that read as a phrase; none for -1."""
        if phrase < 0:
            return []
        first, last = self._row.first, self._row.last
        terms = self._index.phrase_terms[phrase]
        return [term for term in terms if first <= self._concepts[term] < last]

    def _are_billable(self, terms: Sequence[int]) -> bool:
        return all(self._billable[self._concepts[term]] for term in terms)

    def _is_everyday(self, term: int) -> bool:
        """Whether a term is what notes write for the plain code of a category."""
        if self._kinds[term] not in EVERYDAY or self._ambiguous[term]:
            return False
        concept, parents = self._concepts[term], self._index.parents
        above = parents[concept]
        return above >= 0 > parents[above] and self._defaults[above] == concept

    def _has_seventh(self, concept: int) -> bool:
        return len(self._index.codes.raw(concept)) == SEVENTH

    def _encounter(self, concept: int, seventh: str) -> int:
        """A code of the initial encounter with the 7th character that the text tells of, if any."""
        code = self._index.codes[concept] if seventh else ""
        if len(code) != SEVENTH or code[-1] != INITIAL:
            return concept
        for sibling in self._index.children[self._index.parents[concept]]:
            if self._index.codes[sibling] == code[:-1] + seventh:
                return sibling
        return concept

    def _order(self, found: Seen) -> tuple[float, bool, bool, int]:
        concept = found.concept
        return (
            -round(found.score, 3),
            not self._billable[concept],
            not self._unspecified[concept],
            concept,
        )


def _encounter_of(normal: str) -> str:
    """The 7th character that a phrase tells of, if any."""
    if ENCOUNTER_WORDS.isdisjoint(normal.split()):
        return ""
    return next((seventh for seventh, said in ENCOUNTERS if said.search(normal)), "")


def _enter(best: dict[int, Seen], concept: int, score: float, method: Method, term: int) -> None:
    known = best.get(concept)
    if known is None:
        best[concept] = Seen(concept, score, 0.0, 1, method, term)
    elif known.score < score:
        best[concept] = Seen(concept, score, known.score, known.names + 1, method, term)
    else:
        second = known.second if known.second > score else score
        best[concept] = Seen(
            concept, known.score, second, known.names + 1, known.method, known.term
        )


def _without(seen: Iterable[Seen], others: Iterable[Seen]) -> Iterator[Seen]:
    """The candidates of concepts that the others are none of."""
    gone = {each.concept for each in others}
    return (each for each in seen if each.concept not in gone)


def _found(seen: Seen, score: float) -> Found:
    return Found(seen.concept, score, seen.method, seen.term)


def _descending(seen: Sequence[Seen], count: int) -> list[Found]:
    """The first of them, none with a score above that of the one before."""
    found: list[Found] = []
    for each in seen[:count]:
        found.append(_found(each, min(each.score, found[-1].score if found else 1.0)))
    return found
