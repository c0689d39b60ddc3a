"""Texts by their words: built from files of any size, opened as memory maps.

Memory of a build: 30 bytes a word of all texts, and the vocabulary.
"""

from __future__ import annotations

import mmap
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kernels.fuzzy import FuzzyIndex
from kernels.text import tokenize, words
from terminology.coding.canonical import stem
from terminology.hierarchy import Array
from terminology.index import Rows, Strings, pack_rows, pack_strings

BATCH = 1 << 15  # texts that are cut into words at a time
MANY = 20_000  # candidates that are weighed; commoner words only add to them
LIKE = 0.75  # the least likeness of a word that counts as a typing error
_MISSING, _EXTRA = 0.6, 0.3  # what words cost that only the query has, that only the text has
_PREFIX_TRUST, _TYPO_TRUST = 0.85, 0.9

Places = NDArray[np.uint32]


def texts(path: Path, offsets: Array) -> Iterator[list[str]]:
    """The texts of a file that offsets cut, BATCH at a time."""
    if len(offsets) < 2:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        ends: list[int] = offsets.tolist()
        for first in range(0, len(ends) - 1, BATCH):
            own = ends[first : first + BATCH + 1]
            raw, start = whole[own[0] : own[-1]], own[0]
            yield [raw[a - start : b - start].decode() for a, b in pairwise(own)]


def build(batches: Iterator[list[str]], *, typos: bool = True) -> dict[str, Array]:
    """The arrays of a word index; a text's number is its place among all.

    Without `typos` no word is read as another that is spelled like it.
    """
    numbers: dict[int, int] = {}
    vocabulary: list[str] = []
    found, owners = array("I"), array("I")
    count = 0
    for batch in batches:
        tokens = tokenize("\n".join(text.replace("\n", " ") for text in batch) + "\n")
        raw = tokens.utf8.tobytes()
        hashes, at, inverse = np.unique(tokens.hashes, return_index=True, return_inverse=True)
        for value, place in zip(hashes.tolist(), at.tolist(), strict=True):
            if value not in numbers:
                numbers[value] = len(vocabulary)
                start, end = int(tokens.byte_starts[place]), int(tokens.byte_ends[place])
                vocabulary.append(raw[start:end].decode())
        own = np.fromiter((numbers[value] for value in hashes.tolist()), np.uint32, len(hashes))
        line_ends = np.flatnonzero(tokens.utf8 == ord("\n"))
        lines = np.searchsorted(line_ends, tokens.byte_starts)
        found.frombytes(own[inverse].tobytes())
        owners.frombytes((lines + count).astype(np.uint32).tobytes())
        count += len(batch)
    arrays = _packed(vocabulary, found, owners, count)
    return {**arrays, **_spelled(sorted(vocabulary), typos=typos)}


def _packed(
    vocabulary: list[str], found: array[int], owners: array[int], count: int
) -> dict[str, Array]:
    """The texts of each word, the words in alphabetic order; how many words each text has."""
    order = sorted(range(len(vocabulary)), key=vocabulary.__getitem__)
    rank = np.empty(len(order), np.uint64)
    rank[order] = np.arange(len(order), dtype=np.uint64)
    # word << 32 | text, in place: these are the largest arrays of all
    pairs = rank[np.frombuffer(found, np.uint32)] if found else np.zeros(0, np.uint64)
    pairs <<= np.uint64(32)
    if owners:
        pairs |= np.frombuffer(owners, np.uint32)
    pairs.sort()
    kept = np.ones(len(pairs), np.bool_)
    kept[1:] = pairs[1:] != pairs[:-1]
    pairs = pairs[kept]
    bounds = np.arange(len(order) + 1, dtype=np.uint64) << np.uint64(32)
    offsets = np.searchsorted(pairs, bounds)
    places = (pairs & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    lengths = np.minimum(np.bincount(places, minlength=count), 255)
    return {
        "places": places,
        "lengths": lengths.astype(np.uint8),
        "starts": offsets.astype(np.int64),
    }


def _spelled(vocabulary: list[str], *, typos: bool) -> dict[str, Array]:
    """The words by their spelling: in order, by their stems, and by their letters."""
    stems: dict[str, list[int]] = defaultdict(list)
    for number, word in enumerate(vocabulary):
        stems[stem(word)].append(number)
    by_stem = sorted(stems)
    letters = [n for n, word in enumerate(vocabulary) if typos and word.isalpha()]
    alike = FuzzyIndex.build([vocabulary[number] for number in letters]).arrays()
    return {
        **pack_strings("vocabulary", vocabulary),
        **pack_strings("stem", by_stem),
        **pack_rows("stems", (stems[each] for each in by_stem)),
        **{f"alike.{name}": each for name, each in alike.items()},
        "letters": np.array(letters, np.uint32),
    }


class WordIndex:
    """Texts by their words. Immutable: threads may share it."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._vocabulary = Strings(arrays["vocabulary.blob"], arrays["vocabulary.offsets"])
        self._stems = Strings(arrays["stem.blob"], arrays["stem.offsets"])
        self._by_stem = Rows(arrays["stems.numbers"], arrays["stems.offsets"])
        self._places = arrays["places"]
        self._starts = memoryview(arrays["starts"])  # type: ignore[arg-type]
        self._lengths = arrays["lengths"]
        self._letters = arrays["letters"]
        self._alike = FuzzyIndex.from_arrays(
            {
                name.removeprefix("alike."): each
                for name, each in arrays.items()
                if name.startswith("alike.")
            }
        )
        self._meanings = lru_cache(maxsize=1 << 12)(self._meanings_of)

    def topk(self, text: str, count: int) -> list[tuple[int, float]]:
        """The texts that share most with this one, as (number, likeness 0..1), best first.

        Tversky's index of their words, each weighted by its rarity; a word that no text has is
        read as the start of a word, or as a typing error.
        """
        asked = [found for word in dict.fromkeys(words(text)) if (found := self._meanings(word))]
        unknown = len(dict.fromkeys(words(text))) - len(asked)
        asked.sort(key=lambda each: len(each[0]))
        if not asked:
            return []
        among = asked[0][0]
        for places, _, _ in asked[1:]:
            if len(among) + len(places) > MANY:
                break
            among = np.union1d(among, places)
        shared = np.zeros(len(among), np.float32)
        hits = np.zeros(len(among), np.float32)
        whole = unknown * max(weight for _, weight, _ in asked)
        for places, weight, trust in asked:
            at = np.minimum(np.searchsorted(places, among), len(places) - 1)
            has = places[at] == among
            shared += has * np.float32(weight * trust)
            hits += has
            whole += weight
        # a further word weighs as much as the query's words do on average
        extra = np.maximum(self._lengths[among].astype(np.float32) - hits, 0) * np.float32(
            whole / (len(asked) + unknown)
        )
        score = shared / (shared + _MISSING * np.maximum(whole - shared, 0) + _EXTRA * extra)
        best = np.lexsort((among, -score))[:count]
        return list(zip(among[best].tolist(), score[best].tolist(), strict=True))

    def starting(self, word: str) -> Places:
        """The texts with a word that begins so, ascending."""
        first, last = self._range(word)
        return np.unique(self._places[self._starts[first] : self._starts[last]])

    def _range(self, word: str) -> tuple[int, int]:
        first = bisect_left(self._vocabulary, word)
        return first, bisect_left(self._vocabulary, word + "\U0010ffff", first)

    def _meanings_of(self, word: str) -> tuple[Places, float, float] | None:
        """(texts with a word that this may be, its weight, the trust in it), or None."""
        wanted = stem(word)
        at = bisect_left(self._stems, wanted)
        numbers, trust = [], 1.0
        if at < len(self._stems) and self._stems[at] == wanted:
            numbers = self._by_stem[at]
        elif len(word) > 2:
            first, last = self._range(word)
            numbers, trust = list(range(first, min(last, first + 50))), _PREFIX_TRUST
        if not numbers and len(word) > 3 and word.isalpha():
            near = self._alike.topk(word, 3, LIKE)
            numbers = [int(self._letters[place]) for place, _ in near]
            trust = _TYPO_TRUST * near[0][1] if near else 0.0
        if not numbers:
            return None
        parts = [self._places[self._starts[n] : self._starts[n + 1]] for n in numbers]
        places = np.unique(np.concatenate(parts)) if len(parts) > 1 else parts[0]
        weight = log(1 + len(self._lengths) / len(places))
        return places, weight, trust  # type: ignore[return-value]
