"""The passes of a linear tagger over a text, compiled: tokens and columns, sums of weights, chains.

They take what the tagger's tables say as arrays. Their reference is the NumPy form of each in
`nlp.engines.tagger`, which also serves where `available()` says no.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.native import address, function, library

WIDTH = 51  # columns of a token
MARGIN = 4  # rows of ones before and after a text
TAGS = 9
BITS = 22  # of a feature's place

Hashes = NDArray[np.uint32]
Ints = NDArray[np.int32]
Template = tuple[int, bool, tuple[int, ...]]  # salt, whether it always counts, parts' places

_LANES = 16
_MOST_PARTS = 5
_NEVER = -1e9
_BEYOND = re.compile(r"[^\x00-\x7f]")
_BEGINS = 0x80  # the bytes that stand for characters beyond ASCII, as tagger_words.mojo reads them
_MARK, _LETTER, _DIGIT = (chr(_BEGINS + number) for number in range(3))


def available() -> bool:
    """Whether the compiled form can be used here."""
    return library("tagger") is not None


def _call(name: str, signature: str, *given: Any) -> int:
    found = function("tagger", name, signature)
    if found is None:
        raise RuntimeError("the compiled tagger can't be used here: ask available() first")
    return found(*given)


def narrow(text: str) -> bytes:
    """A text with a byte for each character: one beyond ASCII by its class alone."""
    if text.isascii():
        return text.encode()
    return _BEYOND.sub(lambda found: _class(found[0]), text).encode("latin-1")


def _class(character: str) -> str:
    if character.isspace():
        return " "
    return _DIGIT if character.isdecimal() else _LETTER if character.isalnum() else _MARK


def split(raw: bytes) -> Ints:
    """The tokens of a narrow text, [n, 2]: runs of letters, runs of digits, single marks."""
    places = np.empty((len(raw) + 1, 2), np.int32)
    return places[: _call("split", "bna", raw, len(raw), address(places))].copy()


def beyond(raw: bytes, places: Ints) -> NDArray[np.int64]:
    """The numbers of the tokens that hold characters beyond ASCII."""
    offsets = np.flatnonzero(np.frombuffer(raw, np.uint8) >= _BEGINS)
    return np.unique(np.searchsorted(places[:, 0], offsets, side="right") - 1)


class Columns:
    """What is told of tokens: hashes of their form, the lexicon's word, what stands beside them.

    Threads may share it.
    """

    __slots__ = ("_arrays", "_handle")

    def __init__(
        self,
        words: Hashes,
        facets: NDArray[np.uint8],
        phrases: Hashes,
        kinds: NDArray[np.uint8],
        brackets: tuple[int, int],
    ) -> None:
        """`words` and `phrases` are hashes in rising order, `brackets` those of "(" and ")"."""
        self._arrays = tuple(
            np.array(each)
            for each in (words, _buckets(words), facets, phrases, _buckets(phrases), kinds, _crc())
        )
        places = [each.ctypes.data for each in self._arrays]
        self._handle = np.array([*places, *brackets], np.int64)

    def __call__(
        self,
        raw: bytes,
        places: Ints,
        known: tuple[NDArray[np.int64], Hashes] | None = None,
        last: Ints | None = None,
    ) -> tuple[Hashes, Ints]:
        """The columns [MARGIN + n + MARGIN, WIDTH] of a narrow text's tokens, their links [n, 4].

        `known` are the tokens beyond ASCII and their own columns [m, 24]. `last` has at each short
        form the last token of its long form, elsewhere -1. Links are a word's first token, its
        tokens, the one before and the one after, or -1.
        """
        count = len(places)
        padded = np.empty((count + 2 * MARGIN, WIDTH), np.uint32)
        links = np.empty((count + 1, 4), np.int32)
        if known is not None:
            padded[MARGIN + known[0], : known[1].shape[1]] = known[1]
        table = np.empty(1 << (2 * count + 1).bit_length(), np.int32)
        _call(
            "describe",
            "abnaaaann",
            address(self._handle),
            raw,
            count,
            address(places) if count else 0,
            address(padded),
            address(links),
            address(table),
            len(table),
            0 if last is None else address(last),
        )
        return padded, links[:count]


class Sums:
    """The scores of tokens: summed weights of their features. Threads may share it."""

    __slots__ = ("_arrays", "_handle")

    def __init__(
        self, templates: Sequence[Template], places: Hashes, weights: NDArray[np.float32]
    ) -> None:
        """`weights` [1 + features, TAGS] belong to the rising `places`, the first row to none.

        A template's parts are offsets from a token's row in the padded columns.
        """
        blocks = _blocks(templates)
        self._arrays = (blocks, _ranked(places), _rows(weights))
        handles = [each.ctypes.data for each in self._arrays]
        self._handle = np.array([*handles, len(blocks), len(templates), TAGS], np.int64)

    def __call__(self, padded: Hashes) -> NDArray[np.float32]:
        """Scores [n, TAGS] of columns with their margins."""
        count = len(padded) - 2 * MARGIN
        scores = np.empty(count * TAGS + _LANES, np.float32)
        places = (address(each) for each in (self._handle, padded))
        _call("sums", "aana", *places, count, address(scores))
        return scores[: count * TAGS].reshape(count, TAGS)


class Claims:
    """What is claimed of mentions, by the words around them. Threads may share it."""

    __slots__ = ("_arrays", "_handle", "_outcomes")

    def __init__(self, places: Hashes, weights: NDArray[np.float32], stops: Hashes) -> None:
        """`weights` [1 + features, outcomes] belong to the rising `places`, the first row to none.

        `stops` are the hashes of words that end a cue's scope.
        """
        self._arrays = (_ranked(places), _rows(weights), np.array(stops))
        self._outcomes = weights.shape[1]
        handles = [each.ctypes.data for each in self._arrays]
        self._handle = np.array([*handles, self._outcomes, len(stops)], np.int64)

    def __call__(self, padded: Hashes, mentions: Ints) -> NDArray[np.float32]:
        """Scores [n, outcomes] of mentions in columns with their margins.

        Of each, `mentions` [n, 5] has the first and last token, the half-open range of its
        sentence's tokens, and its section's hash as int32.
        """
        count = len(mentions)
        scores = np.empty(count * self._outcomes + _LANES, np.float32)
        places = (address(each) for each in (self._handle, padded, mentions))
        _call("claims", "aaana", *places, count, address(scores))
        return scores[: count * self._outcomes].reshape(count, self._outcomes)


class Decoder:
    """From scores to mentions, by chains with these transitions. Threads may share it."""

    __slots__ = ("_moves",)

    def __init__(self, transitions: NDArray[np.float64], allowed: NDArray[np.bool_]) -> None:
        """`transitions` [TAGS, TAGS] are logarithms, `allowed` says which tag may follow which."""
        self._moves = np.zeros((3, TAGS, _LANES))
        self._moves[0, :, :TAGS] = np.where(allowed, transitions, _NEVER)
        self._moves[1, :, :TAGS] = np.where(allowed, np.exp(transitions), 0.0)
        self._moves[2, :, :TAGS] = self._moves[1, :, :TAGS].T

    def __call__(
        self, scores: NDArray[np.float32], links: Ints, bias: float, agreement: float
    ) -> list[tuple[int, int, int, float]]:
        """Each mention's first and last token, its kind and its probability, in order."""
        count = len(scores)
        if not count:
            return []
        doubles = np.empty(4 * count * _LANES)
        integers = np.empty((_LANES + 3) * count, np.int32)
        found, chances = np.empty((count, 3), np.int32), np.empty(count)
        number = _call(
            "decode",
            "affanaaaaa",
            address(self._moves),
            bias,
            agreement,
            address(scores),
            count,
            *(address(each) for each in (links, doubles, integers, found, chances)),
        )
        rows = zip(found[:number].tolist(), chances[:number].tolist(), strict=True)
        return [(first, last, kind, chance) for (first, last, kind), chance in rows]


def _buckets(hashes: Hashes) -> Ints:
    """Where hashes with each upper half begin, [65537]."""
    return np.searchsorted(hashes >> np.uint32(16), np.arange((1 << 16) + 1)).astype(np.int32)


def _ranked(places: Hashes) -> Hashes:
    """One bit for each place that carries weight, beside 32 of them how many stand before those."""
    bits = np.zeros(1 << BITS, np.uint8)
    bits[places] = 1
    counts = bits.reshape(-1, 32).sum(1, dtype=np.uint32)
    words = np.packbits(bits, bitorder="little").view(np.uint32)
    return np.stack((words, np.cumsum(counts, dtype=np.uint32) - counts), axis=1)


def _rows(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """The weights, and room to read a whole register behind them."""
    return np.concatenate((weights.ravel(), np.zeros(_LANES, np.float32)))


def _crc() -> Hashes:
    """The table of CRC-32 (ISO 3309), a byte at a step."""
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, table >> 1 ^ np.uint32(0xEDB88320), table >> 1)
    return table


def _blocks(templates: Sequence[Template]) -> Ints:
    """Sixteen templates of as many parts each, as tagger_sums.mojo reads them."""
    blocks = []
    sizes = sorted({len(parts) for _, _, parts in templates})
    for size in sizes:
        alike = [at for at, (_, _, parts) in enumerate(templates) if len(parts) == size]
        for first in range(0, len(alike), _LANES):
            block = np.zeros((4 + _MOST_PARTS, _LANES), np.int32)
            block[0] = size
            block[3] = len(templates)
            for lane, number in enumerate(alike[first : first + _LANES]):
                salt, always, parts = templates[number]
                block[1].view(np.uint32)[lane] = salt
                block[2, lane], block[3, lane] = always, number
                block[4 : 4 + size, lane] = parts
            blocks.append(block)
    return np.stack(blocks)
