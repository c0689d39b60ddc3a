"""Finds known phrases in a tokenised text: leftmost-longest, by whole words.

The index is one open-addressing table of phrase prefixes, keyed by a hash over the words, beside
the phrases' own bytes. A hit in the table is believed only after the bytes were compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kernels.native import builtin
from kernels.prefixes import BUCKET, build_table
from kernels.text import Tokens, words

Matches = NDArray[np.int32]  # [k, 3] rows of start word, end word, phrase

_ARRAYS = {  # in the order in which the kernel takes them
    "table": np.uint64,
    "first": np.uint64,
    "longer": np.uint64,
    "salt": np.uint64,
    "bytes": np.uint8,
    "offsets": np.int64,
}

_PAD = 32  # the kernel reads whole vectors
_NO_STOPS = np.empty(0, np.int32)


class Gazetteer:
    """A set of phrases; a phrase's number is its place in what build() was given.

    Of phrases with the same normalised words the first counts. A phrase without a word never
    matches. Threads may share a gazetteer.
    """

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        self._arrays = {
            name: np.ascontiguousarray(arrays[name], dtype=kind) for name, kind in _ARRAYS.items()
        }
        places = [array.ctypes.data for array in self._arrays.values()]
        buckets = len(self._arrays["table"]) // BUCKET
        shift = 65 - (64 * len(self._arrays["longer"])).bit_length()
        self._handle = np.array([*places, buckets, shift], np.int64)

    @classmethod
    def build(cls, phrases: Sequence[str]) -> Gazetteer:
        """A gazetteer of these phrases, normalised as tokenize() does it."""
        normal = [" ".join(words(phrase)) for phrase in phrases]
        raw = [phrase.encode() for phrase in normal]
        offsets = np.zeros(len(raw) + 1, np.int64)
        np.cumsum([len(each) for each in raw], out=offsets[1:])
        table = build_table(normal)
        return cls(
            {
                **table,
                "bytes": np.frombuffer(b"".join(raw) + bytes(_PAD), np.uint8),
                "offsets": offsets,
            }
        )

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Gazetteer:
        """A gazetteer over what arrays() gave; read-only memory maps are used as they are."""
        return cls(arrays)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """The index as named arrays, for np.save; the same in both back ends."""
        return dict(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays["offsets"]) - 1

    def match(self, tokens: Tokens, breaks: NDArray[np.int32] | None = None) -> Matches:
        """Leftmost-longest matches that don't overlap, as rows of start word, end word, phrase.

        `breaks` are ascending code-point offsets (sentence starts, say) that no match may cross.
        """
        return self._search(tokens, breaks, overlapping=False)

    def match_all(self, tokens: Tokens, breaks: NDArray[np.int32] | None = None) -> Matches:
        """The longest match from each word on, overlapping ones included; rows as in match()."""
        return self._search(tokens, breaks, overlapping=True)

    def _search(
        self, tokens: Tokens, breaks: NDArray[np.int32] | None, *, overlapping: bool
    ) -> Matches:
        stops = _NO_STOPS
        if breaks is not None:
            stops = np.searchsorted(tokens.starts, breaks).astype(np.int32)
        call = builtin("gazetteer.search")
        if call is None:
            return self._reference(tokens, stops.tolist(), overlapping)
        count = len(tokens)
        rows = np.empty((count + 1, 3), np.int32)
        found: int = call(
            self._handle, tokens.memory, tokens.size, tokens.wide, count, stops, rows, overlapping
        )
        return rows[:found].copy()

    @cached_property
    def _phrases(self) -> tuple[dict[str, int], dict[str, int]]:
        """Phrase to number, and first word to the word count of its longest phrase."""
        raw, offsets = self._arrays["bytes"].tobytes(), self._arrays["offsets"].tolist()
        numbers: dict[str, int] = {}
        longest: dict[str, int] = {}
        for number, (start, end) in enumerate(pairwise(offsets)):
            if start < end:
                phrase = raw[start:end].decode()
                numbers.setdefault(phrase, number)
                word = phrase.partition(" ")[0]
                longest[word] = max(longest.get(word, 0), phrase.count(" ") + 1)
        return numbers, longest

    def _reference(self, tokens: Tokens, stops: list[int], overlapping: bool) -> Matches:
        numbers, longest = self._phrases
        found = tokens.words()
        rows: list[tuple[int, int, int]] = []
        start = 0
        while start < len(found):
            limit = min(start + longest.get(found[start], 0), len(found))
            limit = min([limit, *(stop for stop in stops if start < stop < limit)])
            end = limit
            while end > start and " ".join(found[start:end]) not in numbers:
                end -= 1
            if end > start:
                rows.append((start, end, numbers[" ".join(found[start:end])]))
            start = start + 1 if overlapping else max(end, start + 1)
        return np.array(rows, np.int32).reshape(-1, 3)
