"""From scores of tags to mentions: the same word reads alike throughout a text."""

from __future__ import annotations

import numpy as np

from nlp.engines.tagger import chain
from nlp.engines.tagger.chain import Chains, Floats
from nlp.engines.tagger.tags import OUTSIDE, Mention, mentions_of
from nlp.engines.tagger.words import LOWER, Hashes

_SURE = 9.0  # margin of OUTSIDE that no neighbour overturns
_ENOUGH = 3  # other places of a word that count in full
_LEAST = 0.02  # probability below which places are alike


def decode(
    scores: Floats, transitions: Floats, columns: Hashes, *, bias: float, agreement: float
) -> list[tuple[Mention, float]]:
    """The mentions of a text, in order, each with its probability.

    `scores` [n, tags]; `bias` is taken from OUTSIDE, for recall; `agreement` weighs what the same
    word is at its other places in the text (after Krishnan & Manning 2006).
    """
    scores = scores.astype(np.float64)
    scores[:, OUTSIDE] -= bias
    chains = stretches(scores)
    _, chance, _ = chain.marginals(chains, scores, transitions)
    agreed = scores + agreement * _others(chance, columns[:, LOWER])
    tags = chain.best(chains, agreed, transitions)
    _, chance, _ = chain.marginals(chains, agreed, transitions)
    likely = chance[np.arange(len(tags)), tags]
    return [(m, float(likely[m[0] : m[1] + 1].min())) for m in mentions_of(tags)]


def stretches(scores: Floats) -> Chains:
    """The stretches between tokens that are surely outside."""
    rest = scores.copy()
    rest[:, OUTSIDE] = -np.inf
    unsure = np.concatenate(
        ([False], scores[:, OUTSIDE] - rest.max(1, initial=-np.inf) < _SURE, [False])
    )
    edges = np.flatnonzero(unsure[1:] != unsure[:-1])
    return Chains(edges[::2], edges[1::2] - edges[::2])


def _others(chance: Floats, words: Hashes) -> Floats:
    """What a word's other places in the text say against this one, in log odds, [n, tags]."""
    chance = chance.copy()
    chance[chance.sum(1) == 0, OUTSIDE] = 1
    _, of, count = np.unique(words, return_inverse=True, return_counts=True)
    total = np.zeros((len(count), chance.shape[1]))
    np.add.at(total, of, chance)
    others = (count[of] - 1)[:, None]
    mean = (total[of] - chance) / np.maximum(others, 1)
    trust = np.minimum(others, _ENOUGH) / _ENOUGH
    difference = np.log(np.maximum(mean, _LEAST)) - np.log(np.maximum(chance, _LEAST))
    return np.asarray(trust * difference)
