"""The strings of a dictionary that are most like a query, by normalised Indel similarity.

That is rapidfuzz's `fuzz.ratio` as 0..1: 1 - (insertions and deletions) / (both lengths).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Indel

from kernels.transpose import transpose

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
        return self._reference(query, k, cutoff)

    @cached_property
    def _strings(self) -> list[str]:
        raw, offsets = self._arrays["text"].tobytes(), self._arrays["offsets"].tolist()
        return [raw[start:end].decode("utf-8", "surrogatepass") for start, end in pairwise(offsets)]

    def _reference(self, query: str, k: int, cutoff: float) -> list[tuple[int, float]]:
        scores = process.cdist(
            [query], self._strings, scorer=Indel.normalized_similarity, dtype=np.float64
        )[0]
        ids = np.flatnonzero(scores >= cutoff)
        if len(ids) > k:
            least = np.partition(scores[ids], len(ids) - k)[len(ids) - k]
            ids = ids[scores[ids] >= least]
        best = ids[np.argsort(-scores[ids], kind="stable")][:k]
        return list(zip(best.tolist(), scores[best].tolist(), strict=True))
