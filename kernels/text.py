"""Text to tokens: words with offsets and hashes, and sentence starts."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kernels.fold import fold
from kernels.native import address, builtin, function

_WORD = re.compile(r"[a-z0-9\x80-\U0010ffff]+")
_GAP = re.compile(r"[ \t-\r]+")
_BLANK_LINE = re.compile(r"\n[^\n]*\n")
_MASK = (1 << 64) - 1
_K1, _K2 = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93
_PAD = _SLACK = 64  # bytes, entries: the kernel reads and writes whole vectors
_LARGEST = 2**31 - 1 - _PAD


class Tokens:
    """The words of one text. `starts`, `ends` and `sentences` are code-point offsets into it.

    `utf8` is the normalised text in UTF-8 and `byte_starts`, `byte_ends` are the words' places in
    it (the very same memory as `starts`, `ends` where that is ASCII). `hashes` are 64 bits wide and
    equal in both back ends, so an index made by one serves the other. All of them are views, made
    when asked for, of `memory`, which is laid out as text.mojo says; kernels are given that.
    """

    __slots__ = ("_sentences", "_slots", "_words", "memory", "size", "wide")

    def __init__(self, memory: NDArray[np.int32], size: int, found: int, *, wide: bool) -> None:
        """`found` has the words in its lower 32 bits, the sentences above."""
        self.memory = memory
        self.size = size  # of the normalised text in bytes
        self.wide = wide  # whether it holds code points of several bytes
        self._slots = _slots(size)
        self._words = found & 0xFFFFFFFF
        self._sentences = found >> 32

    def __len__(self) -> int:
        return self._words

    @property
    def hashes(self) -> NDArray[np.uint64]:
        """[n] of uint64."""
        return self.memory[: 2 * self._words].view(np.uint64)

    @property
    def byte_starts(self) -> NDArray[np.int32]:
        """[n] of int32."""
        return self._column(0, self._words)

    @property
    def byte_ends(self) -> NDArray[np.int32]:
        """[n] of int32."""
        return self._column(1, self._words)

    @property
    def sentences(self) -> NDArray[np.int32]:
        """[m] of int32."""
        return self._column(2, self._sentences)

    @property
    def starts(self) -> NDArray[np.int32]:
        """[n] of int32."""
        return self._column(3 if self.wide else 0, self._words)

    @property
    def ends(self) -> NDArray[np.int32]:
        """[n] of int32."""
        return self._column(4 if self.wide else 1, self._words)

    @property
    def utf8(self) -> NDArray[np.uint8]:
        """The bytes; they can be read for 64 more past the end."""
        first = (7 if self.wide else 5) * self._slots
        return self.memory[first:].view(np.uint8)[: self.size]

    def words(self) -> list[str]:
        """The normalised words."""
        raw = self.utf8.tobytes()
        places = zip(self.byte_starts.tolist(), self.byte_ends.tolist(), strict=True)
        return [raw[start:end].decode() for start, end in places]

    def _column(self, number: int, count: int) -> NDArray[np.int32]:
        first = (2 + number) * self._slots
        return self.memory[first : first + count]


def _slots(size: int) -> int:
    """Words that a text of as many bytes may hold, and room for surplus writes; an even number."""
    return (size // 2 + 1 + _SLACK + 1) // 2 * 2


def _memory(size: int, *, wide: bool) -> NDArray[np.int32]:
    return np.empty((7 if wide else 5) * _slots(size) + (size + _PAD) // 4 + 1, np.int32)


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
    if text.isascii() and len(text) <= _LARGEST:
        whole = builtin("text.tokenize_ascii")
        if whole is not None:
            memory = _memory(len(text), wide=False)
            return Tokens(memory, len(text), whole(text, memory), wide=False)
    flat = fold(text)
    raw = flat.encode()
    if len(raw) > _LARGEST:
        raise ValueError(f"a text of {len(raw)} bytes is too long to tokenize, split it")
    wide = len(raw) != len(flat)
    call = function("text", "tokenize", "bnna")
    if call is None:
        return _reference(flat)
    memory = _memory(len(raw), wide=wide)
    return Tokens(memory, len(raw), call(raw, len(raw), wide, address(memory)), wide=wide)


def _reference(flat: str) -> Tokens:
    low = flat.lower()
    raw = low.encode()
    wide = len(raw) != len(low)
    spans = [match.span() for match in _WORD.finditer(low)]
    offsets = np.array(spans, np.int32).reshape(-1, 2).T
    sentences = _sentences(flat)
    memory, found = _memory(len(raw), wide=wide), len(spans) | len(sentences) << 32
    tokens = Tokens(memory, len(raw), found, wide=wide)
    tokens.hashes[:] = [token_hash(low[start:end]) for start, end in spans]
    tokens.sentences[:] = sentences
    tokens.utf8[:] = np.frombuffer(raw, np.uint8)
    tokens.starts[:], tokens.ends[:] = offsets
    if wide:
        codes = np.frombuffer(low.encode("utf-32-le"), np.uint32)
        sizes = 1 + (codes > 0x7F).astype(np.int32) + (codes > 0x7FF) + (codes > 0xFFFF)
        places = np.concatenate(([0], np.cumsum(sizes)))
        tokens.byte_starts[:], tokens.byte_ends[:] = places[offsets]
    return tokens


@lru_cache(maxsize=65_536)
def token_hash(word: str) -> int:
    """The 64-bit hash of one normalised word, eight bytes at a step."""
    raw = word.encode()
    mixed = _K1 ^ len(raw)
    raw += bytes(-len(raw) % 16)
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
