"""From a phrase to RxNorm: names by dictionary or spelling, then strength, form and brand.

The clinical drug that agrees with all that the text says is preferred; where none does, the
ingredient or brand itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from heapq import nlargest

import numpy as np
from numpy.typing import NDArray

from kernels.text import words
from terminology.coding.drugnames import MADE, salt_words
from terminology.coding.drugtext import NAMES, Asked, DrugNames, Named, method_of
from terminology.coding.formcost import form_cost
from terminology.coding.forms import FORMS
from terminology.coding.lone import FALLBACK, LoneProducts
from terminology.coding.nodrug import denied
from terminology.coding.products import NONE, PACKS, PRODUCTS, TTYS, salt_keys
from terminology.coding.strength import Strengths
from terminology.coding.wholedrugs import COMPONENT, GROUPS, Found, WholeDrugs
from terminology.index import Index, Row, phrase_of
from terminology.types import Method, TermKind

SURE = 0.9  # a score from which on whole names are not compared
_WORTH = {Method.EXACT: 1.0, Method.SYNONYM: 0.98, Method.ABBREVIATION: 0.97}
POOL = 40  # candidates whose order is weighed further
MANY = 200  # products that are weighed
OPEN = 24  # the same of one name where no strength is told
FEW = 2  # products of a name that are weighed whatever their strengths
_NOTHING = np.zeros(0, np.uint32)
DECIDED = 0.96  # exact hits score more, whatever else
WHOLLY = 0.006  # what a product gains whose whole name is in the text
ONLY = 0.7  # the worth of the only product that has a name
UNDECIDED = 0.6  # the worth of each product that a name may stand for
SELDOM = 0.004  # what a product loses by each step in which it is seldom meant
CONTRADICTED = 0.35  # what a product loses that differs from what the text says


class Drugs:
    """Finds RxNorm concepts for phrases. Immutable: threads may share it."""

    def __init__(self, index: Index, row: Row) -> None:
        self._index, self._row = index, row
        self._names = DrugNames(index, row)
        self._whole = WholeDrugs(index, row, self._names)
        self._lone = LoneProducts(index, row)
        self._parts = index.rows_of("drug.parts")
        self._made_of = np.diff(np.asarray(index.arrays["drug.parts.offsets"], np.int64))
        self._products = index.rows_of("drug.products")
        self._strengths = index.rows_of("drug.strengths")
        self._numbers = index.rows_of("drug.numbers")
        self._told = index.arrays["drug.told"]
        self._by_strength = index.rows_of("drug.having")
        self._brand = memoryview(index.arrays["drug.brand"])  # type: ignore[arg-type]
        self._forms = memoryview(index.arrays["drug.forms"])  # type: ignore[arg-type]
        self._form_bits = np.asarray(index.arrays["drug.forms"], np.uint64)
        self._tty = memoryview(index.arrays["drug.tty"])  # type: ignore[arg-type]
        self._base_of = memoryview(index.arrays["drug.base"])  # type: ignore[arg-type]
        self._totals = index.rows_of("drug.totals")
        self._other = memoryview(index.arrays["drug.other"])  # type: ignore[arg-type]
        self._salts = index.rows_of("drug.salts")
        self._family = lru_cache(maxsize=1 << 14)(self._salts_of)

    def match(self, text: str, count: int) -> list[Found]:
        """At most `count` concepts, best first."""
        best: dict[int, Found] = {}
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
                _enter(best, Found(concept, worth, method, term))
        if count == 1 and max((each.score for each in best.values()), default=0.0) > DECIDED:
            return sorted(best.values(), key=self._order)[:1]
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

    def _by_parts(self, asked: Asked) -> Iterable[Found]:
        """The names of a text, and the products that may be meant by them."""
        told = bool(asked.strengths.keys or asked.strengths.numbers)
        wanted, brands = self._wanted(asked)
        for named in asked.names:
            yield from self._name(named, asked, told)
        for trade, likeness in brands.items() if told else ():
            yield from self._lone.unlike(trade, likeness, asked)
        concepts = {each.concept for each in asked.names}
        term_of = {each.concept: each.method for each in asked.names}
        family = frozenset().union(*map(self._family, wanted)) & asked.salts
        family -= self._said_by(concepts) if len(wanted) > 1 else frozenset()
        made = [set(self._parts[concept - self._row.first]) for concept in concepts]
        combined = set.intersection(*made) if made and min(map(len, made)) > 1 else set()
        names = [*brands, *wanted]
        if not told and not asked.forms:
            # of what tells no product, those of the likeliest names are enough
            likely = {**wanted, **brands}
            names = [each for each in names if likely[each] >= max(likely.values())]
        for product, name in self._candidates(asked, names).items():
            likeness = brands.get(name) or wanted[name]
            method = term_of.get(name, asked.names[0].method)
            score = likeness * self._agreement(product, asked, wanted, brands, family, combined)
            yield Found(product, score, method, -1)

    def _name(self, named: Named, asked: Asked, told: bool) -> Iterable[Found]:
        """What a name stands for by itself; `told`: beside it there is a strength."""
        concept, likeness, term, method = named
        tty, several = self._tty_of(concept), len({each.concept for each in asked.names}) > 1
        if tty in PACKS:
            yield Found(concept, likeness * (COMPONENT if told else FALLBACK), method, term)
        elif tty in PRODUCTS:
            # that a product has this name says nothing of its strength
            yield Found(concept, likeness * (UNDECIDED if told or several else ONLY), method, term)
        else:
            alone = 0.9 if several else 0.96
            if told:
                alone = 0.75 if asked.strengths.keys or asked.forms else 0.85
            # a brand says more than its ingredient beside it; few mean what none prescribes
            less = 0.02 * bool(self._other[concept - self._row.first])
            if method is not Method.FUZZY and tty != "BN":
                less += 0.01
            yield Found(concept, likeness * alone - less, method, term)
            if asked.ordered and not told and tty in ("BN", "PIN", "MIN"):
                yield from self._lone.ordered(named, asked)
            elif told and (tty == "MIN" or asked.forms & FORMS["injection"]):
                yield from self._lone.unlike(concept, likeness, asked)

    def _candidates(self, asked: Asked, names: Sequence[int]) -> dict[int, int]:
        """The products that may be meant, each with the first of the names that it has."""
        strengths = asked.strengths
        keys = {key for each in strengths.keys for key in each} or {*strengths.numbers}
        met: list[NDArray[np.uint32]] = []
        having = [self._having(key) for key in (*keys, NONE)]
        fitting = np.sort(np.concatenate(having)) if keys else None
        found: dict[int, int] = {}
        for name in reversed(names):
            own = self._products.view(name - self._row.first)
            if fitting is not None and len(fitting):
                at = np.minimum(fitting.searchsorted(own), len(fitting) - 1)
                has = fitting[at] == own
                # a brand of few products may be named with a strength told in another way
                own = own[has] if has.any() or len(own) > FEW else own
            elif not keys and len(own) > OPEN:
                own = self._likelier(own, asked.forms)
            met.append(own)
            if len(own) <= MANY:
                found.update(dict.fromkeys(own.tolist(), name))
        if len(found) > MANY or any(len(own) > MANY for own in met):
            # those that have most of the names and least beside them
            products, count = np.unique(np.concatenate(met), return_counts=True)
            likely = products[np.lexsort((self._made_of[products - self._row.first], -count))]
            likely = likely[:MANY].tolist()
            found = {product: found.get(product, names[0]) for product in likely}
        return found

    def _likelier(self, products: NDArray[np.uint32], forms: int) -> NDArray[np.uint32]:
        """Of many products those that a text without a strength may mean, OPEN at most."""
        bits, open_to = self._form_bits[products - self._row.first], self._having(NONE)
        fits = (bits & np.uint64(forms)) == np.uint64(forms)
        fits |= np.isin(products, open_to)
        return np.concatenate([products[fits], products[~fits]])[:OPEN]

    def _having(self, key: int) -> NDArray[np.uint32]:
        """The products with a strength, ascending."""
        at = int(self._told.searchsorted(np.uint32(key)))
        if at == len(self._told) or int(self._told[at]) != key:
            return _NOTHING
        return self._by_strength.view(at)

    def _wanted(self, asked: Asked) -> tuple[dict[int, float], dict[int, float]]:
        """The ingredients and the brands that the names stand for, with their likeness."""
        wanted: dict[int, float] = {}
        brands: dict[int, float] = {}
        for concept, likeness, term, _ in asked.names:
            place = concept - self._row.first
            tty, trade = TTYS[self._tty[place]], concept
            if tty in PRODUCTS and self._index.kind(term) is TermKind.BRAND:
                tty, trade = "BN", self._brand[place]
            if tty == "BN" and trade >= 0:
                brands[trade] = max(brands.get(trade, 0.0), likeness)
            for part in self._parts[place]:
                wanted[part] = max(wanted.get(part, 0.0), likeness)
        return wanted, brands

    def _agreement(
        self,
        product: int,
        asked: Asked,
        wanted: dict[int, float],
        brands: dict[int, float],
        family: frozenset[int],
        combined: set[int],
    ) -> float:
        """0..1: how far a clinical drug is what the text says."""
        place = product - self._row.first
        parts, brand = self._parts[place], self._brand[place]
        cost, whole = 0.0, True
        if brand in brands:
            # a brand tells what it is made of
            own = {*parts, *map(self._base, parts)}
            if brand < self._row.last:
                own.update(self._parts[brand - self._row.first])
            unlike = sum(part not in own for part in wanted) if own else 0
            cost += 0.2 * unlike / max(len(wanted), 1)
        elif wanted:
            has = sum(part in wanted or self._base(part) in wanted for part in parts)
            whole = has == len(parts)
            if has < len(combined) and not combined <= {*parts}:
                cost += CONTRADICTED  # the text names a combination
            # where no word is left that may name it, and no strength, there is no other part
            bare = asked.ordered and 0 < len(asked.strengths.keys) < len(parts)
            cost += (0.5 if bare else 0.2) * (len(parts) - has) / max(len(parts), 1)
            cost += 0.2 * (len(wanted) - has) / len(wanted)
        cost += self._strength_cost(place, asked.strengths, self._totals[place] if whole else [])
        cost += form_cost(asked.forms, self._forms[place], by_brand=brand in brands)
        cost += self._salt_cost(place, family)
        if brand >= 0:
            cost += 0.0 if brand in brands else 0.08
        elif brands:
            cost += 0.08
        return max(0.0, 0.99 - cost - SELDOM * self._other[place])

    def _salt_cost(self, place: int, told: frozenset[int]) -> float:
        """What a product loses by its salt: much, where the text names another."""
        has = self._salts[place]
        if not told:
            return 0.002 * bool(has)
        missing = sum(word not in has for word in told)
        if missing == 0:
            return 0.002 * (len(has) - len(told))
        return CONTRADICTED if has else 0.02

    def _salts_of(self, name: int) -> frozenset[int]:
        """The words for salts that the products of an ingredient have."""
        products = self._products[name - self._row.first]
        return frozenset().union(*(self._salts[each - self._row.first] for each in products))

    def _said_by(self, concepts: set[int]) -> frozenset[int]:
        """The words of ingredients in a text of several: in calcium citrate no salt is told."""
        names = [self._index.displays[each] for each in concepts if self._tty_of(each) == "IN"]
        return salt_keys(salt_words(" ".join(names)))

    def _base(self, part: int) -> int:
        """The ingredient that another is a salt of, or -1."""
        place = part - self._row.first
        return self._base_of[place] if place < len(self._base_of) else -1

    def decides(self, concept: int, kind: TermKind) -> bool:
        """Whether a term of this kind tells the concept: a drug's name tells no strength."""
        return kind not in NAMES or self._tty_of(concept) not in MADE

    def _tty_of(self, concept: int) -> str:
        return TTYS[self._tty[concept - self._row.first]]

    def _strength_cost(self, place: int, asked: Strengths, totals: list[int]) -> float:
        """What a product loses by its strength; `totals`: the keys of all it gives at a time."""
        has = self._strengths[place]
        if not asked.keys:
            met_numbers = _shared(asked.numbers, self._numbers[place])
            if met_numbers or not has:
                return max(0.02, 0.1 - 0.04 * met_numbers)
            return CONTRADICTED  # a strength that the text does not say
        volume = 0.0
        if len(asked.keys) == 1 and totals:
            same = any(total in asked.keys[0] for total in totals)
            alike = any(key in has for key in asked.keys[0])
            if same:  # also by its volume: 40 mg/0.4 ml
                return -0.015 if alike else 0.01 * (len(asked.keys[0]) > 1)
            volume = 0.01  # the concentration in another volume
        left = list(has)
        missing = 0
        for keys in asked.keys:
            met = next((key for key in left if key in keys), None)
            if met is None:
                missing += 1
            else:
                left.remove(met)
        return CONTRADICTED * missing / len(asked.keys) + 0.05 * len(left) + volume

    def _weighed(self, found: Found, said: frozenset[str]) -> Found:
        """The same with a little less for what a product's name has beyond the text."""
        if found.term >= 0:
            return found
        name = words(self._index.displays[found.concept])
        more = 1 - len(said.intersection(name)) / max(len(name), 1)
        less = 0.02 * more if more else -WHOLLY
        return found._replace(score=min(1.0, max(0.0, found.score - less)))

    def _order(self, found: Found) -> tuple[float, str]:
        return -round(found.score, 3), self._index.codes[found.concept].rjust(9)


def _shared(asked: Iterable[int], has: list[int]) -> int:
    """How many numbers both have; in 25-25 a number counts twice."""
    met = 0
    for number in asked:
        if number in has:
            has.remove(number)
            met += 1
    return met


def _enter(best: dict[int, Found], found: Found) -> None:
    known = best.get(found.concept)
    if known is None or known.score < found.score:
        best[found.concept] = found
