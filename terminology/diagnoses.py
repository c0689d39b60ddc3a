"""From a phrase to ICD-10-CM codes: exact, by words, by spelling, by character 3-grams."""

from __future__ import annotations

import re
from typing import NamedTuple

from kernels.embed import embed
from kernels.fuzzy import FuzzyIndex
from kernels.scan import Scan
from terminology.index import Index, Row, phrase_of
from terminology.rank import Ranker
from terminology.types import Method, TermKind

DIM = 128  # of the character 3-gram vectors
SURE = 0.8  # a score from which on no further means are tried
KINDS = {
    TermKind.TITLE: (Method.EXACT, 1.0),
    TermKind.INCLUSION: (Method.SYNONYM, 0.98),
    TermKind.LAY: (Method.SYNONYM, 0.99),
    TermKind.INDEX: (Method.SYNONYM, 0.97),
    TermKind.ABBREVIATION: (Method.ABBREVIATION, 0.96),
}
AMBIGUOUS = 0.9  # the worth of an abbreviation that means other things too
# what tells of another 7th character than that of the initial encounter
ENCOUNTERS = (
    ("S", re.compile(r"\bsequelae?\b|\blate effects?\b")),
    ("D", re.compile(r"\bsubsequent encounter\b|\baftercare\b|\bhealing\b")),
    ("B", re.compile(r"(?=.*\b(?:fx|fractures?)\b).*\b(?:open|opn|compound)\b")),
)
SPELLING = 0.8  # the least likeness that counts as a typing error
DECIDED = 0.95  # what words alone never score
POOL = 40  # phrases that are weighed by their codes
LONGEST = 96  # letters of what may still be as like as SPELLING to a phrase of at most 64
ABOVE = 0.06  # what a broader code loses that only its narrower one speaks for
BROADER = 0.02  # what a code that is not billable loses to its default


class Found(NamedTuple):
    """A concept that a text may mean, and the term that told."""

    concept: int
    score: float
    method: Method
    term: int


class Diagnoses:
    """Finds ICD-10-CM codes for phrases. Immutable: threads may share it."""

    def __init__(self, index: Index, row: Row) -> None:
        self._index, self._row = index, row
        self._ranker = Ranker(index.group("words"))
        self._worded = memoryview(index.arrays["words.phrase"])  # type: ignore[arg-type]
        self._fuzzy = FuzzyIndex.from_arrays(index.group("spelled"))
        self._spelled = memoryview(index.arrays["spelled.phrase"])  # type: ignore[arg-type]
        self._scan = Scan.from_arrays(index.group("grams"))

    def match(self, text: str, count: int) -> list[Found]:
        """At most `count` concepts, best first."""
        normal = phrase_of(text)
        best: dict[int, Found] = {}
        if not normal:
            return []
        encounter = next((seventh for seventh, said in ENCOUNTERS if said.search(normal)), "")
        self._keep(best, self._index.phrase(normal), 1.0, None, encounter)
        if count == 1 and max((each.score for each in best.values()), default=0.0) > DECIDED:
            return sorted(best.values(), key=self._order)[:1]
        for place, likeness in self._ranker.topk(text, max(POOL, 4 * count)):
            method = Method.SYNONYM if likeness > 0.999 else Method.FUZZY
            self._keep(best, self._worded[place], 0.95 * likeness, method, encounter)
        top = max((each.score for each in best.values()), default=0.0)
        if top < SURE and len(normal) <= LONGEST:
            for place, likeness in self._fuzzy.topk(normal, 20, SPELLING):
                self._keep(best, self._spelled[place], 0.9 * likeness, Method.FUZZY, encounter)
            top = max((each.score for each in best.values()), default=0.0)
        if top < 0.5:
            scores, places = self._scan.topk(embed([normal], DIM)[0], 20)
            for place, likeness in zip(places.tolist(), scores.tolist(), strict=True):
                self._keep(best, self._spelled[place], 0.6 * likeness, Method.VECTOR, encounter)
        self._broaden(best)
        return sorted(best.values(), key=self._order)[:count]

    def _broaden(self, best: dict[int, Found]) -> None:
        """Enters what stands above the best code: the words may say no more than that."""
        if best:
            first = min(best.values(), key=self._order)
            if (above := self._index.parents[first.concept]) >= 0:
                self._enter(best, first._replace(concept=above, score=first.score - ABOVE))

    def _keep(
        self,
        best: dict[int, Found],
        phrase: int,
        score: float,
        method: Method | None,
        encounter: str,
    ) -> None:
        """Enters the concepts that a phrase names, and what stands for those not billable."""
        if phrase < 0:
            return
        index = self._index
        for concept, kind, term in index.terms_of(phrase):
            if not self._row.first <= concept < self._row.last:
                continue
            own, trust = KINDS.get(kind, (Method.SYNONYM, 0.95))
            worth, how = score * trust, method or own
            if index.term_ambiguous[term]:
                worth *= AMBIGUOUS
            default = index.defaults[concept]
            if default >= 0 and default != concept:
                self._enter(best, Found(self._encounter(default, encounter), worth, how, term))
            if not index.billable[concept]:
                worth -= BROADER
            self._enter(best, Found(concept, worth, how, term))

    def _encounter(self, concept: int, seventh: str) -> int:
        """The default with the 7th character that the text tells of, where it has such a code."""
        code = self._index.codes[concept] if seventh else ""
        if len(code) != 8:
            return concept
        for sibling in self._index.children[self._index.parents[concept]]:
            if self._index.codes[sibling] == code[:-1] + seventh:
                return sibling
        return concept

    def _enter(self, best: dict[int, Found], found: Found) -> None:
        known = best.get(found.concept)
        if known is None or known.score < found.score:
            best[found.concept] = found

    def _order(self, found: Found) -> tuple[float, bool, bool, str]:
        index = self._index
        display = index.displays[found.concept].lower()
        return (
            -round(found.score, 3),
            not index.billable[found.concept],
            "unspecified" not in display,
            index.codes[found.concept],
        )
