"""A condition with what is told of it: beside a pregnancy, of the past, in the family.

A name of the whole comes first; what none has takes the code that stands for conditions of its
kind: "family history of psoriasis" is that of a disease of the skin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from terminology.chronic import lasts
from terminology.coding.candidate import Candidate
from terminology.coding.diagnoses.kinds import (
    FAMILY,
    PERSONAL,
    PREGNANCY,
    PREVIOUS,
    Kinds,
    number_of,
    of_kind,
)
from terminology.coding.diagnoses.pregnancy import Pregnancies, Told, told
from terminology.index import Index, Row
from terminology.types import Method

SURE = 0.7  # what a name of the whole scores at least
KNOWN = 0.6  # and a condition of which the kind is told


class Past(NamedTuple):
    """How a phrase of phrasing.plainly tells of a history: its categories, its kinds."""

    lead: str
    first: str
    last: str
    kinds: Kinds


PAST = (
    Past("family history of ", "Z80", "Z84", FAMILY),
    Past("history of ", "Z85", "Z99", PERSONAL),
)
Alone = Callable[[str, int], list[Candidate]]
HavingAll = Callable[[str, Sequence[Candidate]], list[Candidate]]


class Composed:
    """Finds the codes of conditions with what is told of them. Threads may share it.

    `alone` gives what a phrase means of itself, `having_all` those of its candidates whose names
    have all words of a phrase that tell something.
    """

    def __init__(self, index: Index, row: Row, alone: Alone, having_all: HavingAll) -> None:
        self._index, self._row = index, row
        self._alone, self._having_all = alone, having_all
        self._pregnancies = Pregnancies(index, row)

    def history(self, plain: str, over: bool, count: int) -> list[Candidate]:
        """The codes of a history that a phrase of phrasing.plainly tells of; none for no such.

        Of what lasts it is the disease itself, unless the phrase says that it is over.
        """
        past = next((each for each in PAST if plain.startswith(each.lead)), None)
        if past is None:
            return []
        bare = plain.removeprefix(past.lead)
        own = self._alone(bare, count)
        code = self._index.codes[own[0].concept] if own and own[0].score >= KNOWN else ""
        if past.kinds is PERSONAL and lasts(code) and not over:
            return own
        kind = number_of(self._index, self._row, of_kind(past.kinds, code))
        if kind < 0:
            return []
        whole = self._alone(plain, count)
        sure = (each for each in whole if each.score >= SURE)
        found = [e for e in sure if past.first <= self._index.codes[e.concept][:3] <= past.last]
        found = self._having_all(bare, found)
        stands = own[0]._replace(concept=kind, method=Method.FUZZY)
        return _each_once([*found, stands, *whole], count)

    def pregnancy(self, text: str, normal: str, count: int) -> list[Candidate]:
        """The codes of a condition beside a pregnancy, then its own; none where none is told."""
        when = told(text, normal)
        if when is None:
            return []
        pregnancies = self._pregnancies
        own, earlier = self._alone(when.itself, count), False
        if when.past:
            code = self._index.codes[own[0].concept] if own else ""
            earlier = bool(of_kind(PREVIOUS, code))
            own = own if earlier else self._alone(when.bare, count)
        kinds = PREVIOUS if earlier else PREGNANCY
        if own and not pregnancies.may_be(own[0].concept, own[0].score, when):
            return [each for each in own if not pregnancies.is_one(each.concept)]
        named = [each for each in self._alone(when.phrase, count) if each.score >= SURE]
        found = [each for each in named if pregnancies.is_one(each.concept)]
        found = self._having_all(when.condition, found)
        if own and not earlier and pregnancies.is_one(own[0].concept):
            found = [each for each in found if pregnancies.tells(each.concept, when)]
        elif own and (kind := pregnancies.of_kind(own[0].concept, kinds, when)) >= 0:
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


def _each_once(found: Iterable[Candidate], count: int) -> list[Candidate]:
    """The first of them, each concept once, none with a score above that of the one before."""
    kept: dict[int, Candidate] = {}
    top = 1.0
    for each in found:
        if each.concept not in kept and len(kept) < count:
            top = min(top, each.score)
            kept[each.concept] = each._replace(score=top)
    return list(kept.values())
