"""What stands around a mention as hashed features, and what they say is claimed of it."""

from __future__ import annotations

from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from nlp.engines.tagger.features import BITS
from nlp.engines.tagger.forward_numpy import Scores
from nlp.engines.tagger.words import Hashes, word_hash
from nlp.types import Assertion

OUTCOMES = tuple(Assertion)

_LEFT, _RIGHT = 12, 8  # words read on either side
STOPS = np.array(
    [word_hash(x) for x in ("but", "however", "although", "except", "who", "which", ";", ".", ":")],
    np.uint32,
)
_CLEAR = 0.9  # probability of an outcome that is told
_NEAR = np.array((0, 1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 4), np.uint32)  # classes of distance
_NOTHING = np.zeros(1, np.uint32)
FEATURES = 3 * (_LEFT + _RIGHT) + 3


def section_hash(key: str) -> int:
    """The hash of a section's key."""
    return crc32(key.encode())


def around(words: Hashes, mentions: NDArray[np.int32]) -> NDArray[np.int32]:
    """The features of mentions, [mentions, FEATURES], as places in the table; zeros last.

    `words` are the hashes of the tokens; of each mention `mentions` [mentions, 5] has the first and
    last token, the half-open range of its sentence's tokens, and its section's hash.
    """
    first, last, low, high, section = mentions.T[:, :, None]
    named, opening = section.astype(np.uint32), (first == low).astype(np.uint32)
    left, right = first - 1 - np.arange(_LEFT), last + 1 + np.arange(_RIGHT)
    out = np.concatenate(
        (
            _places(3, named, _NOTHING),
            _places(4, words[low], opening),
            _places(5, words[first], _NOTHING),
            _side(words, 1, left, left >= low),
            _side(words, 2, right, right < high),
        ),
        axis=1,
    )
    return np.take_along_axis(out, np.argsort(out == 0, axis=1, kind="stable"), axis=1)


def _side(
    words: Hashes, side: int, at: NDArray[np.int64], there: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """Three features of each of the tokens `at` [mentions, reach], the nearest first."""
    word = np.where(there, words[np.where(there, at, 0)], np.uint32(0))
    is_stop = np.isin(word, STOPS) & there
    stops = np.minimum(np.cumsum(is_stop, axis=1) - is_stop, 2).astype(np.uint32)
    before = np.ones_like(word)
    before[:, 1:] = word[:, :-1]
    features = (
        _places(side, word, np.uint32(8) + stops),
        _places(side, word, np.uint32(16) + _NEAR[: at.shape[1]]),
        _places(side, word * np.uint32(31) + before, np.uint32(32) + stops),
    )
    return np.where(there[:, :, None], np.stack(features, axis=2), 0).reshape(len(at), -1)


def _places(kind: int, word: Hashes, more: Hashes) -> NDArray[np.int32]:
    """Where features have their weights; `more` tells those of one word apart."""
    mixed = (word ^ (np.uint32(kind * 64) + more) * np.uint32(0x9E3779B1)) * np.uint32(0x85EBCA6B)
    mixed = (mixed ^ mixed >> np.uint32(15)) * np.uint32(0xC2B2AE35)
    return (mixed >> np.uint32(32 - BITS) | np.uint32(1)).astype(np.int32)


def outcomes(scores: Scores) -> list[Assertion | None]:
    """The outcome of each row of scores [mentions, outcomes]; None where it isn't clear."""
    chance = np.exp(scores - scores.max(1, keepdims=True))
    chance /= chance.sum(1, keepdims=True)
    best = zip(chance.argmax(1).tolist(), chance.max(1).tolist(), strict=True)
    return [OUTCOMES[outcome] if likely >= _CLEAR else None for outcome, likely in best]
