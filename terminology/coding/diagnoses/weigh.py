"""Weighs the codes that a phrase may mean by more than their best name: a linear model.

What counts: the words of the phrase in all names of a code and of those above it, words of the
code's title that nobody said, how many names speak for it and for its category, letters in common.
The weights are the table data/icd10cm_weights.tsv; `benchmarks/train_weights.py` makes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kernels.embed import embed
from terminology.coding.canonical import stem
from terminology.coding.diagnoses.codewords import SEVENTH
from terminology.coding.diagnoses.rank import AskedWord, Ranker
from terminology.facts import DATA, rows
from terminology.index import Index
from terminology.types import Method, TermKind

DIM = 128  # of the character 3-gram vectors
_POWER = 6  # how much more a good name says of a category than several poor ones
_TOLD = 0.2  # of the heaviest word's weight, from which on a word counts as one that tells
# words that part the codes of a category, or one chapter from another
_APART = """
other unspecified without with left right bilateral sequela newborn pregnancy childbirth puerperium
secondary history family congenital drug induced traumatic juvenile acute chronic recurrent benign
malignant cancer situ uncertain screening acquired remission complication intractable multiple
single simple open closed upper lower severe mild moderate external internal late early primary due
exposure poisoning adverse underdosing maternal fetus care tuberculosis syphilis metastatic
fracture dislocation accessory cystic
"""
APART = tuple(dict.fromkeys(stem(word) for word in _APART.split()))
# what nobody means who doesn't say it: "leaky bladder" is no cancer of the bladder
_GRAVE = """
cancer malignant benign situ metastatic poisoning adverse underdosing exposure congenital accessory
cystic newborn pregnancy sequela tuberculosis syphilis fracture dislocation
"""
_ALL = 0.999  # of the weight of a phrase's words
_FAR = 3.0  # what such a code loses, as far as the phrase has words that it lacks
KINDS = (
    TermKind.TITLE,
    TermKind.INCLUSION,
    TermKind.LAY,
    TermKind.INDEX,
    TermKind.ABBREVIATION,
)
_SCORED = "score best behind names second fuzzy vector"
_COVERED = "own context title heaviest_missing missing unsaid_weight unsaid_words category letters"
_SHAPES = "length3 length5 length6 length7 length8 billable"
_SAID = "nos_unspecified unspecified nec_other other shorthand_billable full_billable"
FEATURES = (
    *_SCORED.split(),
    *_COVERED.split(),
    *_SHAPES.split(),
    *_SAID.split(),
    *(f"kind {kind.value}" for kind in KINDS),
    *(f"unsaid {word}" for word in APART),
    *(f"missing {word}" for word in APART),
    *(f"chapter {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
)
AT = {name: number for number, name in enumerate(FEATURES)}
_KIND_COLUMNS = [AT.get(f"kind {kind.value}", -1) for kind in TermKind]
_LISTS = slice(AT["own"], AT["own"] + 3)  # own, context, title
_TOLD_LENGTHS = np.array([3, 5, 6, 7, 8], np.uint8)
_LENGTHS = slice(AT["length3"], AT["length8"] + 1)
_GRAVE_COLUMNS = [AT[f"unsaid {stem(word)}"] for word in _GRAVE.split()]
Floats = NDArray[np.float32]


class Seen(NamedTuple):
    """A candidate as the search saw it: `names` speak for it, the best and the second by score."""

    concept: int
    score: float
    second: float
    names: int
    method: Method
    term: int


class Phrase(NamedTuple):
    """A phrase: its normal form, and what it says of itself."""

    normal: str
    in_full: bool
    nos: bool
    nec: bool

    @property
    def titled(self) -> bool:
        """Whether it is written as titles are: in full, without "NOS" or "other"."""
        return self.in_full and not self.nos and not self.nec


def unspecified(index: Index) -> NDArray[np.uint8]:
    """For each concept whether its title says "unspecified"."""
    return np.ascontiguousarray(np.asarray(index.arrays["weigh.shape"], np.uint8)[:, 2] & 1)


class Weigher:
    """Orders candidates. Immutable: threads may share it."""

    def __init__(self, index: Index, ranker: Ranker) -> None:
        self._index, self._ranker = index, ranker
        self._numbers = np.asarray(index.arrays["weigh.words.numbers"], np.uint32)
        self._offsets = np.asarray(index.arrays["weigh.words.offsets"], np.int64)
        self._shape = np.asarray(index.arrays["weigh.shape"], np.uint8)
        self._billable = np.asarray(index.arrays["concept.billable"], np.uint8)
        self._parents = np.asarray(index.arrays["concept.parent"], np.int64)
        self._topmost = _topmost(self._parents)
        size = len(ranker.weights)
        self._apart = np.full(size, -1, np.int32)
        for place, word in enumerate(APART):
            if (number := ranker.words.number(word)) >= 0:
                self._apart[number] = place
        self.weights = weights()

    def order(self, asked: Phrase, seen: Sequence[Seen]) -> Floats:
        """What speaks for each candidate; only differences between them mean something."""
        x = self.features(asked, seen)
        far = x[:, _GRAVE_COLUMNS].max(axis=1) * x[:, AT["heaviest_missing"]]
        worth: Floats = x @ self.weights - _FAR * far
        return worth

    def covers(self, asked: Phrase, seen: Seen) -> bool:
        """Whether the names of a candidate have every word of the phrase."""
        return bool(self.features(asked, [seen])[0, AT["own"]] > _ALL)

    def features(self, asked: Phrase, seen: Sequence[Seen]) -> Floats:
        """One row a candidate, one column each of FEATURES."""
        x = np.zeros((len(seen), len(FEATURES)), np.float32)
        concepts = np.array([each.concept for each in seen], np.int64)
        shape = self._shape[concepts]
        self._scored(x, seen)
        self._covered(x, asked, np.where(shape[:, 0] == SEVENTH, self._parents[concepts], concepts))
        x[:, AT["letters"]] = self._letters(asked, seen)
        x[:, _LENGTHS] = shape[:, :1] == _TOLD_LENGTHS
        billable = self._billable[concepts]
        unspecified, other = shape[:, 2] & 1, shape[:, 2] >> 1
        x[:, AT["billable"]] = billable
        x[:, AT["full_billable" if asked.in_full else "shorthand_billable"]] = billable
        x[:, AT["nos_unspecified" if asked.nos else "unspecified"]] = unspecified
        x[:, AT["nec_other" if asked.nec else "other"]] = other
        x[np.arange(len(seen)), AT["chapter A"] + shape[:, 1]] = 1
        votes = x[:, AT["score"]] ** _POWER
        x[:, AT["category"]] = self._voted(concepts, votes) / max(float(votes.sum()), 1e-9)
        return x

    def _voted(self, concepts: NDArray[np.int64], votes: Floats) -> NDArray[np.float64]:
        """The votes for the category of each concept."""
        categories = self._topmost[concepts].tolist()
        found = dict.fromkeys(categories, 0.0)
        for category, vote in zip(categories, votes.tolist(), strict=True):
            found[category] += vote
        return np.array([found[category] for category in categories])

    def _scored(self, x: Floats, seen: Sequence[Seen]) -> None:
        _, scores, seconds, names, methods, terms = zip(*seen, strict=True)
        score = np.array(scores, np.float32)
        top = score.max()
        x[:, AT["score"]] = score
        x[:, AT["best"]] = score >= top
        x[:, AT["behind"]] = top - score
        x[:, AT["names"]] = np.log1p(names) / 3
        x[:, AT["second"]] = seconds
        x[:, AT["fuzzy"]] = [method is Method.FUZZY for method in methods]
        x[:, AT["vector"]] = [method is Method.VECTOR for method in methods]
        kinds = self._index.term_kinds
        x[np.arange(len(seen)), [_KIND_COLUMNS[kinds[term]] for term in terms]] = 1

    def _covered(self, x: Floats, asked: Phrase, concepts: NDArray[np.int64]) -> None:
        """The columns on words: which of them each candidate has, which it has beyond them."""
        words = self._ranker.query_words(asked.normal)
        weight = np.array([each.weight for each in words], np.float32)
        whole = max(float(weight.sum()), 1e-9)
        bits = self._bits(words)
        shifts = np.arange(len(words), dtype=np.uint64)
        numbers, line = self._gathered(concepts)
        masks = np.zeros(3 * len(x), np.uint64)
        np.bitwise_or.at(masks, line, bits[numbers])
        has = (masks[:, None] >> shifts & np.uint64(1)).astype(np.float32).reshape(3, len(x), -1)
        # no BLAS for so few numbers: it may raise flags of its own
        x[:, _LISTS] = np.einsum("kij,j->ik", has, weight) / whole
        lost = 1 - has[1]
        if len(words):
            x[:, AT["heaviest_missing"]] = (lost * weight).max(axis=1) / whole
            x[:, AT["missing"]] = (lost * (weight > _TOLD * weight.max())).sum(axis=1) / 4
        context, title = np.searchsorted(line, (len(x), 2 * len(x)))
        self._unsaid(x, numbers[title:], line[title:] - 2 * len(x), bits, whole)
        numbers, line = numbers[context:title], line[context:title] - len(x)
        for number in {n for word in words for n in word.meanings if self._apart[n] >= 0}:
            column = x[:, AT[f"missing {APART[0]}"] + self._apart[number]]
            column[:] = 1
            column[line[numbers == number]] = 0

    def _bits(self, words: Sequence[AskedWord]) -> NDArray[np.uint64]:
        """For each canonical word a bit for each of the phrase's words that may be it."""
        said: dict[int, int] = {}
        for place, word in enumerate(words[:63]):
            for number in word.meanings:
                said[number] = said.get(number, 0) | 1 << place
        bits = np.zeros(len(self._ranker.weights), np.uint64)
        bits[list(said)] = list(said.values())
        return bits

    def _unsaid(
        self,
        x: Floats,
        numbers: NDArray[np.int64],
        line: NDArray[np.int64],
        bits: NDArray[np.uint64],
        whole: float,
    ) -> None:
        """The columns on the words of each title that nobody said."""
        unsaid = bits[numbers] == 0
        numbers, line = numbers[unsaid], line[unsaid]
        beyond = np.bincount(line, self._ranker.weights[numbers], len(x)) / whole
        x[:, AT["unsaid_weight"]] = np.minimum(beyond, 3)
        x[:, AT["unsaid_words"]] = np.bincount(line, minlength=len(x)) / 8
        apart = self._apart[numbers]
        x[line[apart >= 0], AT[f"unsaid {APART[0]}"] + apart[apart >= 0]] = 1

    def _letters(self, asked: Phrase, seen: Sequence[Seen]) -> Floats:
        """How like the best name of each is, letter by letter."""
        texts = [asked.normal, *(self._index.terms[each.term].lower() for each in seen)]
        vectors = embed(texts, DIM)
        likeness: Floats = vectors[1:] @ vectors[0]
        return likeness

    def _gathered(self, concepts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The words of the three lists of several concepts in one array, and the line of each.

        Lines count the concepts' own words first, then their contexts, then their titles.
        """
        rows = np.concatenate([concepts + each * len(self._parents) for each in range(3)])
        starts, ends = self._offsets[rows], self._offsets[rows + 1]
        sizes = ends - starts
        line = np.repeat(np.arange(len(rows)), sizes)
        within = np.arange(len(line)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return self._numbers[np.repeat(starts, sizes) + within].astype(np.int64), line


def _topmost(parents: NDArray[np.int64]) -> NDArray[np.int64]:
    """The concept that stands above all others that are above each."""
    found = np.arange(len(parents))
    while (higher := parents[found] >= 0).any():
        found = np.where(higher, parents[found], found)
    return found


def weights() -> Floats:
    """The weights of FEATURES; those that the table does not have are 0."""
    found = np.zeros(len(FEATURES), np.float32)
    for name, weight in rows(DATA / "icd10cm_weights.tsv", ["feature", "weight"]):
        found[AT[name]] = float(weight)
    return found
