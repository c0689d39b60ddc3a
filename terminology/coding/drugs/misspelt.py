"""The names of drugs that words may misspell: among those spelt or sounding alike the most like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np

from kernels.fuzzy import FuzzyIndex
from terminology.coding.spelling import LONGEST, likeness, sound
from terminology.index import Array

PLAIN = 0.9  # the least likeness where the text has words that are no misspelt name
SHORT = 0.85  # the same for names of few letters
_FEW = 5  # letters
_WEAKEST = 0.7  # a likeness that is remembered
_CANDIDATES, _ALIKE = 8, 0.6  # how many names are weighed, and how like by their letters


def arrays_of(names: Sequence[str]) -> dict[str, Array]:
    """The arrays of Sounds over these names; a name's number is its place."""
    keys = np.array([crc32(sound(name).encode()) for name in names], np.uint32)
    order = np.argsort(keys, kind="stable")
    return {"sounds.key": keys[order], "sounds.name": order.astype(np.uint32)}


class Sounds:
    """Names by how they sound. Immutable: threads may share it."""

    def __init__(self, keys: Array, names: Array) -> None:
        self._keys, self._names = keys, names

    def alike(self, word: str) -> list[int]:
        """The names that sound like this word, at most 32."""
        heard = sound(word)
        if len(heard) < 3:
            return []
        key = np.uint32(crc32(heard.encode()))
        first = int(self._keys.searchsorted(key))
        last = min(int(self._keys.searchsorted(key, "right")), first + 32)
        found: list[int] = self._names[first:last].tolist()
        return found


class Near:
    """The names that words may misspell. Threads may share it."""

    def __init__(
        self,
        fuzzy: FuzzyIndex,
        sounds: Sounds,
        name: Callable[[int], str],
        known: Callable[[str], bool],
    ) -> None:
        """`name` gives a name by its place, `known` tells whether a word is of plain language."""
        self._fuzzy, self._sounds, self._name, self._known = fuzzy, sounds, name, known
        self._near = lru_cache(maxsize=1 << 14)(self._near_of)
        self._plain = lru_cache(maxsize=1 << 14)(self._is_plain)

    def of(self, said: str, least: float) -> list[tuple[int, float]]:
        """(place, likeness) of the names most like these words, best first.

        Words of plain language have to be more alike, and so have names of few letters.
        """
        if not 0 < len(said) <= LONGEST:
            return []
        found = self._near(said)
        if found and found[0][1] < PLAIN and self._plain(said):
            return []
        return [each for each in found if each[1] >= least]

    def _near_of(self, said: str) -> list[tuple[int, float]]:
        places = {place for place, _ in self._fuzzy.topk(said, _CANDIDATES, _ALIKE)}
        places.update(self._sounds.alike(said))
        found = []
        for place in places:
            name = self._name(place)
            alike = likeness(said, name)
            if alike >= (_WEAKEST if len(name) >= _FEW else SHORT):
                found.append((place, alike))
        return sorted(found, key=lambda each: (-each[1], each[0]))[:_CANDIDATES]

    def _is_plain(self, said: str) -> bool:
        """Whether all words are plain ones, or all are but what is too short to tell."""
        telling = [word for word in said.split() if len(word) > 3]
        return bool(telling) and all(map(self._known, telling))
