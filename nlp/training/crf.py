"""Trains a linear-chain CRF over hashed features: AdaGrad, dropped templates, averaged weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.engines.tagger import chain
from nlp.engines.tagger.chain import Chains, Floats
from nlp.engines.tagger.features import BITS
from nlp.engines.tagger.model import Table
from nlp.engines.tagger.tags import COUNT, MAY_FOLLOW, OUTSIDE, Tags

Features = NDArray[np.int32]
Example = tuple[Features, Tags]  # of one text: [n, features], [n]


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train; the defaults are the recipe's."""

    epochs: int = 10
    rate: float = 0.3
    decay: float = 1e-3  # L2, on the features of a batch
    drop: float = 0.4  # share of templates left out of a batch
    batch: int = 25  # texts
    least: int = 2  # occurrences of a feature
    average_from: float = 0.5  # of training
    seeds: tuple[int, ...] = (1, 2, 3, 4)
    rows: int = 130_000  # features kept


def train(examples: Sequence[Example], settings: Settings) -> tuple[Table, Floats]:
    """The weights of the features that carry most, and the transitions of tags.

    One run with every common feature chooses `rows` of them; the mean of further runs, one for each
    seed, weighs those.
    """
    places, seen = common([features for features, _ in examples], settings.least)
    weights, moves = _run(examples, places, settings, settings.seeds[0])
    if len(places) > settings.rows:
        places = strongest(places, weights, seen, settings.rows)
        weights, moves = _run(examples, places, settings, settings.seeds[0])
    for seed in settings.seeds[1:]:
        more, further = _run(examples, places, settings, seed)
        weights, moves = weights + more, moves + further
    runs = len(settings.seeds)
    return Table(places.astype(np.uint32), weights / np.float32(runs)), moves / runs


def _run(
    examples: Sequence[Example], places: NDArray[np.int64], settings: Settings, seed: int
) -> tuple[NDArray[np.float32], Floats]:
    """Averaged weights [places + 1, tags] and transitions of one run."""
    rng = np.random.default_rng(seed)
    rows = np.zeros(1 << BITS, np.int32)
    rows[places] = np.arange(1, len(places) + 1)
    order = rng.permutation(len(examples))
    batches = [
        _Batch([(rows[examples[i][0]], examples[i][1]) for i in order[at : at + settings.batch]])
        for at in range(0, len(examples), settings.batch)
    ]
    weights = np.zeros((len(places) + 1, COUNT), np.float32)
    slopes = np.full_like(weights, 1e-8)
    moves, bends = np.zeros((COUNT, COUNT)), np.full((COUNT, COUNT), 1e-8)
    mean, mean_moves, summed = np.zeros_like(weights), np.zeros_like(moves), 0
    for step, (done, batch) in enumerate(_schedule(batches, settings.epochs, rng)):
        kept = np.flatnonzero(rng.random(batch.width) >= settings.drop)
        own = weights[batch.used]
        slope, bend = batch.slopes(own, moves, kept)
        slope += np.float32(settings.decay) * own
        slope[batch.used == 0] = 0
        rate = settings.rate * (1 - 0.9 * done)
        total = slopes[batch.used] + slope * slope
        slopes[batch.used] = total
        weights[batch.used] = own - np.float32(rate) * slope / np.sqrt(total)
        bends += bend * bend
        moves -= rate * bend / np.sqrt(bends)
        if done >= settings.average_from and step % 5 == 0:
            mean, mean_moves, summed = mean + weights, mean_moves + moves, summed + 1
    if not summed:
        return weights, moves
    return mean / np.float32(summed), mean_moves / summed


def common(matrices: Sequence[Features], least: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places of features seen `least` times, rising, and how often each was seen."""
    seen = np.zeros(1 << BITS, np.int64)
    for matrix in matrices:
        seen += np.bincount(matrix.ravel(), minlength=len(seen))
    seen[0] = 0
    places = np.flatnonzero(seen >= least)
    return places, seen[places]


def strongest(
    places: NDArray[np.int64], weights: NDArray[np.float32], seen: NDArray[np.int64], count: int
) -> NDArray[np.int64]:
    """The `count` places that move scores most: by weight and by how often they do."""
    centred = weights[1:] - weights[1:].mean(1, keepdims=True)
    strength = np.abs(centred).max(1) * np.sqrt(seen)
    return np.sort(places[np.argsort(-strength, kind="stable")[:count]])


def _schedule(
    batches: list[_Batch], epochs: int, rng: np.random.Generator
) -> Iterator[tuple[float, _Batch]]:
    for epoch in range(epochs):
        for number, at in enumerate(rng.permutation(len(batches)).tolist()):
            yield (epoch + number / len(batches)) / epochs, batches[at]


class _Batch:
    """Some texts as one row of tokens, with the places of each feature side by side."""

    def __init__(self, examples: list[Example]) -> None:
        sizes = np.array([len(tags) for _, tags in examples], np.int64)
        self.tags = np.concatenate([tags for _, tags in examples])
        features = np.concatenate([matrix for matrix, _ in examples])
        self.width = features.shape[1]
        self.used, of = np.unique(features, return_inverse=True)
        self._features = of.reshape(features.shape).T.astype(np.int32)
        order = np.argsort(of.ravel(), kind="stable")
        self._starts = np.searchsorted(of.ravel()[order], np.arange(len(self.used)))
        self._tokens, self._templates = order // self.width, order % self.width
        self._chains = Chains(np.cumsum(sizes) - sizes, sizes)
        edges = np.full(1, OUTSIDE)
        self._moves = np.zeros((COUNT, COUNT))
        for _, tags in examples:
            row = np.concatenate((edges, tags, edges))
            np.add.at(self._moves, (row[:-1], row[1:]), 1)

    def slopes(
        self, own: NDArray[np.float32], moves: Floats, kept: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], Floats]:
        """Gradients of the negative log likelihood for the batch's rows and the transitions."""
        more = self.width / max(1, len(kept))  # makes up for the templates left out
        scores = np.zeros((len(self.tags), COUNT), np.float32)
        for template in kept:
            scores += own[self._features[template]]
        _, chance, expected = chain.marginals(self._chains, scores.astype(np.float64) * more, moves)
        chance[np.arange(len(chance)), self.tags] -= 1
        shares = np.zeros(self.width, np.float32)
        shares[kept] = more
        each = chance.astype(np.float32)[self._tokens] * shares[self._templates, None]
        slope = np.add.reduceat(each, self._starts, axis=0)
        return slope, np.where(MAY_FOLLOW, expected - self._moves, 0.0)
