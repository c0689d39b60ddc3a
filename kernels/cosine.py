"""Cosines of float32 vectors, for the few that are left to compare: pairs, rows, candidates."""

from __future__ import annotations

import numpy as np
from numpy import empty
from numpy.typing import NDArray

from kernels.native import builtin

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]

_FLOAT, _ID = (
    np.dtype(np.float32),
    np.dtype(np.int64),
)  # arrays are made by them sooner than by types


def cosine(a: Floats, b: Floats) -> float:
    """The cosine of two vectors [d]; 0 where either has no length.

    Raises ValueError for vectors of different lengths.
    """
    call = builtin("cosine.cosine")
    found: float = -2.0 if call is None else call(a, b)
    return found if found > -2.0 else _cosine(a, b)


def cosines(query: Floats, rows: Floats) -> Floats:
    """The cosine of a query [d] with each row of [n, d], as float32 [n].

    Raises ValueError for a query of another length.
    """
    call = builtin("cosine.cosines")
    scores = empty(len(rows), _FLOAT)
    return scores if call is not None and call(query, rows, scores) else _cosines(query, rows)


def rerank(query: Floats, rows: Floats, ids: Ids, k: int) -> tuple[Floats, Ids]:
    """Scores and ids of the k of some rows that are most like a query, best first.

    `rows` is [n, d] and `ids` names candidates among them; fewer than k where there are no more. Of
    equal ones the earlier candidate comes first. Raises IndexError for an id that is no row, and
    ValueError for a query of another length or k < 1.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    count = len(ids)
    k = k if k < count else count  # min() takes as long as making an array
    call = builtin("cosine.rerank")
    scores, best = empty(k, _FLOAT), empty(k, _ID)
    if call is not None and call(query, rows, ids, scores, best) >= 0:
        return scores, best
    return _rerank(query, rows, ids, k)


def _cosine(a: Floats, b: Floats) -> float:
    if np.shape(a) != np.shape(b) or np.ndim(a) != 1:
        raise ValueError(f"two vectors of one length are wanted, not {np.shape(a)}, {np.shape(b)}")
    return float(_cosines(a, np.asarray(b)[None])[0])


def _cosines(query: Floats, rows: Floats) -> Floats:
    if np.ndim(query) != 1 or np.ndim(rows) != 2 or np.shape(rows)[1] != len(query):
        raise ValueError(f"a query for rows {np.shape(rows)} can't have shape {np.shape(query)}")
    ours, theirs = np.asarray(query, np.float64), np.asarray(rows, np.float64)
    lengths = np.linalg.norm(theirs, axis=1) * np.linalg.norm(ours)
    none = lengths == 0
    return np.asarray(np.where(none, 0.0, theirs @ ours / np.where(none, 1.0, lengths)), np.float32)


def _rerank(query: Floats, rows: Floats, ids: Ids, k: int) -> tuple[Floats, Ids]:
    chosen = np.asarray(ids, np.int64)
    if len(chosen) and not 0 <= chosen.min() <= chosen.max() < len(rows):
        raise IndexError(
            f"there are {len(rows)} rows, ids go from {chosen.min()} to {chosen.max()}"
        )
    scores = _cosines(query, rows[chosen])
    order = np.argsort(-scores, kind="stable")[:k]
    return scores[order], chosen[order]
