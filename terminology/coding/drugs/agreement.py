"""How far a clinical drug is what a text says: by its ingredients, brand, strength, form, salt."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from terminology.coding.drugs.formcost import form_cost
from terminology.coding.drugs.forms import FORMS
from terminology.coding.drugs.productnames import salt_words
from terminology.coding.drugs.products import PRODUCTS, TTYS, salt_keys
from terminology.coding.drugs.strength import Strengths
from terminology.coding.drugs.text import Order
from terminology.index import Index, Row
from terminology.types import TermKind

SELDOM = 0.004  # what a product loses by each step in which it is seldom meant
_OTHER_BRAND = 0.16  # of another brand than the text tells: less than the drug itself
_PILLS = FORMS["tablet"] | FORMS["capsule"]
CONTRADICTED = 0.35  # what a product loses that differs from what the text says


class NamedSubstances(NamedTuple):
    """What the names of a text stand for."""

    ingredients: dict[int, float]  # and how like the names are
    brands: dict[int, float]
    salts: frozenset[int]  # words for salts that products of these have, of those in the text
    combined: set[int]  # the ingredients of every name, where each is of several


class Agreement:
    """Weighs products against texts. Immutable: threads may share it."""

    def __init__(self, index: Index, row: Row) -> None:
        self._index, self._row = index, row
        self._parts = index.rows_of("drug.parts")
        self._products = index.rows_of("drug.products")
        self._strengths = index.rows_of("drug.strengths")
        self._numbers = index.rows_of("drug.numbers")
        self._totals = index.rows_of("drug.totals")
        self._salts = index.rows_of("drug.salts")
        self._brand = memoryview(index.arrays["drug.brand"])  # type: ignore[arg-type]
        self._forms = memoryview(index.arrays["drug.forms"])  # type: ignore[arg-type]
        self._tty = memoryview(index.arrays["drug.tty"])  # type: ignore[arg-type]
        self._base_of = memoryview(index.arrays["drug.base"])  # type: ignore[arg-type]
        self._other = memoryview(index.arrays["drug.other"])  # type: ignore[arg-type]
        self._lesser = memoryview(index.arrays["drug.lesser"])  # type: ignore[arg-type]
        self._family = lru_cache(maxsize=1 << 14)(self._salts_of)
        self._swallowed = lru_cache(maxsize=1 << 14)(self._is_swallowed)

    def substances(self, asked: Order) -> NamedSubstances:
        """The ingredients and the brands that the names stand for, with their likeness."""
        concepts = {each.concept for each in asked.names}
        ingredients, brands = self._likenesses(asked)
        family = frozenset().union(*map(self._family, ingredients)) & asked.salts
        family -= self._said_by(concepts) if len(ingredients) > 1 else frozenset()
        made = [set(self._parts[concept - self._row.first]) for concept in concepts]
        combined = set.intersection(*made) if made and min(map(len, made)) > 1 else set()
        return NamedSubstances(ingredients, brands, family, combined)

    def of(self, product: int, asked: Order, meant: NamedSubstances) -> float:
        """0..1: how far a clinical drug is what the text says."""
        place = product - self._row.first
        ingredients, brands, family, combined = meant
        parts, brand = self._parts[place], self._brand[place]
        cost, whole = 0.0, True
        if brand in brands:
            # a brand tells what it is made of
            own = {*parts, *map(self._base, parts)}
            if brand < self._row.last:
                own.update(self._parts[brand - self._row.first])
            unlike = sum(part not in own for part in ingredients) if own else 0
            cost += 0.2 * unlike / max(len(ingredients), 1)
        elif ingredients:
            has = sum(part in ingredients or self._base(part) in ingredients for part in parts)
            whole = has == len(parts)
            if has < len(combined) and not combined <= {*parts}:
                cost += CONTRADICTED  # the text names a combination
            # where no word is left that may name it, and no strength, there is no other part
            bare = asked.ordered and 0 < len(asked.strengths.keys) < len(parts)
            cost += (0.5 if bare else 0.2) * (len(parts) - has) / max(len(parts), 1)
            # a pair of a combination of two is of nothing with a third part: sinemet 12.5/50
            if asked.strengths.paired and asked.strengths.count == len(combined) < len(parts):
                cost += CONTRADICTED
            # each has its own strength, and so is meant
            each = len(parts) < len(ingredients) <= len(asked.strengths.keys)
            cost += (0.5 if each else 0.2) * (len(ingredients) - has) / len(ingredients)
        cost += self._strength_cost(place, asked.strengths, self._totals[place] if whole else [])
        if brand not in brands and self._divides(place, asked):
            cost += CONTRADICTED * any(map(self._swallowed, meant.ingredients))
        cost += form_cost(asked.forms, self._forms[place], by_brand=brand in brands)
        cost += self._salt_cost(place, family)
        if brand >= 0:
            cost += 0.0 if brand in brands else _OTHER_BRAND if brands else 0.08
        elif brands:
            cost += 0.08
        # a salt that is told is meant, however few drugs have it
        seldom = self._other[place] + (0 if family else self._lesser[place])
        return max(0.0, 0.99 - cost - SELDOM * seldom)

    def _likenesses(self, asked: Order) -> tuple[dict[int, float], dict[int, float]]:
        """The ingredients and the brands that the names stand for, with their likeness."""
        ingredients: dict[int, float] = {}
        brands: dict[int, float] = {}
        for concept, likeness, term, _ in asked.names:
            place = concept - self._row.first
            tty, trade = TTYS[self._tty[place]], concept
            if tty in PRODUCTS and self._index.kind(term) is TermKind.BRAND:
                tty, trade = "BN", self._brand[place]
            if tty == "BN" and trade >= 0:
                brands[trade] = max(brands.get(trade, 0.0), likeness)
            for part in self._parts[place]:
                ingredients[part] = max(ingredients.get(part, 0.0), likeness)
        return ingredients, brands

    def _strength_cost(self, place: int, asked: Strengths, totals: list[int]) -> float:
        """What a product loses by its strength; `totals`: the keys of all it gives at a time."""
        has = self._strengths[place]
        if not asked.keys:
            met_numbers = _shared(asked.numbers, self._numbers[place])
            if asked.paired and min(met_numbers, len(has)) < len(asked.numbers):
                return CONTRADICTED
            if met_numbers or not has:
                return max(0.02, 0.1 - 0.04 * met_numbers)
            return CONTRADICTED  # a strength that the text does not say
        volume = 0.0
        if len(asked.keys) == 1 and totals:
            same = any(total in asked.keys[0] for total in totals)
            alike = any(key in has for key in asked.keys[0])
            # a spoon is of 5 ml, whatever the volume that the text tells
            spooned = asked.shared and self._forms[place] & FORMS["oral"]
            if same and (alike or not spooned):  # also by its volume: 40 mg/0.4 ml
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
        if missing and asked.paired:
            return CONTRADICTED
        return CONTRADICTED * missing / len(asked.keys) + 0.05 * len(left) + volume

    def _divides(self, place: int, asked: Order) -> bool:
        """Whether a dose told without a form is what some volume of a product has."""
        told = asked.strengths
        bare = len(told.keys) == 1 and not told.shared and not asked.forms & ~FORMS["oral"]
        if not bare or self._forms[place] & _PILLS:
            return False
        has = {*self._totals[place]}
        return not has.isdisjoint(told.keys[0]) and told.keys[0][0] not in self._strengths[place]

    def _is_swallowed(self, name: int) -> bool:
        """Whether a drug is sold as tablets or capsules, which a dose without a form means."""
        return any(
            self._forms[each - self._row.first] & _PILLS
            and len(self._parts[each - self._row.first]) == 1
            for each in self._products[name - self._row.first]
        )

    def _salt_cost(self, place: int, told: frozenset[int]) -> float:
        """What a product loses by its salt: much, where the text names another."""
        has = self._salts[place]
        if not told:
            return 0.002 * bool(has)
        missing = sum(word not in has for word in told)
        if missing == 0:
            return 0.002 * (len(has) - len(told))
        if missing < len(told) and len(self._parts[place]) > 1:
            return 0.02 * missing  # another part's, which the name of the product leaves unsaid
        return CONTRADICTED if has else 0.02

    def _salts_of(self, name: int) -> frozenset[int]:
        """The words for salts that the products of an ingredient have."""
        products = self._products[name - self._row.first]
        return frozenset().union(*(self._salts[each - self._row.first] for each in products))

    def _said_by(self, concepts: set[int]) -> frozenset[int]:
        """The words of ingredients in a text of several: in calcium citrate no salt is told."""
        names = [
            self._index.displays[each]
            for each in concepts
            if TTYS[self._tty[each - self._row.first]] == "IN"
        ]
        return salt_keys(salt_words(" ".join(names)))

    def _base(self, part: int) -> int:
        """The ingredient that another is a salt of, or -1."""
        place = part - self._row.first
        return self._base_of[place] if place < len(self._base_of) else -1


def _shared(asked: Iterable[int], has: list[int]) -> int:
    """How many numbers both have; in 25-25 a number counts twice."""
    met = 0
    for number in asked:
        if number in has:
            has.remove(number)
            met += 1
    return met
