"""Linear chains of tags (Lafferty 2001), many at once: marginals, likelihood, best tags.

Each chain stands between two tokens outside of any mention, so it starts and ends well-formed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nlp.engines.tagger.tags import MAY_FOLLOW, OUTSIDE, Tags

Floats = NDArray[np.float64]


class Chains:
    """Stretches of one long row of tokens, read step by step: the longest first."""

    __slots__ = ("firsts", "lasts", "steps")

    def __init__(self, firsts: NDArray[np.int64], sizes: NDArray[np.int64]) -> None:
        """`firsts` are the places of the chains' first tokens, `sizes` their tokens, 1 or more."""
        order = np.argsort(-sizes, kind="stable")
        self.firsts = firsts[order]
        sizes = sizes[order]
        self.lasts = self.firsts + sizes - 1
        longest = int(sizes[0]) if len(sizes) else 0
        counts = np.searchsorted(-sizes, -np.arange(longest), side="left")
        self.steps = [self.firsts[:count] + at for at, count in enumerate(counts.tolist())]


def weights(transitions: Floats) -> Floats:
    """exp of the transitions, [tags, tags]; 0 where one tag may not follow another."""
    return np.where(MAY_FOLLOW, np.exp(transitions), 0.0)


def marginals(chains: Chains, scores: Floats, transitions: Floats) -> tuple[float, Floats, Floats]:
    """Log of the chains' total weight, each tag's probability [n, tags], expected transitions.

    `scores` are those of tags, [n, tags]. Tokens outside of the chains have probability 0.
    """
    moves = weights(transitions)
    ahead, back, here = np.zeros_like(scores), np.zeros_like(scores), np.zeros_like(scores)
    top = scores.max(1, keepdims=True)
    likely = np.exp(scores - top)
    scale = np.ones(len(scores))
    state = np.empty((0, len(moves)))
    for at, rows in enumerate(chains.steps):
        state = (state[: len(rows)] @ moves if at else moves[OUTSIDE]) * likely[rows]
        total = state.sum(1)
        state = state / total[:, None]
        ahead[rows], scale[rows] = state, total
    ends = ahead[chains.lasts] @ moves[:, OUTSIDE]
    likely /= scale[:, None]
    back[chains.lasts] = moves[:, OUTSIDE] / ends[:, None]
    later = 0
    for rows, following in zip(
        chains.steps[::-1],
        [rows[:0] for rows in chains.steps[-1:]] + chains.steps[:0:-1],
        strict=True,
    ):
        later = len(following)
        back[rows[:later]] = here[following] @ moves.T
        here[rows] = likely[rows] * back[rows]
    inner = np.concatenate(chains.steps[1:]) if len(chains.steps) > 1 else chains.firsts[:0]
    expected = moves * (ahead[inner - 1].T @ here[inner])
    chance = ahead * back
    expected[OUTSIDE] += chance[chains.firsts].sum(0)
    expected[:, OUTSIDE] += chance[chains.lasts].sum(0)
    covered = np.concatenate(chains.steps) if chains.steps else chains.firsts[:0]
    log_total = float(np.log(scale[covered]).sum() + top[covered].sum() + np.log(ends).sum())
    return log_total, chance, expected


def best(chains: Chains, scores: Floats, transitions: Floats) -> Tags:
    """The likeliest well-formed tags of the chains (Viterbi); outside of them OUTSIDE."""
    moves = np.where(MAY_FOLLOW, transitions, -1e9)
    sums, came = np.zeros_like(scores), np.zeros(scores.shape, np.int64)
    for at, rows in enumerate(chains.steps):
        if at == 0:
            sums[rows] = scores[rows] + moves[OUTSIDE]
            continue
        ways = sums[rows - 1][:, :, None] + moves
        came[rows] = ways.argmax(1)
        sums[rows] = ways.max(1) + scores[rows]
    out = np.zeros(len(scores), np.int64)
    out[chains.lasts] = (sums[chains.lasts] + moves[:, OUTSIDE]).argmax(1)
    for rows in chains.steps[:0:-1]:
        out[rows - 1] = came[rows, out[rows]]
    return out
