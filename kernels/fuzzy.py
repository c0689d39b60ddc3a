"""The strings of a dictionary that are most like a query, by one of three similarities as 0..1.

`indel` is rapidfuzz's `fuzz.ratio` as 0..1, 1 - (insertions and deletions) / (both lengths);
`levenshtein` is 1 - (edits) / (longer length); `jaro_winkler` weighs four first letters by 0.1.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from ctypes import c_double, c_int32, c_int64
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Indel, JaroWinkler, Levenshtein

from kernels.native import address, function
from kernels.transpose import CODES, NONE, transpose

LONGEST_QUERY = 4096  # symbols; rapidfuzz serves longer queries

Scorer = Literal["indel", "levenshtein", "jaro_winkler"]
SCORERS: dict[Scorer, Callable[..., float]] = {  # in the order of the kernel's numbers
    "indel": Indel.normalized_similarity,
    "levenshtein": Levenshtein.normalized_similarity,
    "jaro_winkler": JaroWinkler.similarity,
}

_KINDS = {scorer: number for number, scorer in enumerate(SCORERS)}
_ARRAYS = {
    "text": np.uint8,
    "offsets": np.int64,
    "alphabet": np.uint32,
    "planes": np.uint64,
    "block_offsets": np.int64,
    "block_lengths": np.int32,
    "block_counts": np.int32,
    "block_ids": np.int32,
    "irregular": np.int32,
}
_LAID_OUT = ("planes", "block_offsets", "block_lengths", "block_counts", "block_ids")

_memory = threading.local()


def _scratch(size: int) -> int:
    """Where the thread keeps at least `size` bytes: fresh pages would cost as much as a query."""
    if getattr(_memory, "size", 0) < size:
        _memory.kept, _memory.size = np.empty(size + 64, np.uint8), size
        _memory.address = address(_memory.kept)
    kept: int = _memory.address
    return kept


class _Symbols(dict[str, int]):
    """Characters' symbols, NONE for those that no regular string has."""

    def __missing__(self, key: str) -> int:
        return NONE


class FuzzyIndex:
    """A dictionary of strings, compared as they are: normalise them and the query alike before.

    A string's id is its place in what build() was given. Threads may share an index.
    """

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        self._arrays = {
            name: np.ascontiguousarray(arrays[name], dtype=kind) for name, kind in _ARRAYS.items()
        }
        alphabet = self._arrays["alphabet"].tolist()
        self._symbols = _Symbols(zip(map(chr, alphabet), CODES, strict=False))
        lengths = self._arrays["block_lengths"]
        addresses = (self._arrays[name].ctypes.data for name in _LAID_OUT)
        self._blocks = (*addresses, len(lengths))
        self._longest = int(lengths[-1]) if len(lengths) else 0

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

    def topk(
        self, query: str, k: int, cutoff: float = 0.0, scorer: Scorer = "indel"
    ) -> list[tuple[int, float]]:
        """The k most similar strings with a similarity of at least `cutoff`, as (id, similarity).

        Best first, equal ones by ascending id; fewer than k where the dictionary has no more.
        Similarities equal rapidfuzz's (SCORERS) to the bit. Raises ValueError for k < 1.
        """
        return self.topk_many([query], k, cutoff, scorer)[0]

    def topk_many(
        self, queries: Sequence[str], k: int, cutoff: float = 0.0, scorer: Scorer = "indel"
    ) -> list[list[tuple[int, float]]]:
        """The same for each of many queries, which share the reading of the dictionary."""
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k}")
        k = min(k, len(self))
        call = function("fuzzy", "topk", "naaaaanbannnfaaaa") if k and self._blocks[-1] else None
        compiled = [
            number
            for number, query in enumerate(queries)
            if call is not None and 0 < len(query) <= LONGEST_QUERY
        ]
        found: dict[int, list[tuple[int, float]]] = {}
        if call is not None and compiled:
            asked = [queries[number] for number in compiled]
            answers = self._compiled(call, asked, k, cutoff, scorer)
            found = dict(zip(compiled, answers, strict=True))
        return [
            self._with_irregular(query, found[number], k, cutoff, scorer)
            if number in found
            else self._compare(query, self._strings, k, cutoff, scorer)
            for number, query in enumerate(queries)
        ]

    def _compiled(
        self,
        call: Callable[..., int],
        queries: Sequence[str],
        k: int,
        cutoff: float,
        scorer: Scorer,
    ) -> list[list[tuple[int, float]]]:
        """The best of the regular strings, in no order."""
        symbols = bytes(map(self._symbols.__getitem__, "".join(queries)))
        lengths, asked = [len(query) for query in queries], len(queries)
        longest, size = max(lengths), k * asked
        room = _scratch(256 + 140 * longest + 64 * self._longest)
        # as arrays of ctypes, which are made and read sooner than NumPy's
        ends, counts = (c_int64 * asked)(*accumulate(lengths)), (c_int64 * asked)()
        scores, ids = (c_double * size)(), (c_int32 * size)()
        call(
            _KINDS[scorer], *self._blocks, symbols, ends, asked, longest, k, cutoff,
            room, scores, ids, counts,
        )  # fmt: skip
        spans = zip(range(0, size, k), counts, strict=True)
        return [
            list(zip(ids[at : at + count], scores[at : at + count], strict=True))
            for at, count in spans
        ]

    def _with_irregular(
        self, query: str, found: list[tuple[int, float]], k: int, cutoff: float, scorer: Scorer
    ) -> list[tuple[int, float]]:
        """What was found and the irregular strings, in order."""
        if self._irregular:
            ids = self._arrays["irregular"].tolist()
            others = self._compare(query, self._irregular, k, cutoff, scorer)
            found = found + [(ids[place], score) for place, score in others]
        return sorted(found, key=lambda each: (-each[1], each[0]))[:k]

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
        query: str, strings: Sequence[str], k: int, cutoff: float, scorer: Scorer
    ) -> list[tuple[int, float]]:
        """The reference: every similarity by rapidfuzz, then the k best."""
        scores = process.cdist([query], strings, scorer=SCORERS[scorer], dtype=np.float64)[0]
        ids = np.flatnonzero(scores >= cutoff)
        if len(ids) > k:
            least = np.partition(scores[ids], len(ids) - k)[len(ids) - k]
            ids = ids[scores[ids] >= least]
        best = ids[np.argsort(-scores[ids], kind="stable")][:k]
        return list(zip(best.tolist(), scores[best].tolist(), strict=True))
