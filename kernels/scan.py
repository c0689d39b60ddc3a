"""The vectors with the largest inner products with queries: a quick scan, then exact rescore.

Scan keeps an int8 form of the vectors beside them, a quarter of the memory to read, and gives the
answer of the float32 vectors, not an approximation: what a quick product may be off by is known
from the build, so the rows that may belong among the best are known too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.native import address, function
from kernels.planes import PLANES, Doubles, lengths_of, planes_of

BATCH = 64  # queries that the kernel multiplies together
_TILE = 6  # rows that it multiplies with them
_ROOM = 4096  # rows that may come near the best before NumPy serves
_HEAD = 5  # numbers that the kernel keeps of a query before the best
_TINY = 2.0**-100  # less than any difference of scores
_HUGE = 2.0**127  # more than any
_FEW = BATCH // 4  # queries up to which one at a time is as quick

Found = tuple[NDArray[np.float32], NDArray[np.int32]]


@dataclass(frozen=True, slots=True, eq=False)
class _Queries:
    """Queries as the kernel takes them."""

    exact: Doubles  # [b, d]
    codes: NDArray[np.int8]  # [b, width]
    units: Doubles  # [b]: what one unit of a score is worth
    lengths: Doubles  # [b]: how long its codes are
    losses: Doubles  # [b]: what a score is off by because of them


class Scan:
    """A matrix of vectors to search. A vector's id is its row. Threads may share a scan."""

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        kinds = {"vectors": np.float32} | PLANES
        self._arrays = {
            name: np.ascontiguousarray(arrays[name], dtype=kind) for name, kind in kinds.items()
        }
        self._vectors: NDArray[np.float32] = self._arrays["vectors"]
        self._unit, self._error, self._longest = self._arrays["bounds"].tolist()
        width = self._arrays["high"].shape[1]
        places = [self._arrays[name].ctypes.data for name in ("high", "low", "scales", "rests")]
        self._planes = (*places, len(self._vectors), width)
        self._dim = 2 * width  # of a query's codes

    @classmethod
    def build(cls, vectors: NDArray[np.float32]) -> Scan:
        """A scan over float32 [n, d]. Raises ValueError unless it is a finite matrix."""
        finite = _finite(vectors)
        return cls({"vectors": finite} | planes_of(finite))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Scan:
        """A scan over what arrays() gave; read-only memory maps are used as they are."""
        return cls(arrays)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """The matrix and its planes as named arrays, for np.save; the same in both back ends."""
        return dict(self._arrays)

    def __len__(self) -> int:
        return len(self._vectors)

    def topk(self, query: NDArray[np.float32], k: int, least: float = -np.inf) -> Found:
        """Inner products and ids of the k best vectors for a query [d], fewer where there are none.

        Best first, equal ones by ascending id; products are summed in double precision, those
        below `least` left out. Raises ValueError for k < 1 and a query of another length or not
        finite.
        """
        k = _checked(query, self._vectors, k)
        call = function("scan", "nearest", "aaaannaann")
        best = None
        if call is not None and k:
            asked = self._prepared(query[None].astype(np.float64))
            near, room = self._room(asked, 1, k, least)
            call(*self._planes, address(asked.codes), address(near), k, room)
            best = self._settled(asked, 0, near[0], k, room, least)
        return best or _reference(self._vectors, query, k, self._unit * self._longest, least)

    def topk_many(self, queries: NDArray[np.float32], k: int) -> Found:
        """Products and ids [b, k] for queries [b, d], each row as topk() gives it."""
        return _many(self, queries, k)

    def _prepared(self, exact: Doubles, summed: int = 0) -> _Queries:
        """Queries [b, d] as the kernel takes them.

        Where it adds products of `summed` elements up in 16 bits, they leave room for that.
        """
        count, dim = exact.shape
        scales = np.abs(exact).max(axis=1, initial=0) / 127
        if summed:
            sizes = np.zeros((count, self._dim))
            sizes[:, :dim] = np.abs(exact)
            pairs = sizes.reshape(count, -1, summed // 2, 2, 2).sum(axis=(2, 4))
            # each element may be rounded up by a half
            scales = np.maximum(scales, pairs.max(axis=(1, 2), initial=0) / (128 - summed / 2))
        scales[scales == 0] = 1.0
        whole = np.rint(exact / scales[:, None])
        codes = np.zeros((count, self._dim), np.int8)
        codes[:, :dim] = whole
        lost = lengths_of(exact - whole * scales[:, None])
        lengths = lengths_of(exact)
        # and a little for what single precision loses
        losses = (lost + 2.0**-20 * lengths) * self._longest / scales + _TINY
        lengths = (lengths + lost) * (1 + 2.0**-20) / scales
        return _Queries(exact, codes, scales * self._unit, lengths, losses)

    def _room(
        self, asked: _Queries, count: int, k: int, least: float = -np.inf
    ) -> tuple[NDArray[np.float32], int]:
        """What the kernel fills in for `count` queries, of which those not asked find nothing."""
        room = min(max(_ROOM, 4 * k), len(self))
        near = np.empty((count, _HEAD + k + 2 * room), np.float32)
        near[:, :3], near[:, 3], near[:, 4], near[:, _HEAD : _HEAD + k] = 0, np.inf, 0, -np.inf
        used = near[: len(asked.units)]
        used[:, 0] = asked.lengths
        used[:, 1] = asked.lengths * self._error
        used[:, 2] = asked.losses
        used[:, 3] = np.clip(least / asked.units, -_HUGE, _HUGE)
        return near, room

    def _settled(
        self,
        asked: _Queries,
        at: int,
        near: NDArray[np.float32],
        k: int,
        room: int,
        least: float = -np.inf,
    ) -> Found | None:
        """The answer to a query from the rows near its best, None where there were too many."""
        count = int(near[4:5].view(np.int32)[0])
        if count < 0:
            return None
        mosts, rows = near[_HEAD + k :][:count], near[_HEAD + k + room :][:count].view(np.int32)
        products, exact = mosts * asked.units[at], asked.exact[at]
        if count > k:
            first = rows[np.argpartition(products, count - k)[-k:]]
            least = max(least, _products(self._vectors, exact, first).min())
        return _kept(*_rescore(self._vectors, exact, rows[products >= least], k), least)

    def _batch(self, queries: NDArray[np.float32], k: int) -> list[Found | None]:
        """The answers for at most BATCH queries, None for each that the scan didn't settle."""
        call = function("scan", "nearest_many", "aaaannaaann")
        summed = function("scan", "summed", "")
        if call is None or summed is None:
            return [None] * len(queries)
        asked = self._prepared(queries.astype(np.float64), summed())
        codes = np.zeros((BATCH, self._dim), np.int8)
        codes[: len(queries)] = asked.codes
        near, room = self._room(asked, BATCH, k)
        scratch = np.empty((BATCH + _TILE, self._dim), np.int8)
        call(*self._planes, address(codes), address(scratch), address(near), k, room)
        return [self._settled(asked, at, near[at], k, room) for at in range(len(queries))]


def _many(index: Scan, queries: NDArray[np.float32], k: int) -> Found:
    """Queries in batches, the few that are left over and those not settled one at a time."""
    if queries.ndim != 2:
        raise ValueError(f"queries are a matrix, one row for each, not {queries.shape}")
    rows = _checked(queries, index._vectors, k)
    found: list[Found | None] = []
    while rows and len(queries) - len(found) > _FEW:
        found += index._batch(queries[len(found) : len(found) + BATCH], rows)
    found += [None] * (len(queries) - len(found))
    scores = np.empty((len(queries), rows), np.float32)
    ids = np.empty((len(queries), rows), np.int32)
    for at, best in enumerate(found):
        scores[at], ids[at] = best or index.topk(queries[at], k)
    return scores, ids


def _checked(asked: NDArray[np.float32], vectors: NDArray[np.float32], k: int) -> int:
    """How many of a matrix's rows are asked for by a query, or by each of some."""
    shape = asked.shape[1:] if asked.ndim == 2 else asked.shape
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    if shape != vectors.shape[1:]:
        raise ValueError(f"a query has {vectors.shape[1]} elements, not {shape}")
    if not np.isfinite(asked).all():
        raise ValueError("a query must be finite: it has NaN or infinity in it")
    return min(k, len(vectors))


def _finite(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    if vectors.ndim != 2 or not np.isfinite(vectors).all():
        raise ValueError("vectors must be a finite matrix, one row for each")
    if not vectors.shape[1]:
        raise ValueError(f"vectors have at least one element, not the shape {vectors.shape}")
    return np.ascontiguousarray(vectors, np.float32)


def _slack(exact: Doubles, longest: float) -> float:
    """What a product in single precision may be off by, whatever the order of its sum."""
    return len(exact) * 2.0**-22 * float(np.linalg.norm(exact)) * longest


def _kept(scores: Doubles, ids: NDArray[np.int32], least: float) -> Found:
    count = int(np.searchsorted(-scores, -least, side="right"))  # scores fall
    return scores[:count].astype(np.float32), ids[:count]


def _reference(
    vectors: NDArray[np.float32],
    query: NDArray[np.float32],
    k: int,
    longest: float,
    least: float,
) -> Found:
    exact = query.astype(np.float64)
    rough = vectors @ query
    # single precision may be off in the last places: rescore what comes near the k-th
    slack = 2 * _slack(exact, longest)
    near = np.partition(rough, len(rough) - k)[len(rough) - k] - slack if k else 0
    ids = np.flatnonzero(rough >= max(near, least - slack))
    return _kept(*_rescore(vectors, exact, ids, k), least)


def _rescore(
    vectors: NDArray[np.float32], query: Doubles, ids: NDArray[Any], k: int
) -> tuple[Doubles, NDArray[np.int32]]:
    """The k best of some rows by their exact products."""
    scores = _products(vectors, query, ids)
    order = np.lexsort((ids, -scores))[:k]
    return scores[order], ids[order].astype(np.int32)


def _products(vectors: NDArray[np.float32], query: Doubles, ids: NDArray[Any]) -> Doubles:
    rows = vectors[ids].astype(np.float64)
    rows *= query
    # a sum along each row alone: its rounding can't depend on which rows are rescored together
    products: Doubles = rows.sum(axis=1)
    return products
