"""The codes that terms name: of a broad code its default too, of an injury the encounter told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from terminology.coding.canonical import spelled_out
from terminology.coding.diagnoses.codewords import SEVENTH
from terminology.coding.diagnoses.weigh import Seen, unspecified
from terminology.index import Index, Row
from terminology.types import Method, TermKind

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
_UNHEALED = r"\b(?:non|not|poor(?:ly)?|slow(?:ly)?)\b"  # what says that a wound is no better
# what tells of another one
ENCOUNTERS = (
    ("S", re.compile(r"\bsequelae?\b|\blate effects?\b")),
    ("D", re.compile(rf"\bsubsequent encounter\b|\baftercare\b|^(?!.*{_UNHEALED}).*\bhealing\b")),
    ("B", re.compile(r"^(?=.*\b(?:fx|fractures?)\b).*\b(?:open|opn|compound)\b")),
)
# words without one of which none of these is told
_TELLING = "sequela sequelae late subsequent aftercare healing open opn compound"
ENCOUNTER_WORDS = frozenset(_TELLING.split())
# what a title says that holds unless a complication is told of
_UNLESS_TOLD = re.compile(r"\b(?:without|not|uncomplicated)\b")
BROADER = 0.02  # what a code that is not billable loses to its default


class Said(NamedTuple):
    """What a phrase says beside its words: the 7th character, and whether it is written in full."""

    encounter: str
    in_full: bool


UNSIDED = Said("", in_full=False)


class Naming:
    """What the terms of an index name. Immutable: threads may share it."""

    def __init__(self, index: Index, row: Row) -> None:
        self._index, self._row = index, row
        self._concepts, self.kinds = index.term_concepts, index.term_kinds
        self.ambiguous = index.term_ambiguous
        self._defaults, self._billable = index.defaults, index.billable
        self._unspecified = memoryview(unspecified(index))  # type: ignore[arg-type]

    def known(self, normal: str) -> list[int]:
        """The terms that read as a phrase, or as what it is short for."""
        terms = self.terms_of(self._index.phrase(normal))
        if not terms and (whole := spelled_out(normal)) != normal:
            terms = self.terms_of(self._index.phrase(whole))
        return terms

    def terms_of(self, phrase: int) -> list[int]:
        """The terms that read as a phrase; none for -1."""
        if phrase < 0:
            return []
        first, last = self._row.first, self._row.last
        terms = self._index.phrase_terms[phrase]
        return [term for term in terms if first <= self._concepts[term] < last]

    def are_billable(self, terms: Sequence[int]) -> bool:
        """Whether all terms name codes that may stand on a claim."""
        return all(self._billable[self._concepts[term]] for term in terms)

    def is_everyday(self, term: int) -> bool:
        """Whether a term is what notes write for the plain code of a category."""
        if self.kinds[term] not in EVERYDAY or self.ambiguous[term]:
            return False
        concept, parents = self._concepts[term], self._index.parents
        above = parents[concept]
        return above >= 0 > parents[above] and self._defaults[above] == concept

    def supported(self, whole: list[Seen]) -> list[Seen]:
        """The codes that a name has, first the subcategory where its words tell no more than that.

        "Tennis elbow" is M77.1: which elbow is to be told, and M77.10 says that nobody did. But
        the name of a category takes its plain code, and nobody need tell of what is absent unless
        told ("gallstones", K80.20) or of an injury's initial encounter.
        """
        found = self._subcategory(whole[0]) if whole else -1
        if found < 0:
            return whole
        return [whole[0]._replace(concept=found), *(e for e in whole if e.concept != found)]

    def _subcategory(self, seen: Seen) -> int:
        """The broadest code below a category that has this one only for what it leaves open."""
        concept, parents, unspecified = seen.concept, self._index.parents, self._unspecified
        everyday = self.kinds[seen.term] in EVERYDAY and not self.ambiguous[seen.term]
        if not everyday or not unspecified[concept] or self._has_seventh(concept):
            return -1
        found, above = -1, parents[concept]
        while above >= 0 and self._defaults[above] == concept:
            found, above = above, parents[above]
        if found < 0 or above < 0 or unspecified[above]:
            return -1
        return -1 if _UNLESS_TOLD.search(self._index.displays[concept]) else found

    def _has_seventh(self, concept: int) -> bool:
        return len(self._index.codes.raw(concept)) == SEVENTH

    def encounter(self, concept: int, seventh: str) -> int:
        """A code of the initial encounter with the 7th character that the text tells of, if any."""
        code = self._index.codes[concept] if seventh else ""
        if len(code) != SEVENTH or code[-1] != INITIAL:
            return concept
        for sibling in self._index.children[self._index.parents[concept]]:
            if self._index.codes[sibling] == code[:-1] + seventh:
                return sibling
        return concept

    def keep(
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
            if said.in_full and len(terms) > 1
            else ()
        )
        for term in terms:
            concept = concepts[term]
            if said.encounter:
                concept = self.encounter(concept, said.encounter)
            own, trust = TRUST[self.kinds[term]]
            worth, how = score * trust, method or own
            if ambiguous := self.ambiguous[term]:
                worth *= AMBIGUOUS - RARER * (ambiguous - 1)
            default = defaults[concept]
            if default >= 0 and default != concept:
                meant = self.encounter(default, said.encounter) if said.encounter else default
                itself = said.in_full and not self._has_seventh(meant)
                less = BROADER if itself else 0.0
                _enter(best, meant, worth - less, how, term)
                worth -= BROADER - less
            elif not billable[concept] or (said.in_full and concept in plain):
                worth -= BROADER
            _enter(best, concept, worth, how, term)

    def order(self, found: Seen) -> tuple[float, bool, bool, int]:
        """The key by which candidates come one after the other."""
        concept = found.concept
        return (
            -round(found.score, 3),
            not self._billable[concept],
            not self._unspecified[concept],
            concept,
        )


def encounter_of(normal: str) -> str:
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
