"""The strings of a dictionary that are most like a query, by normalised Indel similarity.

That is rapidfuzz's `fuzz.ratio` as 0..1: 1 - (insertions and deletions) / (both lengths).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Indel

from kernels.native import address, function
from kernels.transpose import transpose

LONGEST_QUERY = 64  # symbols, the kernel's widest lane; rapidfuzz serves longer queries

_ARRAYS = {
    "text": np.uint8,
    "offsets": np.int64,
    "alphabet": np.uint32,
    "symbols": np.uint8,
    "group_offsets": np.int64,
    "group_lengths": np.int32,
    "group_ids": np.int32,
    "irregular": np.int32,
}


class FuzzyIndex:
    """A dictionary of strings, compared as they are: normalise them and the query alike before.

    A string's id is its place in what build() was given. Threads may share an index.
    """

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        self._arrays = {
            name: np.ascontiguousarray(arrays[name], dtype=kind) for name, kind in _ARRAYS.items()
        }
        alphabet = self._arrays["alphabet"].tolist()
        self._symbols = {chr(code): symbol for symbol, code in enumerate(alphabet, start=1)}
        laid_out = ("symbols", "group_offsets", "group_lengths", "group_ids")
        addresses = (self._arrays[name].ctypes.data for name in laid_out)
        self._groups = (*addresses, len(self._arrays["group_lengths"]))

    @classmethod
    def build(cls, strings: Sequence[str]) -> FuzzyIndex:
        """An index of these strings; any characters, any length."""
        raw = [string.encode("utf-8", "surrogatepass") for string in strings]
        offsets = np.zeros(len(raw) + 1, np.int64)
        np.cumsum([len(each) for each in raw], out=offsets[1:])
        text = np.frombuffer(b"".join(raw), np.uint8)
        return cls({"text": text, "offsets": offsets, **transpose(strings)})

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> FuzzyIndex:
        """An index over what arrays() gave; read-only memory maps are used as they are."""
        return cls(arrays)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """The index as named arrays, for np.save; the same in both back ends."""
        return dict(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays["offsets"]) - 1

    def topk(self, query: str, k: int, cutoff: float = 0.0) -> list[tuple[int, float]]:
        """The k most similar strings with a similarity of at least `cutoff`, as (id, similarity).

        Best first, equal ones by ascending id; fewer than k where the dictionary has no more.
        Similarities equal `Indel.normalized_similarity` to the bit. Raises ValueError for k < 1.
        """
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k}")
        call = function("fuzzy", "topk", "aaaanbnnfaaa")
        k = min(k, len(self))
        if call is None or not 0 < len(query) <= LONGEST_QUERY or k == 0:
            return self._compare(query, self._strings, k, cutoff)
        found = self._compiled(call, query, k, cutoff)
        if self._irregular:
            ids = self._arrays["irregular"].tolist()
            others = self._compare(query, self._irregular, k, cutoff)
            found += [(ids[place], score) for place, score in others]
            found.sort(key=lambda each: (-each[1], each[0]))
        return found[:k]

    def _compiled(
        self, call: Callable[..., int], query: str, k: int, cutoff: float
    ) -> list[tuple[int, float]]:
        symbols = bytes([self._symbols.get(character, 0) for character in query])
        best = np.empty((3, k), np.int32)
        base = address(best)
        columns = (base, base + 4 * k, base + 8 * k)
        count = call(*self._groups, symbols, len(symbols), k, cutoff, *columns)
        rows = zip(*best[:, :count].tolist(), strict=True)
        return [(id_, 1 - (total - 2 * shared) / total) for shared, total, id_ in rows]

    @cached_property
    def _strings(self) -> list[str]:
        raw, offsets = self._arrays["text"].tobytes(), self._arrays["offsets"].tolist()
        return [raw[start:end].decode("utf-8", "surrogatepass") for start, end in pairwise(offsets)]

    @cached_property
    def _irregular(self) -> list[str]:
        text, offsets = self._arrays["text"], self._arrays["offsets"]
        spans = ((offsets[number], offsets[number + 1]) for number in self._arrays["irregular"])
        return [text[start:end].tobytes().decode("utf-8", "surrogatepass") for start, end in spans]

    @staticmethod
    def _compare(
        query: str, strings: Sequence[str], k: int, cutoff: float
    ) -> list[tuple[int, float]]:
        """The reference: every similarity by rapidfuzz, then the k best."""
        scores = process.cdist(
            [query], strings, scorer=Indel.normalized_similarity, dtype=np.float64
        )[0]
        ids = np.flatnonzero(scores >= cutoff)
        if len(ids) > k:
            least = np.partition(scores[ids], len(ids) - k)[len(ids) - k]
            ids = ids[scores[ids] >= least]
        best = ids[np.argsort(-scores[ids], kind="stable")][:k]
        return list(zip(best.tolist(), scores[best].tolist(), strict=True))
