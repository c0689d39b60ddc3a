"""The words of all phrases, and which of them a word of a query may be.

A word that no phrase has is read as shorthand, as the beginning of a word, as one written without
vowels, with another ending, or misspelt. What several words begin with is the commonest of them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache

from kernels.fuzzy import FuzzyIndex
from terminology.coding.canonical import SAME_STEM, rewrite, stem
from terminology.coding.lexicon import PHRASES, SHORT
from terminology.coding.plain import plain_words
from terminology.index import Array, Strings, pack_strings

_PLAIN = plain_words()
_VOWELS = re.compile(r"(?<=.)[aeiouy]")
_DOUBLED = re.compile(r"(.)\1")
_DENYING = frozenset(("non", "un", "a", "an"))
_SPELLING = 0.78  # the least likeness of two words that counts as a typing error
_SURELY = 0.85  # and the least that does before other endings of the word do
_AS_LIKE = 0.03  # how much less like than the best others may be
_ENDING = 4  # letters that an ending may have
_MEANT = 12  # words that what is cut short may be
_CUT = 0.9  # the trust in a word cut short


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


class Vocabulary:
    """The canonical words of all phrases, each with its number. Threads may share it."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._words = Strings(arrays["vocabulary.blob"], arrays["vocabulary.offsets"]).all()
        self._numbers = {word: number for number, word in enumerate(self._words)}
        # a word of the same meaning as one of these is cut short as well: "varic" veins
        meaning = {said: self._numbers.get(same, -1) for said, same in SAME_STEM.items()}
        self._written = sorted({*self._numbers, *(word for word, n in meaning.items() if n >= 0)})
        self._meant = {**meaning, **self._numbers}
        self._rarity = arrays["weights"]
        self._fuzzy = FuzzyIndex.from_arrays(
            {key.removeprefix("fuzzy/"): each for key, each in arrays.items() if "fuzzy/" in key}
        )
        self.meanings = lru_cache(maxsize=1 << 14)(self._meanings_of)

    @staticmethod
    def build(words: Sequence[str]) -> dict[str, Array]:
        """The arrays of a vocabulary of these words, which ascend."""
        fuzzy = FuzzyIndex.build(words).arrays()
        return {
            **pack_strings("vocabulary", words),
            **{f"fuzzy/{key}": each for key, each in fuzzy.items()},
        }

    @cached_property
    def _skeletons(self) -> Mapping[str, list[str]]:
        """The words by their skeletons, made when a first word is misspelt: it is slow to make."""
        found: dict[str, list[str]] = defaultdict(list)
        for word in self._written:
            found[skeleton(word)].append(word)
        return found

    def number(self, word: str) -> int:
        """The number of a canonical word, -1 where no phrase has it."""
        return self._numbers.get(word, -1)

    def misspelt(self, normal: str) -> tuple[str, list[str]]:
        """The one unknown word of a normalised phrase, and the words that are spelled like it."""
        unknown = [word for word in normal.split() if len(word) > 3 and not self._is_known(word)]
        if len(unknown) != 1:
            return "", []
        near = self._fuzzy.topk(stem(unknown[0]), 8, _SPELLING)
        words_like = (self._words[number] for number, _ in near)
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

    def _meanings_of(self, word: str) -> list[tuple[int, float]]:
        """The numbers of what a word of a query may be, with the trust in each, ascending."""
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
        found = dict.fromkeys(self._beginning(self._written, word), _CUT)
        bare = skeleton(word)
        if len(bare) > 2:
            for whole in self._skeletons.get(bare, []):
                if _within(word, whole):
                    number = self._meant[whole]
                    found[number] = max(found.get(number, 0.0), 0.5 + 0.4 * len(bare) / len(word))
        return found

    def _inflected(self, word: str) -> dict[int, float]:
        """Words that differ in their endings: trichostrongylus and trichostrongyliasis."""
        for cut in range(1, min(_ENDING, len(word) - 5) + 1):
            if found := self._beginning(self._words, word[:-cut]):
                return dict.fromkeys(found, 0.95 - 0.03 * cut)
        return {}

    def _beginning(self, ascending: Sequence[str], start: str) -> list[int]:
        """The numbers of the commonest words that begin so, among these."""
        first, last = bisect_left(ascending, start), bisect_left(ascending, start + "\uffff")
        found = {self._meant[word] for word in ascending[first:last]}
        return sorted(found, key=lambda number: (self._rarity[number], number))[:_MEANT]
