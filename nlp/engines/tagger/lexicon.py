"""What the terminologies tell of words and phrases, as small arrays that ship with the weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.engines.tagger.words import Hashes

LONGEST = 4  # words of a phrase
FACETS = 3  # what is told of a word: as a drug's, its chapter, its place in disease names


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Hashes of words and phrases in rising order, and what each is."""

    words: Hashes  # [n], as words.LOWER has them
    facets: NDArray[np.uint8]  # [n, FACETS]
    phrases: Hashes  # [m], as `joined` gives them
    kinds: NDArray[np.uint8]  # [m], 1.. by source

    def of_words(self, hashes: Hashes) -> NDArray[np.uint8]:
        """The facets of words, [n, FACETS]; zeros for unknown ones."""
        at = np.searchsorted(self.words, hashes)
        at[at == len(self.words)] = 0
        found = np.asarray(self.words[at] == hashes)
        return np.where(found[:, None], self.facets[at], 0).astype(np.uint8)

    def cover(self, hashes: Hashes) -> NDArray[np.uint8]:
        """Phrases over a text of words: 4 × kind + 0 single, 1 first, 2 inner, 3 last; 0 outside.

        Longer phrases win over shorter ones, then earlier over later.
        """
        out = np.zeros(len(hashes), np.uint8)
        for size in range(min(LONGEST, len(hashes)), 0, -1):
            rolled = joined(hashes, size)
            at = np.searchsorted(self.phrases, rolled)
            at[at == len(self.phrases)] = 0
            for start in np.flatnonzero(self.phrases[at] == rolled).tolist():
                if out[start : start + size].any():
                    continue
                kind = 4 * int(self.kinds[at[start]])
                out[start : start + size] = kind + 2
                out[start + size - 1] = kind + 3
                out[start] = kind + (size > 1)
        return out


def joined(hashes: Hashes, size: int) -> Hashes:
    """One hash for every run of `size` words, [n - size + 1]."""
    count = len(hashes) - size + 1
    out = np.full(count, size, np.uint32)
    for at in range(size):
        out = (out ^ hashes[at : at + count]) * np.uint32(0x9E3779B1)
        out ^= out >> np.uint32(15)
    return out
