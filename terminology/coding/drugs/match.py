"""From a phrase to RxNorm: names by dictionary or spelling, then strength, form and brand.

The clinical drug that agrees with all that the text says is preferred; where none does, the
ingredient or brand itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nlargest

from kernels.text import words
from terminology.coding.candidate import Candidate
from terminology.coding.drugs.agreement import Agreement
from terminology.coding.drugs.candidates import Candidates
from terminology.coding.drugs.forms import FORMS
from terminology.coding.drugs.lone import FALLBACK, LoneProducts
from terminology.coding.drugs.nodrug import denied
from terminology.coding.drugs.productnames import MADE
from terminology.coding.drugs.products import PACKS, PRODUCTS, TTYS
from terminology.coding.drugs.several import Several
from terminology.coding.drugs.text import NAMES, DrugNames, Named, Order, method_of
from terminology.coding.drugs.whole import COMPONENT, GROUPS, WholeDrugs
from terminology.index import Index, Row, phrase_of
from terminology.types import Method

SURE = 0.9  # a score from which on whole names are not compared
_WORTH = {Method.EXACT: 1.0, Method.SYNONYM: 0.98, Method.ABBREVIATION: 0.97}
POOL = 40  # candidates whose order is weighed further
DECIDED = 0.96  # exact hits score more, whatever else
WHOLLY = 0.006  # what a product gains whose whole name is in the text
ONLY = 0.7  # the worth of the only product that has a name
LONGEST = 1000  # letters: what is longer, and no name, is a note, not an order
FITS_PAIR = 0.8  # more than the worth of a product that has not both strengths of a pair
LATER = 0.001  # what a name loses by each before it
ALIKE = 0.03  # by how much products differ that a text means alike
UNDECIDED = 0.6  # the worth of each product that a name may stand for


class Drugs:
    """Finds RxNorm concepts for phrases. Immutable: threads may share it."""

    def __init__(self, index: Index, row: Row) -> None:
        self._index, self._row = index, row
        self._names = DrugNames(index, row)
        self._whole = WholeDrugs(index, row, self._names)
        self._lone = LoneProducts(index, row)
        self._several = Several(index, row, self._names)
        self._candidates = Candidates(index, row)
        self._agreement = Agreement(index, row)
        self._parts = index.rows_of("drug.parts")
        self._tty = memoryview(index.arrays["drug.tty"])  # type: ignore[arg-type]
        self._other = memoryview(index.arrays["drug.other"])  # type: ignore[arg-type]

    def match(self, text: str, count: int) -> list[Candidate]:
        """At most `count` concepts, best first."""
        best: dict[int, Candidate] = {}
        normal = phrase_of(text)
        phrase = self._index.phrase(normal)
        if phrase < 0 and denied(normal):
            return []
        if phrase >= 0:
            meant = self._names.terms(phrase)
            for concept, kind, term in meant:
                method = method_of(kind)
                worth = _WORTH[method]
                if kind in NAMES and self._tty_of(concept) in MADE:
                    worth = UNDECIDED if len(meant) > 1 else ONLY
                elif self._tty_of(concept) not in TTYS[1:] and not normal.endswith(GROUPS):
                    worth = COMPONENT
                _enter(best, Candidate(concept, worth, method, term))
        sure = count == 1 and max((each.score for each in best.values()), default=0.0) > DECIDED
        if sure or len(normal) > LONGEST:
            return sorted(best.values(), key=self._order)[:count]
        text = self._several.first(text)
        asked = self._names.read(text)
        for found in (*self._whole.written_out(text, asked.forms), *self._by_parts(asked)):
            _enter(best, found)
        if max((each.score for each in best.values()), default=0.0) < SURE:
            whole = self._whole
            alone = [*whole.strength_alone(text, asked, best.values())]
            for found in (*alone, *whole.alike(normal)):
                _enter(best, found)
        said = frozenset(normal.split())
        likely = nlargest(max(POOL, 4 * count), best.values(), key=lambda each: each.score)
        return sorted((self._weighed(each, said) for each in likely), key=self._order)[:count]

    def _by_parts(self, asked: Order) -> Iterable[Candidate]:
        """The names of a text, and the products that may be meant by them."""
        told = bool(asked.strengths.keys or asked.strengths.numbers)
        meant = self._agreement.substances(asked)
        ingredients, brands = meant.ingredients, meant.brands
        for place, named in enumerate(asked.names):
            for own in self._name(named, asked, told):  # of several the first is meant
                yield own._replace(score=own.score - LATER * min(place, 3))
        for trade, likeness in brands.items() if told else ():
            yield from self._lone.unlike(trade, likeness, asked)
        term_of = {each.concept: each.method for each in asked.names}
        names = [*brands, *ingredients]
        if not told and not asked.forms:
            # of what tells no product, those of the likeliest names are enough
            likely = {**ingredients, **brands}
            names = [each for each in names if likely[each] >= max(likely.values())]
        found: list[Candidate] = []
        for product, name in self._candidates.of(asked, names).items():
            likeness = brands.get(name) or ingredients[name]
            method = term_of.get(name, asked.names[0].method)
            score = likeness * self._agreement.of(product, asked, meant)
            found.append(Candidate(product, score, method, -1))
        yield from self._of_pairs(found) if asked.strengths.paired else found

    def _of_pairs(self, found: list[Candidate]) -> Iterable[Candidate]:
        """The same, in doubt where combinations of other parts fit a pair: amlodipine 5/20."""
        first = self._row.first
        made = {each.concept: frozenset(self._parts[each.concept - first]) for each in found}
        least = max(FITS_PAIR, max((each.score for each in found), default=0.0) - ALIKE)
        fitting = {made[each.concept] for each in found if each.score > least}
        most = UNDECIDED if len(fitting) > 1 else 1.0
        return [each._replace(score=min(each.score, most)) for each in found]

    def _name(self, named: Named, asked: Order, told: bool) -> Iterable[Candidate]:
        """What a name stands for by itself; `told`: beside it there is a strength."""
        concept, likeness, term, method = named
        tty, several = self._tty_of(concept), len({each.concept for each in asked.names}) > 1
        if tty in PACKS:
            yield Candidate(concept, likeness * (COMPONENT if told else FALLBACK), method, term)
        elif tty in PRODUCTS:
            # that a product has this name says nothing of its strength
            alone = UNDECIDED if told or several else ONLY
            yield Candidate(concept, likeness * alone, method, term)
        else:
            alone = 0.9 if several else 0.96
            if told:
                more = asked.strengths.keys or asked.strengths.paired or asked.forms
                alone = 0.75 if more else 0.85
            # a brand says more than its ingredient beside it; few mean what none prescribes
            less = 0.02 * bool(self._other[concept - self._row.first])
            if method is not Method.FUZZY and tty != "BN":
                less += 0.01
            yield Candidate(concept, likeness * alone - less, method, term)
            if asked.ordered and not told and tty in ("BN", "PIN", "MIN"):
                yield from self._lone.ordered(named, asked)
            elif told and (tty == "MIN" or asked.forms & FORMS["injection"]):
                yield from self._lone.unlike(concept, likeness, asked)

    def _tty_of(self, concept: int) -> str:
        return TTYS[self._tty[concept - self._row.first]]

    def _weighed(self, found: Candidate, said: frozenset[str]) -> Candidate:
        """The same with a little less for what a product's name has beyond the text."""
        if found.term >= 0:
            return found
        name = words(self._index.displays[found.concept])
        more = 1 - len(said.intersection(name)) / max(len(name), 1)
        less = 0.02 * more if more else -WHOLLY
        return found._replace(score=min(1.0, max(0.0, found.score - less)))

    def _order(self, found: Candidate) -> tuple[float, str]:
        return -round(found.score, 3), self._index.codes[found.concept].rjust(9)


def _enter(best: dict[int, Candidate], found: Candidate) -> None:
    known = best.get(found.concept)
    if known is None or known.score < found.score:
        best[found.concept] = found
