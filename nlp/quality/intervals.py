"""How far a figure may be chance: the bootstrap over documents."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nlp.quality.measures import Counts

DRAWS = 1000
SEED = 20260101


def interval(counts: Sequence[Counts], draws: int = DRAWS) -> tuple[float, float]:
    """The 95 % interval of F1 of documents drawn again with replacement (Efron 1979).

    One document says nothing of chance: its interval is 0..1. The draws are always the same.
    """
    if len(counts) < 2:
        return 0.0, 1.0
    table = np.array([(c.tp, c.fp, c.fn) for c in counts], np.float64)
    rng = np.random.default_rng(SEED)
    drawn = table[rng.integers(0, len(table), (draws, len(table)))].sum(axis=1)
    whole = 2 * drawn[:, 0] + drawn[:, 1] + drawn[:, 2]
    f1 = np.divide(2 * drawn[:, 0], whole, out=np.zeros_like(whole), where=whole > 0)
    low, high = np.percentile(f1, (2.5, 97.5))
    return float(low), float(high)
