"""The forward pass on MLX: Metal on a Mac, CUDA or the CPU on Linux; the same numbers."""

from __future__ import annotations

import mlx.core as mx
import numpy as np
from numpy.typing import NDArray

from nlp.engines.tagger.forward_numpy import Scores


class Forward:
    """Weights on MLX's default device.

    Streams belong to threads, so every call takes the stream of the thread it runs on.
    """

    __slots__ = ("_table",)

    def __init__(self, table: Scores) -> None:
        """`table` [rows, tags]; row 0 is that of no feature: zeros."""
        self._table = mx.array(table)
        mx.eval(self._table)

    def __call__(self, rows: NDArray[np.int32]) -> Scores:
        """Scores [n, tags] of the tokens' features [n, features], given as rows of the table."""
        if not len(rows):
            return np.zeros((0, self._table.shape[1]), np.float32)
        scores = mx.take(self._table, mx.array(rows), axis=0).sum(axis=1)
        return np.array(scores, dtype=np.float32)
