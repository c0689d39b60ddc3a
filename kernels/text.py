"""Text to tokens: words with offsets and hashes, and sentence starts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kernels.fold import fold
from kernels.native import address, function

_WORD = re.compile(r"[a-z0-9\x80-\U0010ffff]+")
_GAP = re.compile(r"[ \t-\r]+")
_BLANK_LINE = re.compile(r"\n[^\n]*\n")
_MASK = (1 << 64) - 1
_K1, _K2 = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93
_PAD = 64  # the kernel reads and writes whole vectors
_LARGEST = 2**31 - 1 - _PAD


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The words of one text. `starts`, `ends` and `sentences` are code-point offsets into it.

    `utf8` is the normalised text in UTF-8 and `byte_starts`, `byte_ends` are the words' places in
    it (the very same arrays as `starts`, `ends` where that is ASCII). `hashes` are 64 bits wide and
    equal in both back ends, so an index made by one serves the other. `addresses` are those of
    hashes, byte_starts, byte_ends and utf8, which can be read for 64 bytes past its end.
    """

    starts: NDArray[np.int32]  # [n]
    ends: NDArray[np.int32]  # [n]
    hashes: NDArray[np.uint64]  # [n]
    sentences: NDArray[np.int32]  # [m]
    utf8: NDArray[np.uint8]
    byte_starts: NDArray[np.int32]  # [n]
    byte_ends: NDArray[np.int32]  # [n]
    addresses: tuple[int, int, int, int]

    def __len__(self) -> int:
        return len(self.starts)

    def words(self) -> list[str]:
        """The normalised words."""
        raw = self.utf8.tobytes()
        places = zip(self.byte_starts.tolist(), self.byte_ends.tolist(), strict=True)
        return [raw[start:end].decode() for start, end in places]


def normalise(text: str) -> str:
    """The text folded to ASCII where it can be, in lower case: `len(normalise(t)) == len(t)`."""
    return fold(text).lower()


def words(text: str) -> list[str]:
    """The normalised words of a text, in order: what tokenize() finds, without the offsets."""
    return _WORD.findall(normalise(text))


def tokenize(text: str) -> Tokens:
    """The words and sentence starts of a text.

    A word is a run of a-z, 0-9 and letters of other scripts in `normalise(text)`. A sentence starts
    at 0, where white space after one of .!? ends before a capital or a digit, and after a blank
    line; who needs to know abbreviations judges these starts further. Raises ValueError for a text
    of 2 GiB.
    """
    flat = fold(text)
    raw = flat.encode()
    if len(raw) > _LARGEST:
        raise ValueError(f"a text of {len(raw)} bytes is too long to tokenize, split it")
    call = function("text", "tokenize", "bnnaaaaaaaa")
    return _reference(flat) if call is None else _compiled(call, raw, len(raw) == len(flat))


def _compiled(call: Callable[..., int], raw: bytes, ascii_only: bool) -> Tokens:
    size = len(raw)
    most = size // 2 + 1
    # one allocation, one address: hashes, two counts, five columns, the lower-cased text
    counts, columns = 2 * most, 2 * most + 2
    low = columns + 5 * most
    memory = np.empty(low + (size + _PAD) // 4 + 1, np.int32)
    base = address(memory)
    at = range(base + 4 * columns, base + 4 * low, 4 * most)
    call(raw, size, not ascii_only, base + 4 * low, base, *at, base + 4 * counts)
    found, sentences = memory[counts:columns].tolist()
    places = [memory[first : first + found] for first in range(columns, low, most)]
    return Tokens(
        starts=places[0 if ascii_only else 2],
        ends=places[1 if ascii_only else 3],
        hashes=memory[: 2 * found].view(np.uint64),
        sentences=memory[low - most : low - most + sentences],
        utf8=memory[low:].view(np.uint8)[:size],
        byte_starts=places[0],
        byte_ends=places[1],
        addresses=(base, at[0], at[1], base + 4 * low),
    )


def _reference(flat: str) -> Tokens:
    low = flat.lower()
    raw = low.encode()
    spans = [match.span() for match in _WORD.finditer(low)]
    offsets = np.array(spans, np.int32).reshape(-1, 2)
    starts, ends = offsets[:, 0].copy(), offsets[:, 1].copy()
    byte_starts, byte_ends = starts, ends
    if len(raw) != len(low):
        codes = np.frombuffer(low.encode("utf-32-le"), np.uint32)
        sizes = 1 + (codes > 0x7F).astype(np.int32) + (codes > 0x7FF) + (codes > 0xFFFF)
        places = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
        byte_starts, byte_ends = places[starts], places[ends]
    hashes = np.array([token_hash(low[start:end]) for start, end in spans], np.uint64)
    sentences = np.array(_sentences(flat), np.int32)
    utf8 = np.frombuffer(raw + bytes(_PAD), np.uint8)[: len(raw)]
    read = (hashes, byte_starts, byte_ends, utf8)
    first, second, third, fourth = (array.ctypes.data for array in read)
    addresses = (first, second, third, fourth)
    return Tokens(starts, ends, hashes, sentences, utf8, byte_starts, byte_ends, addresses)


@lru_cache(maxsize=65_536)
def token_hash(word: str) -> int:
    """The 64-bit hash of one normalised word, eight bytes at a step."""
    raw = word.encode()
    mixed = _K1 ^ len(raw)
    for at in range(0, len(raw), 8):
        mixed = ((mixed ^ int.from_bytes(raw[at : at + 8], "little")) * _K2) & _MASK
        mixed ^= mixed >> 32
    mixed = (mixed * _K1) & _MASK
    return mixed ^ (mixed >> 29)


def _sentences(flat: str) -> list[int]:
    starts = [0] if flat else []
    for gap in _GAP.finditer(flat):
        start, end = gap.span()
        if end == len(flat):
            continue
        after, before = flat[end], flat[start - 1] if start else ""
        stopped = before in (".", "!", "?") and ("A" <= after <= "Z" or "0" <= after <= "9")
        if stopped or _BLANK_LINE.search(gap.group()):
            starts.append(end)
    return starts
