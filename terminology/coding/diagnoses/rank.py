"""Ranks phrases by the words they share with a query: an inverted index over canonical words.

A phrase's score is Tversky's index of its words and the query's, each word weighted by its rarity
(A. Tversky, Features of similarity, 1977).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from terminology.coding.canonical import lexemes, rewrite
from terminology.coding.diagnoses.vocabulary import Vocabulary
from terminology.coding.lexicon import WEAK
from terminology.index import Array, Rows, pack_rows, phrase_hash

_WEAK = 0.15
FIXED = {"other": 1.0, "unspecified": 0.5, "without": 2.0}  # they part codes of one category
_LEAST = 0.25  # of the query's weight that a phrase must share
_MISSING = 0.45  # of the whole query: what words cost that a phrase does not have
_EXTRA = 0.25  # what a phrase's further words cost


def _key(document: Iterable[str]) -> int:
    """64 bits of a set of words."""
    return phrase_hash(" ".join(sorted(document)))


def _weight(word: str, documents: int, having: int) -> float:
    """What it says that a phrase has this word: more, the fewer have it."""
    rarity = log(1 + documents / having)
    return FIXED.get(word) or rarity * (_WEAK if word in WEAK else 1.0)


class AskedWord(NamedTuple):
    """A word of a query: its weight, and the canonical words that it may be."""

    weight: float
    meanings: tuple[int, ...]


class Ranker:
    """Phrases by their words. Immutable: threads may share it."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self.words = Vocabulary(arrays)
        self.weights = arrays["weights"]
        self._totals = np.asarray(arrays["totals"], np.float32)
        self._posting_numbers = arrays["postings.numbers"]
        self._posting_offsets = arrays["postings.offsets"].tolist()
        self._alike = Rows(arrays["alike.numbers"], arrays["alike.offsets"])
        self._keys, self._keyed = arrays["same.key"], arrays["same.document"]
        self._unknown = float(np.max(self.weights)) * 0.7

    @staticmethod
    def build(phrases: Iterable[str]) -> dict[str, Array]:
        """The arrays of a ranker over these phrases; a phrase's number is its place."""
        alike: dict[frozenset[str], list[int]] = defaultdict(list)
        for number, phrase in enumerate(phrases):
            if meant := frozenset(lexemes(phrase)):
                alike[meant].append(number)
        documents = list(alike)
        postings: dict[str, list[int]] = defaultdict(list)
        for number, document in enumerate(documents):
            for word in sorted(document):
                postings[word].append(number)
        vocabulary = sorted(postings)
        weights = np.array(
            [_weight(word, len(documents), len(postings[word])) for word in vocabulary], np.float32
        )
        keys = np.array([_key(document) for document in documents], np.uint64)
        totals = np.zeros(len(documents), np.float32)
        for word, weight in zip(vocabulary, weights.tolist(), strict=True):
            totals[postings[word]] += weight
        return {
            **Vocabulary.build(vocabulary),
            **pack_rows("postings", (postings[word] for word in vocabulary)),
            **pack_rows("alike", alike.values()),
            "same.key": np.sort(keys),
            "same.document": np.argsort(keys, kind="stable").astype(np.uint32),
            "weights": weights,
            "totals": totals,
        }

    def topk(self, text: str, count: int) -> list[tuple[int, float]]:
        """The phrases that share most with the text, as (number, likeness 0..1), best first.

        Phrases of the same words count as one of the `count`, so there may be more.
        """
        found = self.documents(text, count)
        return [(phrase, score) for place, score in found for phrase in self._alike[place]]

    def same(self, text: str) -> int:
        """The number of the set of words that the text has, in any order; -1 for none."""
        return self.having(lexemes(text))

    def having(self, words: Iterable[str]) -> int:
        """The number of a set of canonical words, -1 for none."""
        key = np.uint64(_key(words))
        at = int(self._keys.searchsorted(key))
        return int(self._keyed[at]) if at < len(self._keys) and self._keys[at] == key else -1

    def documents(self, text: str, count: int) -> list[tuple[int, float]]:
        """The same by the numbers of sets of words: those of the rows `alike`."""
        asked = 0.0
        shared = np.zeros(len(self._totals), np.float32)
        for word in dict.fromkeys(rewrite(text)):
            meanings = self.words.meanings(word)
            weight = self._query_weight(meanings)
            asked += weight
            if not meanings:
                continue
            if len(meanings) == 1:
                number, trust = meanings[0]
                np.add.at(shared, self._places(number), np.float32(weight * trust))
                continue
            places = [self._places(number) for number, _ in meanings]
            worth = [
                np.full(len(where), weight * trust, np.float32)
                for where, (_, trust) in zip(places, meanings, strict=True)
            ]
            # meanings come with ascending trust: where a phrase has two, the last one counts
            where = np.concatenate(places)
            shared[where] = shared[where] + np.concatenate(worth)
        found = np.flatnonzero(shared > _LEAST * asked)
        if not len(found):
            return []
        both = shared[found]
        likeness = both / (
            both
            + _MISSING * np.maximum(asked - both, 0)
            + _EXTRA * np.maximum(self._totals[found] - both, 0)
        )
        if len(found) > count:
            best = np.argpartition(-likeness, count)[:count]
            found, likeness = found[best], likeness[best]
        order = np.lexsort((found, -likeness))
        return list(zip(found[order].tolist(), likeness[order].tolist(), strict=True))

    def query_words(self, text: str) -> list[AskedWord]:
        """The words of a query, each once."""
        return [
            AskedWord(self._query_weight(found), tuple(number for number, _ in found))
            for word in dict.fromkeys(rewrite(text))
            for found in (self.words.meanings(word),)
        ]

    def _query_weight(self, meanings: Sequence[tuple[int, float]]) -> float:
        if not meanings:
            return self._unknown
        # a word that may mean many things tells as little as the commonest of them
        exact = [number for number, trust in meanings if trust == 1.0]
        return min(float(self.weights[n]) for n in exact or [n for n, _ in meanings])

    def _places(self, number: int) -> NDArray[np.uint32]:
        first, last = self._posting_offsets[number], self._posting_offsets[number + 1]
        return self._posting_numbers[first:last]  # type: ignore[return-value]
