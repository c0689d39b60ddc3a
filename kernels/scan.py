"""The vectors with the largest inner products with a query: int8 scan, then exact rescore."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.native import address, function

STEP = 64  # the kernel reads this many elements at a time; rows are padded to a multiple
_ROOM = 64  # rows rescored at least; four, then sixteen times as many where these don't settle it

_ARRAYS = {"vectors": np.float32, "codes": np.uint8, "bounds": np.float64}

Found = tuple[NDArray[np.float32], NDArray[np.int32]]


class Scan:
    """A matrix of vectors to search. A vector's id is its row. Threads may share a scan.

    An int8 score is off by at most a bound known from the build, so the rows that may belong among
    the best are known too: the answer is the exact one, not an approximation.
    """

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        self._arrays = {
            name: np.ascontiguousarray(arrays[name], dtype=kind) for name, kind in _ARRAYS.items()
        }
        self._vectors: NDArray[np.float32] = self._arrays["vectors"]
        self._scale, self._error, self._longest = self._arrays["bounds"].tolist()
        rows, width = self._arrays["codes"].shape
        self._codes = (self._arrays["codes"].ctypes.data, rows, width)

    @classmethod
    def build(cls, vectors: NDArray[np.float32]) -> Scan:
        """A scan over float32 [n, d]. Raises ValueError unless it is a finite matrix."""
        if vectors.ndim != 2 or not np.isfinite(vectors).all():
            raise ValueError("vectors must be a finite matrix, one row for each")
        rows, dim = vectors.shape
        scale = float(np.abs(vectors).max(initial=0)) / 127 or 1.0
        codes = _aligned(rows, -(-dim // STEP) * STEP)
        error = longest = 0.0
        for at in range(0, rows, 8192):
            part = vectors[at : at + 8192].astype(np.float64)
            whole = np.rint(part / scale)
            codes[at : at + 8192, :dim] = whole + 128
            error = max(error, float(np.linalg.norm(part - whole * scale, axis=1).max()))
            longest = max(longest, float(np.linalg.norm(part, axis=1).max()))
        bounds = np.array([scale, error, longest + error])
        return cls({"vectors": vectors, "codes": codes, "bounds": bounds})

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Scan:
        """A scan over what arrays() gave; read-only memory maps are used as they are."""
        return cls(arrays)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """The matrix and its int8 form as named arrays, for np.save; the same in both back ends."""
        return dict(self._arrays)

    def __len__(self) -> int:
        return len(self._vectors)

    def topk(self, query: NDArray[np.float32], k: int) -> Found:
        """Inner products and ids of the k best vectors for a query [d], fewer where there are none.

        Best first, equal ones by ascending id; products are summed in double precision. Raises
        ValueError for k < 1 or a query of another length.
        """
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k}")
        if query.shape != self._vectors.shape[1:]:
            raise ValueError(f"a query has {self._vectors.shape[1]} elements, not {query.shape}")
        k = min(k, len(self))
        call = function("scan", "shortlist", "anaanaa")
        if call is not None and k:
            for room in (_ROOM, 4 * _ROOM, 16 * _ROOM):
                found = self._compiled(call, query, k, min(max(room, 2 * k), len(self)))
                if found is not None:
                    return found
        return self._reference(query, k)

    def _compiled(
        self, call: Callable[..., int], query: NDArray[np.float32], k: int, room: int
    ) -> Found | None:
        """The answer from the `room` best int8 scores, None where they don't settle it."""
        exact = query.astype(np.float64)
        scale = float(np.abs(exact).max(initial=0)) / 127 or 1.0
        codes = np.zeros(self._codes[2], np.int8)
        codes[: len(exact)] = np.rint(exact / scale)
        best = np.empty((2, room), np.int32)
        call(*self._codes, address(codes), room, address(best), address(best) + 4 * room)
        scores, ids = self._rescore(exact, best[1], k)
        if room < len(self):
            lost = exact - codes[: len(exact)] * scale
            slack = np.linalg.norm(lost) * self._longest + np.linalg.norm(exact) * self._error
            unseen = (int(best[0, -1]) - 128 * int(codes.sum(dtype=np.int64))) * scale * self._scale
            if unseen + slack >= scores[-1]:
                return None
        return scores.astype(np.float32), ids

    def _reference(self, query: NDArray[np.float32], k: int) -> Found:
        exact = query.astype(np.float64)
        rough = self._vectors @ query
        # single precision may be off in the last places: rescore what comes near the k-th
        slack = len(query) * 2.0**-22 * float(np.linalg.norm(exact)) * self._longest
        least = np.partition(rough, len(rough) - k)[len(rough) - k] - slack if k else 0.0
        scores, ids = self._rescore(exact, np.flatnonzero(rough >= least), k)
        return scores.astype(np.float32), ids

    def _rescore(
        self, query: NDArray[np.float64], ids: NDArray[Any], k: int
    ) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        """The k best of some rows by their exact products."""
        # a sum along each row alone: its rounding can't depend on which rows are rescored together
        scores = (self._vectors[ids] * query).sum(axis=1)
        order = np.lexsort((ids, -scores))[:k]
        return scores[order], ids[order].astype(np.int32)


def _aligned(rows: int, width: int) -> NDArray[np.uint8]:
    """Bytes [rows, width] of value 128 that begin at a cache line: no load crosses two."""
    memory = np.full(rows * width + 64, 128, np.uint8)
    start = -memory.ctypes.data % 64
    return memory[start : start + rows * width].reshape(rows, width)
