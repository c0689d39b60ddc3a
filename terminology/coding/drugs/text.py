"""What a text says of a drug: names by dictionary or spelling, strengths, forms and salts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

import numpy as np

from kernels.fuzzy import FuzzyIndex
from kernels.gazetteer import Gazetteer
from kernels.text import Tokens, normalise, tokenize
from terminology.coding.drugs.brands import brands
from terminology.coding.drugs.contradicted import Contradicted
from terminology.coding.drugs.equivalents import NONE, equivalent
from terminology.coding.drugs.fluids import dissolved
from terminology.coding.drugs.forms import FORMS, SPECIAL, read_forms
from terminology.coding.drugs.misspelt import Near, Sounds
from terminology.coding.drugs.numbing import poured
from terminology.coding.drugs.orderwords import may_name, of_orders, runs
from terminology.coding.drugs.productnames import salt_words
from terminology.coding.drugs.products import PRODUCTS, TTYS, salt_keys
from terminology.coding.drugs.shorthand import spelled_out
from terminology.coding.drugs.strength import Strengths, read_strengths, without_equivalents
from terminology.coding.plain import Plain
from terminology.index import Index, Row, phrase_of
from terminology.types import Method, TermKind

NAMES = (TermKind.INGREDIENT, TermKind.BRAND, TermKind.ABBREVIATION, TermKind.LAY)
SPELLING = 0.74  # the least likeness that counts as a typing error
UNSAID = 0.25  # what a name that is spelled otherwise loses by the words it leaves
UNTOLD = 0.5  # the same where no strength and no form is told
_FURTHER = frozenset((TermKind.LAY, TermKind.BRAND))  # as names beyond a release's own are
_BRIEF = 3  # letters of a name that may be anything
_HEAD, _FAMILY = 5, 24  # letters of a word that brands begin with, how many may
NEARLY = 0.85  # the same for a word beside names that are written as in the dictionary
PARTLY = 0.85  # the worth of such names then
DOUBTED = 0.65  # that of one of two or three letters beside words that are no names
_SUFFIX = re.compile(
    r"(?:mab|cept|stim|ase|poetin|tropin|glargine|aspart|lispro|tide)-([a-z]{4})\b"
)
_SEASON = re.compile(r" 20\d\d")
_WORDS = 3  # words of a brand that only a table of the project tells, at most


class Named(NamedTuple):
    """A concept that words of a text may name, their likeness to the term, and how it tells."""

    concept: int
    likeness: float
    term: int
    method: Method


class Order(NamedTuple):
    """What a text says of a drug."""

    names: tuple[Named, ...]
    strengths: Strengths
    forms: int
    salts: frozenset[int]
    ordered: bool  # beside names there are words of orders, and nothing else
    called: bool  # and these are of the name itself: "Toprol XL"


class DrugNames:
    """The names of drugs in texts. Immutable: threads may share it."""

    def __init__(self, index: Index, row: Row) -> None:
        self._index, self._row = index, row
        self._gazetteer = Gazetteer.from_arrays(index.group("names"))
        self._phrases = memoryview(index.arrays["names.phrase"])  # type: ignore[arg-type]
        self._other = memoryview(index.arrays["drug.other"])  # type: ignore[arg-type]
        self._tty = memoryview(index.arrays["drug.tty"])  # type: ignore[arg-type]
        self._parts = index.rows_of("drug.parts")
        self._heads, self._members = index.arrays["brand.head"], index.arrays["brand.member"]
        self._plain = Plain(index.strings("words/vocabulary"), index.strings("plain"))
        self._near = Near(
            FuzzyIndex.from_arrays(index.group("names-fuzzy")),
            Sounds(index.arrays["sounds.key"], index.arrays["sounds.name"]),
            lambda place: index.phrases[self._phrases[place]],
            self._plain.has,
        )
        self._contradicted = Contradicted(index, row)

    def terms(self, phrase: int) -> list[tuple[int, TermKind, int]]:
        """(concept, kind, term) of each drug that a phrase names."""
        return [
            each
            for each in self._index.terms_of(phrase)
            if self._row.first <= each[0] < self._row.last
        ]

    def spans(self, tokens: Tokens) -> list[tuple[int, int, list[int]]]:
        """(first word, last and one, concepts) of each name written as in the dictionary."""
        spans = [
            (start, end, [each.concept for each in self._named(place, 1.0)])
            for start, end, place in self._gazetteer.match(tokens).tolist()
        ]
        return [span for span in spans if span[2]]

    def is_plain(self, said: Sequence[str], name: Sequence[str]) -> bool:
        """Whether the words that a text has beyond a name are all of plain language."""
        return all(self._plain.has(word) for word in said if word not in name)

    def read(self, text: str) -> Order:
        """What the text says of a drug."""
        by_vein = FORMS["injection"] * dissolved(normalise(text))  # and so no tablet
        text = spelled_out(text)
        plain = without_equivalents(text)
        strengths = read_strengths(text)
        tokens = tokenize(plain)
        written = tokens.words()
        names, left, numbered, brief = self._written(tokens, bool(strengths.keys))
        names += self._of_family(written, left)
        told = not names and self._told_of(left, names)
        rest = [word for word in left if word]
        ordered = bool(rest) and all(of_orders(word) for word in rest)
        own = ordered and all(FORMS.get(word, 0) & SPECIAL for word in rest)
        if names:  # "three times a day"; the suffix of a biosimilar tells no other name
            untold = {*_SUFFIX.findall(plain)}
            left = ["" if len(word) == 1 or word in untold else word for word in left]
        core = [word for word in written if may_name(word)]
        forms = read_forms(text) | by_vein
        forms |= poured(map(str.lower, self._substances_of(names)), plain, forms)
        other = equivalent(self._substances_of(names)) if strengths.keys else NONE
        if other != NONE:
            strengths = read_strengths(text, other)
        loss = UNSAID if forms or strengths.keys or strengths.numbers else UNTOLD
        if not names and not told:
            guessed = self._spelled(written, len(core), SPELLING, loss)
            names = self._contradicted.without(guessed, text, forms, strengths)
        elif near := self._spelled(left, len(core), NEARLY, loss) + self._likely(left, core):
            # a word that is almost a name: what is written as in the dictionary is not all
            names = [each._replace(likeness=PARTLY) for each in names] + near
        salts = salt_keys(salt_words(plain))
        strengths = strengths.without(numbered)  # the 12 of vitamin B 12 is none
        if brief and not strengths.keys and any(map(may_name, left)):
            # among words of no drug "ca" is hardly calcium
            names = [each._replace(likeness=DOUBTED) if each in brief else each for each in names]
        return Order(tuple(names), strengths, forms, salts, ordered, own)

    def _substances_of(self, names: Sequence[Named]) -> Iterator[str]:
        """What the ingredients of names are called, of those that the release has."""
        for each in names:
            for part in self._parts[each.concept - self._row.first]:
                if part < self._row.last:
                    yield self._index.displays[part]

    def _written(
        self, tokens: Tokens, told: bool
    ) -> tuple[list[Named], list[str], list[str], set[Named]]:
        """Names as in the dictionary; the words left, "" for theirs; their numbers; brief ones.

        `told`: there is a strength.
        """
        written = tokens.words()
        names: list[Named] = []
        left = list(written)
        numbered: list[str] = []
        brief: set[Named] = set()
        for start, end, place in self._gazetteer.match(tokens).tolist():
            if FORMS.keys() >= {*written[start:end]}:
                continue  # a brand called "Pack"
            left[start:end] = [""] * (end - start)
            own = self._named(place, 1.0, near=False)
            kinds = {self._index.kind(each.term) for each in own}
            # "Ventolin HFA", with a strength, is Ventolin though there is a drug of this name
            if (told or kinds <= _FURTHER) and not any(map(self._is_trade, own)):
                own += self._called(written[start:end])
            if TermKind.BRAND not in kinds:
                numbered += [word for word in written[start:end] if word.isdigit()]
            if sum(map(len, written[start:end])) <= _BRIEF:
                brief.update(own)
            names += own
        return names, left, numbered, brief

    def _named(self, place: int, likeness: float, *, near: bool = True) -> list[Named]:
        return [
            Named(concept, likeness, term, Method.FUZZY if near else method_of(kind))
            for concept, kind, term in self.terms(self._phrases[place])
            if kind in NAMES
        ]

    def _of_family(self, written: Sequence[str], left: Sequence[str]) -> list[Named]:
        """Brands that begin as the text does: where all their words are said, or none begins so.

        "Blis-To-Sol 12 % Powder" is of Blis-To-Sol Powder, FungiCure of FungiCure Gel and others.
        Of those that only a season tells apart, Fluzone 2012-2013 Formula, it is of the last.
        """
        head = written[0] if written else ""
        if len(head) < _HEAD:
            return []
        key = np.uint32(crc32(head.encode()))
        first, last = (int(self._heads.searchsorted(key, side)) for side in ("left", "right"))
        vague = bool(left[0]) and not self._plain.has(head)
        found: dict[str, tuple[float, str, int]] = {}
        for concept in self._members[first:last].tolist()[:_FAMILY]:
            own = tokenize(self._index.displays[concept]).words()
            if own[0] == head and (vague or all(word in written for word in own)):
                said = sum(word in written for word in own) / len(own)
                name = " ".join(own)
                bare = _SEASON.sub("", name)
                each = said, name, concept
                found[bare] = max(each, found.get(bare, each))
        return [
            Named(concept, 1 - 0.2 * (1 - said), -1, Method.EXACT if said == 1 else Method.FUZZY)
            for said, _, concept in found.values()
        ]

    def _told_of(self, left: list[str], names: list[Named]) -> bool:
        """Whether a text has brands of the project's table; enters what they are made of.

        The words of these become "" in `left`. None is misspelt, whatever the index lacks of it.
        """
        table, known = brands(), False
        for start in range(len(left)):
            for end in range(min(start + _WORDS, len(left)), start, -1):
                made = table.get(" ".join(left[start:end]))
                if made is not None:
                    left[start:end] = [""] * (end - start)
                    phrases = (self._index.phrase(phrase_of(each)) for each in made)
                    names += [
                        Named(concept, 1.0, term, Method.SYNONYM)
                        for phrase in phrases
                        for concept, kind, term in (self.terms(phrase) if phrase >= 0 else ())
                        if kind in NAMES
                    ]
                    known = True
                    break
        return known

    def _is_trade(self, named: Named) -> bool:
        """Whether a product has this name, or a brand of today: "Symbicort 80/4.5" is none."""
        place = named.concept - self._row.first
        tty = TTYS[self._tty[place]]
        return tty in PRODUCTS or (tty == "BN" and not self._other[place])

    def _called(self, said: Sequence[str]) -> list[Named]:
        """The brand that a longer name begins with: "dulcolax suppository", "zithromax z-pak"."""
        for end in range(len(said) - 1, 0, -1):
            phrase = self._index.phrase(" ".join(said[:end]))
            own = [
                Named(concept, 1.0, term, method_of(kind))
                for concept, kind, term in (self.terms(phrase) if phrase >= 0 else ())
                if kind is TermKind.BRAND
            ]
            if own:
                return own
        return []

    def _likely(self, left: Sequence[str], core: Sequence[str]) -> list[Named]:
        """The names of several words that are most like the whole text, where any are left."""
        if len(core) < 2 or not any(map(may_name, left)):
            return []
        near = self._near.of(" ".join(core), NEARLY)
        return [each for place, likeness in near for each in self._named(place, likeness)]

    def _spelled(self, left: Sequence[str], core: int, least: float, loss: float) -> list[Named]:
        """The names most like some words of a text; an empty word parts those before and after.

        A name loses, `loss` at most, by what it leaves of the `core` words that may be names.
        """
        near = [
            (likeness * (1 - loss * max(0, core - covered) / core), place)
            for each, covered in self._tries(left)
            for place, likeness in self._near.of(each, least)
        ]
        top = max(near, default=(0.0, 0))[0]
        best: dict[int, float] = {}
        for likeness, place in near:
            if likeness > top - 0.04:
                best[place] = max(likeness, best.get(place, 0.0))
        ordered = sorted(best.items(), key=lambda each: (-each[1], each[0]))
        return [each for place, likeness in ordered for each in self._named(place, likeness)]

    def _tries(self, left: Sequence[str]) -> Iterator[tuple[str, int]]:
        """What is compared with names, and of how many words it is: one, two, or all in a row."""
        for run in runs(left):
            yield from ((word, 1) for word in run if len(word) > 3)
            for one, other in pairwise(run):
                yield from ((f"{one}{joint}{other}", 2) for joint in ("", " "))
            if len(run) > 2:
                yield " ".join(run), len(run)


def method_of(kind: TermKind) -> Method:
    """How a term of this kind tells its concept."""
    if kind is TermKind.ABBREVIATION:
        return Method.ABBREVIATION
    return Method.SYNONYM if kind is TermKind.LAY else Method.EXACT
