"""Learns terminology/data/icd10cm_weights.tsv from phrases with their codes.

    python benchmarks/train_weights.py GOLD.tsv [DATA] > terminology/data/icd10cm_weights.tsv

GOLD has the columns `phrase` and `codes` (a comma between several that are right). Only phrases of
the half 0 are learnt from (MD5 of the phrase, last bit); the other half is for judging. A linear
model, softmax over the candidates of each phrase, Adam with decay, no randomness.
"""

from __future__ import annotations

import csv
import hashlib
import os
import sys
from pathlib import Path

import numpy as np

from terminology.building.build import build
from terminology.coding.diagnoses.weigh import FEATURES
from terminology.service import Terminology

STEPS, RATE, DECAY = 300, 0.05, 1e-3
LEAST = 0.02  # a smaller weight is left out
HEAD = """\
# Weights of the linear model that orders the codes a phrase may mean: what a feature adds
# source: written for this project by benchmarks/train_weights.py, from half of a set of phrases
# feature: terminology/coding/diagnoses/weigh.py says what each is
feature\tweight"""


def half(phrase: str) -> int:
    """0 or 1: the half of the set that a phrase belongs to."""
    return int(hashlib.md5(phrase.encode(), usedforsecurity=False).hexdigest(), 16) & 1


def learnt(groups: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """The weights that make right candidates likeliest; a group is (features, which are right)."""
    x = np.concatenate([features for features, _ in groups])
    right = np.concatenate([each for _, each in groups]).astype(np.float64)
    sizes = np.array([len(features) for features, _ in groups])
    starts = np.cumsum(sizes) - sizes
    weights, mean, square = (np.zeros(x.shape[1]) for _ in range(3))
    for step in range(1, STEPS + 1):
        worth = x @ weights
        share = np.exp(worth - np.repeat(np.maximum.reduceat(worth, starts), sizes))
        share /= np.repeat(np.add.reduceat(share, starts), sizes)
        correct = np.repeat(np.add.reduceat(share * right, starts), sizes)
        slope = x.T @ (share - share * right / np.maximum(correct, 1e-9)) / len(groups)
        slope += DECAY * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        rate = RATE * (1 - step / (STEPS + 1))
        weights -= rate * mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return weights


def main() -> None:
    """Writes the table to standard output."""
    place = Path(__file__).parents[1] / ".data"
    data = Path(sys.argv[2] if len(sys.argv) > 2 else os.environ.get("MEDPARSER_DATA", place))
    build(data)
    diagnoses = Terminology.open(data).diagnoses
    groups = []
    with Path(sys.argv[1]).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if half(row["phrase"]) == 0:
                codes, features = diagnoses.candidates(row["phrase"])
                right = np.array([code in row["codes"].split(",") for code in codes], bool)
                if right.any():
                    groups.append((features, right))
    print(HEAD)
    for name, weight in zip(FEATURES, learnt(groups), strict=True):
        if abs(weight) >= LEAST:
            print(f"{name}\t{weight:.3f}")


if __name__ == "__main__":
    main()
