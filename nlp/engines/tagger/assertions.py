"""What stands around a mention as hashed features, and what they say is claimed of it."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from nlp.engines.tagger.features import BITS
from nlp.engines.tagger.forward_numpy import Scores
from nlp.engines.tagger.words import word_hash
from nlp.types import Assertion

OUTCOMES = tuple(Assertion)

_LEFT, _RIGHT = 12, 8  # words read on either side
_STOPS = frozenset(
    word_hash(x) for x in ("but", "however", "although", "except", "who", "which", ";", ".", ":")
)
_CLEAR = 0.9  # probability of an outcome that is told
_NEAR = (0, 1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 4)  # classes of distance
FEATURES = 3 * (_LEFT + _RIGHT) + 3


def around(
    words: Sequence[int], first: int, last: int, bounds: tuple[int, int], section: str
) -> NDArray[np.int32]:
    """The features of one mention, [FEATURES], as places in the table; 0 where there is none.

    `words` are the hashes of the text's tokens, `first` and `last` those of the mention, `bounds`
    the half-open range of its sentence's tokens, `section` the key of its section.
    """
    sides = (
        (1, range(first - 1, max(bounds[0], first - _LEFT) - 1, -1)),
        (2, range(last + 1, min(bounds[1], last + 1 + _RIGHT))),
    )
    out = [
        _place(3, crc32(section.encode()), 0),
        _place(4, words[bounds[0]], int(first == bounds[0])),
        _place(5, words[first], 0),
    ]
    for side, reach in sides:
        stops, before = 0, 1
        for distance, at in enumerate(reach):
            word = words[at]
            out.append(_place(side, word, 8 + stops))
            out.append(_place(side, word, 16 + _NEAR[distance]))
            out.append(_place(side, (word * 31 + before) & 0xFFFFFFFF, 32 + stops))
            stops = min(2, stops + (word in _STOPS))
            before = word
    return np.array(out + [0] * (FEATURES - len(out)), np.int32)


def told(scores: Scores) -> list[Assertion | None]:
    """The outcome of each row of scores [mentions, outcomes]; None where it isn't clear."""
    chance = np.exp(scores - scores.max(1, keepdims=True))
    chance /= chance.sum(1, keepdims=True)
    best = zip(chance.argmax(1).tolist(), chance.max(1).tolist(), strict=True)
    return [OUTCOMES[outcome] if likely >= _CLEAR else None for outcome, likely in best]


def _place(kind: int, word: int, more: int) -> int:
    mixed = ((word ^ (kind * 64 + more) * 0x9E3779B1) * 0x85EBCA6B) & 0xFFFFFFFF
    mixed = ((mixed ^ mixed >> 15) * 0xC2B2AE35) & 0xFFFFFFFF
    return mixed >> (32 - BITS) | 1
