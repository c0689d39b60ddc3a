"""Trains the assertion classifier: multinomial logistic regression over hashed features."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from nlp import document
from nlp.engines.tagger.assertions import OUTCOMES, around
from nlp.engines.tagger.engine import placed
from nlp.engines.tagger.features import BITS, encode
from nlp.engines.tagger.lexicon import Lexicon
from nlp.engines.tagger.model import Table
from nlp.engines.tagger.words import LOWER, Words
from nlp.training.corpus import Text, mentions
from nlp.training.crf import common, strongest

_EPOCHS, _RATE, _BATCH = 12, 0.2, 64


def examples(
    texts: Iterable[Text], lexicon: Lexicon
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Features [mentions, features] and outcomes [mentions] of gold that claims something."""
    words = Words()
    features, outcomes = [], []
    for each in texts:
        encoded = encode(each.text, words, lexicon)
        found = mentions(encoded, each)
        said = {gold.start: gold.assertion for gold in each.gold}
        if not found:
            continue
        places = placed(document.read(each.text), encoded, found)
        rows = around(encoded.columns[:, LOWER], places)
        for (first, _, _), row in zip(found, rows, strict=True):
            assertion = said.get(int(encoded.places[first, 0]))
            if assertion is not None:
                features.append(row)
                outcomes.append(OUTCOMES.index(assertion))
    return np.stack(features), np.array(outcomes, np.int64)


def train(
    features: NDArray[np.int32], outcomes: NDArray[np.int64], *, rows: int, seed: int
) -> Table:
    """The `rows` strongest weights, averaged over the second half of training."""
    rng = np.random.default_rng(seed)
    places, seen = common([features], 3)
    of = np.zeros(1 << BITS, np.int32)
    of[places] = np.arange(1, len(places) + 1)
    known = of[features]
    weights = np.zeros((len(places) + 1, len(OUTCOMES)), np.float32)
    slopes, mean, summed = np.full_like(weights, 1e-8), np.zeros_like(weights), 0
    for epoch in range(_EPOCHS):
        order = rng.permutation(len(outcomes))
        for at in range(0, len(order), _BATCH):
            batch = order[at : at + _BATCH]
            near = known[batch] * (rng.random(known[batch].shape) >= 0.2)
            scores = weights[near].sum(1)
            chance = np.exp(scores - scores.max(1, keepdims=True))
            chance /= chance.sum(1, keepdims=True)
            chance[np.arange(len(batch)), outcomes[batch]] -= 1
            used, where = np.unique(near, return_inverse=True)
            slope = np.zeros((len(used), len(OUTCOMES)), np.float32)
            np.add.at(slope, where.reshape(near.shape), chance[:, None, :])
            slope += np.float32(1e-3) * weights[used]
            slope[used == 0] = 0
            slopes[used] += slope * slope
            weights[used] -= (
                np.float32(_RATE * (1 - epoch / _EPOCHS)) * slope / np.sqrt(slopes[used])
            )
        if epoch >= _EPOCHS // 2:
            mean, summed = mean + weights, summed + 1
    mean /= np.float32(summed)
    kept = strongest(places, mean, seen, rows)
    none = np.zeros((1, mean.shape[1]), np.float32)
    return Table(kept.astype(np.uint32), np.concatenate((none, mean[of[kept]])))
