"""Ranks phrases by the words they share with a query: an inverted index over canonical words.

A phrase's score is Tversky's index of its words and the query's, each word weighted by its rarity
(A. Tversky, Features of similarity, 1977). A word of the query that no phrase has is read as
shorthand, a prefix, a word written without vowels, or a typing error.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kernels.fuzzy import FuzzyIndex
from kernels.text import words
from terminology.coding.lexicon import (
    COUNTED,
    LETTERS,
    NUMERALS,
    PART_OF,
    PHRASES,
    PREFIXES,
    SAME,
    SHORT,
    STOP,
    TUMORS,
    WEAK,
)
from terminology.coding.tables import plain_words
from terminology.index import Array, Rows, Strings, pack_rows, pack_strings, phrase_hash

_PLAIN = plain_words()
_VOWELS = re.compile(r"(?<=.)[aeiouy]")
_DOUBLED = re.compile(r"(.)\1")
_HEADS = frozenset(phrase[0] for phrase in PHRASES)
_LONGEST = max(map(len, PHRASES))
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_WHOLE = {short: " ".join(meanings[0]) for short, meanings in SHORT.items() if len(meanings) == 1}
_LETTERS = re.compile(rf"\b(?:{'|'.join(LETTERS)})\b")
_DENYING = frozenset(("non", "un", "a", "an"))
_WEAK = 0.15
FIXED = {"other": 1.0, "unspecified": 0.5, "without": 2.0}  # they part codes of one category
_SPELLING = 0.78  # the least likeness of two words that counts as a typing error
_SURELY = 0.85  # and the least that does before other endings of the word do
_AS_LIKE = 0.03  # how much less like than the best others may be
_ENDING = 4  # letters that an ending may have
_LEAST = 0.25  # of the query's weight that a phrase must share
_MISSING = 0.45  # of the whole query: what words cost that a phrase does not have
_EXTRA = 0.25  # what a phrase's further words cost


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """A word without the marks of number and spelling: "oedemas" and "edema" give the same."""
    word = NUMERALS.get(word, word)
    if word.isascii() and word.isalpha() and len(word) > 3:
        word = _american(_singular(word))
    return SAME_STEM.get(word, word)


def _american(word: str) -> str:
    word = word.replace("ae", "e").replace("oe", "e").replace("sulph", "sulf")
    if word.endswith("our"):
        word = word[:-3] + "or"
    elif word.endswith("tre"):
        word = word[:-2] + "er"
    return word.replace("isation", "ization").replace("ising", "izing").replace("ised", "ized")


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("oses"):
        return word[:-2] + "is"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


SAME_STEM: dict[str, str] = {}
SAME_STEM.update({_american(_singular(word)): _american(first) for word, first in SAME.items()})
WITHIN = {stem(part): tuple(map(stem, wholes)) for part, wholes in PART_OF.items()}


@lru_cache(maxsize=1 << 8)  # one search asks for the words of its phrase several times
def rewrite(text: str) -> tuple[str, ...]:
    """The words of a text without stop words, the lexicon's phrases replaced, longest first."""
    found = _joined(words(text))
    given: list[str] = []
    at = 0
    while at < len(found):
        length = 1
        meant: tuple[str, ...] = (found[at],)
        if found[at] in _HEADS:
            for size in range(min(_LONGEST, len(found) - at), 0, -1):
                if (phrase := PHRASES.get(tuple(found[at : at + size]))) is not None:
                    length, meant = size, phrase
                    break
        given += meant
        at += length
    given = _numbered(given)
    if "malignant" in given and (what := TUMORS.intersection(given)):
        given = ["cancer" if word == "malignant" else word for word in given if word not in what]
    return tuple(word for word in given if word not in STOP)


def _numbered(found: Sequence[str]) -> list[str]:
    """Words with their numbers: the 2 of "type 2 diabetes with stage 3" is of no stage."""
    given: list[str] = []
    for word in found:
        number = NUMERALS.get(word, word)
        if given and given[-1] in COUNTED and number.isdigit():
            given[-1] += number
        else:
            given.append(word)
    return given


def lettered(normal: str) -> str:
    """A normalised phrase with "d o", as "d/o" reads, and its like written out."""
    return _LETTERS.sub(lambda found: LETTERS[found[0]], normal)


def spelled_out(normal: str) -> str:
    """A normalised phrase with all that is short for just one thing written out."""
    said = lettered(normal).split()
    return " ".join(_WHOLE.get(word, word) for word in said) if len(said) > 1 else normal


def _joined(found: Sequence[str]) -> list[str]:
    """Words with prefixes put to what they belong to (non-toxic, pre-eclampsia), ordinals bare."""
    given: list[str] = []
    prefix = ""
    for word in found:
        if ordinal := _ORDINAL.fullmatch(word):
            word = ordinal[1]
        if word in PREFIXES:
            prefix += word
        else:
            given.append(prefix + word)
            prefix = ""
    return [*given, prefix] if prefix else given


def lexemes(text: str) -> tuple[str, ...]:
    """The canonical words of a phrase, each once, in the order of the phrase."""
    return tuple(dict.fromkeys(map(stem, rewrite(text))))


def within(said: Iterable[str]) -> frozenset[str]:
    """Canonical words, and those for what they are parts of: of the thumb also the finger."""
    return frozenset(each for word in said for each in (word, *WITHIN.get(word, ())))


def skeleton(word: str) -> str:
    """A word without inner vowels and doubled letters: alike for "shlder" and "shoulder"."""
    return _DOUBLED.sub(r"\1", _VOWELS.sub("", word))


def _within(word: str, other: str) -> bool:
    """Whether a word is the other with letters left out: "shlder", but "cirosis" is no "crisis"."""
    letters = iter(other)
    return all(letter in letters for letter in word)


def _denies(word: str, other: str) -> bool:
    """Whether a word is the other with a prefix that denies it: "nonsmoker", "afebrile"."""
    return stem(word).endswith(other) and stem(word).removesuffix(other) in _DENYING


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
        self._vocabulary = Strings(arrays["vocabulary.blob"], arrays["vocabulary.offsets"]).all()
        self._numbers = {word: number for number, word in enumerate(self._vocabulary)}
        self.weights = arrays["weights"]
        self._totals = np.asarray(arrays["totals"], np.float32)
        self._postings = Rows(arrays["postings.numbers"], arrays["postings.offsets"])
        self._posting_numbers = arrays["postings.numbers"]
        self._posting_offsets = arrays["postings.offsets"].tolist()
        self._alike = Rows(arrays["alike.numbers"], arrays["alike.offsets"])
        self._fuzzy = FuzzyIndex.from_arrays(
            {key.removeprefix("fuzzy/"): each for key, each in arrays.items() if "fuzzy/" in key}
        )
        self._keys, self._keyed = arrays["same.key"], arrays["same.document"]
        self._sorted = sorted(self._vocabulary)
        self._unknown = float(np.max(self.weights)) * 0.7
        self._meanings = lru_cache(maxsize=1 << 14)(self._meanings_of)

    @cached_property
    def _skeletons(self) -> Mapping[str, list[int]]:
        """The words by their skeletons, made when a first word is misspelt: it is slow to make."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(self._vocabulary):
            found[skeleton(word)].append(number)
        return found

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
            **pack_strings("vocabulary", vocabulary),
            **pack_rows("postings", (postings[word] for word in vocabulary)),
            **{f"fuzzy/{key}": each for key, each in FuzzyIndex.build(vocabulary).arrays().items()},
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
        key = np.uint64(_key(lexemes(text)))
        at = int(self._keys.searchsorted(key))
        return int(self._keyed[at]) if at < len(self._keys) and self._keys[at] == key else -1

    def documents(self, text: str, count: int) -> list[tuple[int, float]]:
        """The same by the numbers of sets of words: those of the rows `alike`."""
        asked = 0.0
        shared = np.zeros(len(self._totals), np.float32)
        for word in dict.fromkeys(rewrite(text)):
            meanings = self._meanings(word)
            weight = self._asked_weight(meanings)
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

    def number(self, word: str) -> int:
        """The number of a canonical word, -1 where no phrase has it."""
        return self._numbers.get(word, -1)

    def asked(self, text: str) -> list[AskedWord]:
        """The words of a query, each once."""
        return [
            AskedWord(self._asked_weight(found), tuple(number for number, _ in found))
            for word in dict.fromkeys(rewrite(text))
            for found in (self._meanings(word),)
        ]

    def _asked_weight(self, meanings: Sequence[tuple[int, float]]) -> float:
        if not meanings:
            return self._unknown
        # a word that may mean many things tells as little as the commonest of them
        exact = [number for number, trust in meanings if trust == 1.0]
        return min(float(self.weights[n]) for n in exact or [n for n, _ in meanings])

    def misspelt(self, normal: str) -> tuple[str, list[str]]:
        """The one unknown word of a normalised phrase, and the words that are spelled like it."""
        unknown = [word for word in normal.split() if len(word) > 3 and not self._is_known(word)]
        if len(unknown) != 1:
            return "", []
        near = self._fuzzy.topk(stem(unknown[0]), 8, _SPELLING)
        words_like = (self._vocabulary[number] for number, _ in near)
        return unknown[0], [word for word in words_like if not _denies(unknown[0], word)]

    def _is_known(self, word: str) -> bool:
        return stem(word) in self._numbers or word in SHORT or word in _PLAIN

    def written_in_full(self, normal: str) -> bool:
        """Whether no word of a normalised phrase is cut short, or lacks or mistakes its vowels.

        Initials are shorthand beside other words: alone they may be a name of their own.
        """
        said = normal.split()
        if len(said) > 1 and any((word,) in PHRASES for word in said):
            return False
        return not any(map(self._is_shorthand, rewrite(normal)))

    def _is_shorthand(self, word: str) -> bool:
        if stem(word) in self._numbers:
            return False
        bare = skeleton(word)
        return word in SHORT or (
            len(word) > 2 and (bool(self._shortened(word)) or bare in self._skeletons)
        )

    def _places(self, number: int) -> NDArray[np.uint32]:
        first, last = self._posting_offsets[number], self._posting_offsets[number + 1]
        return self._posting_numbers[first:last]  # type: ignore[return-value]

    def _meanings_of(self, word: str) -> list[tuple[int, float]]:
        """The canonical words that a word of a query may be, with the trust in each, ascending."""
        known = self._numbers.get(stem(word))
        found = {} if known is None else {known: 1.0}
        for part in (part for meaning in SHORT.get(word, ()) for part in meaning):
            number = self._numbers.get(stem(part))
            if number is not None:
                found.setdefault(number, 0.95)
        if not found and len(word) > 2:
            found = self._shortened(word)
        if not found and len(word) > 3 and word not in _PLAIN:
            near = self._fuzzy.topk(stem(word), 3, _SPELLING)
            found = {n: likeness * 0.9 for n, likeness in near if likeness > near[0][1] - _AS_LIKE}
            if len(word) > 6 and (not near or near[0][1] < _SURELY):
                found = self._inflected(stem(word)) or found
        return sorted(found.items(), key=lambda each: each[1])

    def _shortened(self, word: str) -> dict[int, float]:
        """Words that begin so, and words with the same consonants: "rmsn" is remission."""
        found = {self._numbers[lexeme]: 0.9 for lexeme in self._prefixed(word)}
        bare = skeleton(word)
        if len(bare) > 2:
            for number in self._skeletons.get(bare, []):
                if _within(word, self._vocabulary[number]):
                    found[number] = max(found.get(number, 0.0), 0.5 + 0.4 * len(bare) / len(word))
        return found

    def _inflected(self, word: str) -> dict[int, float]:
        """Words that differ in their endings: trichostrongylus and trichostrongyliasis."""
        for cut in range(1, min(_ENDING, len(word) - 5) + 1):
            if found := self._prefixed(word[:-cut]):
                return {self._numbers[each]: 0.95 - 0.03 * cut for each in found}
        return {}

    def _prefixed(self, word: str) -> list[str]:
        at = bisect_left(self._sorted, word)
        found: list[str] = []
        while at < len(self._sorted) and self._sorted[at].startswith(word) and len(found) < 12:
            found.append(self._sorted[at])
            at += 1
        return found
