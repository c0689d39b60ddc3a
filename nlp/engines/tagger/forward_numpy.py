"""The reference forward pass: scores of tags by summed rows of weights, in NumPy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]


class Forward:
    """Weights on the host; thread-safe, nothing changes after construction."""

    __slots__ = ("_table",)

    def __init__(self, table: Scores) -> None:
        """`table` [rows, tags]; row 0 is that of no feature: zeros."""
        self._table = table

    def __call__(self, rows: NDArray[np.int32]) -> Scores:
        """Scores [n, tags] of the tokens' features [n, features], given as rows of the table."""
        out = np.zeros((len(rows), self._table.shape[1]), np.float32)
        some = np.empty_like(out)
        for column in np.ascontiguousarray(rows.T):
            # every row exists; "clip" spares a copy that guards `out` against one that doesn't
            self._table.take(column, axis=0, out=some, mode="clip")
            out += some
        return out
