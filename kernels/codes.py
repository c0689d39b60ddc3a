"""Codes in one block of memory: each one's number, and who stands above it, by one probe each.

A code of up to 15 bytes is its own key; of a longer one the key is a hash, and the code is compared
where it is listed. The key stands with all that is asked of the code in half a cache line.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import partial
from struct import pack
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kernels import fastcall
from kernels.native import aligned, library

Numbers = NDArray[np.uint32]
Block = NDArray[np.uint64]

# as in codes.mojo
_SLOTS, _LISTS, _SIZE, _HEADER, _ENTRY = 0, 1, 2, 8, 4
_SHORT, _LONG = 15, 255 << 56
_K1, _K2, _MASK = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, (1 << 64) - 1
_HALF, _LOW = 32, (1 << 32) - 1
_ROOM = 1.5  # slots for each code


class Ancestry(NamedTuple):
    """Who stands above each of n concepts: [n] of uint32 each, but for `lists`.

    A concept stands above those whose `first` is from its own `first` to before its `last`, and
    above those that have it in their list: at each one's `list` in `lists` stands how many concepts
    follow, which ascend. `lists` begins with an empty list.
    """

    first: Numbers
    last: Numbers
    list: Numbers
    lists: Numbers


class Codes:
    """The codes of one block. Immutable: threads may share it.

    `number(code)` is the number of a code, -1 where there is none. `subsumes(a, b)` is 1 where `a`
    is `b` or stands above it, else 0, and -1 where one of them is no code.
    """

    __slots__ = ("number", "subsumes")

    number: Callable[[str], int]
    subsumes: Callable[[str, str], int]

    def __init__(self, block: Block) -> None:
        """Raises ValueError where the block isn't whole."""
        if len(block) <= _HEADER or block[_SIZE] != len(block):
            raise ValueError("the block of codes is cut short")
        loaded = library("codes")
        if loaded is not None and fastcall.laid_out():
            self.number = fastcall.make(loaded, "number", block)
            self.subsumes = fastcall.make(loaded, "subsumes", block)
        else:
            words = memoryview(block)  # type: ignore[arg-type]
            self.number, self.subsumes = partial(_number, words), partial(_subsumes, words)


def build(codes: Sequence[str], ancestry: Ancestry, start: int = 0) -> Block:
    """The block of different codes; their numbers go up from `start`, as do those in the lists.

    Memory: 48 bytes a code, 150 while it is built, and the lists.
    """
    keys, spelled = _keyed(codes, len(ancestry.lists))
    lists = len(ancestry.lists) + len(spelled)
    slots = int(_ROOM * len(keys)) + 1
    homes = _slots(keys[:, 0], keys[:, 1], slots)
    order = np.argsort(homes, kind="stable")
    ranks = np.arange(len(order))
    # each in the order of their homes, at its home or right after the one before
    places = np.maximum.accumulate(homes[order] - ranks) + ranks
    end = max([slots, *places[-1:] + 1]) + 1  # the last entry is an empty one
    first = _HEADER + _ENTRY * end
    block = aligned(first + lists // 2 + 1, np.uint64)
    block[[_SLOTS, _LISTS, _SIZE]] = slots, first, len(block)
    np.concatenate((ancestry.lists, spelled), out=block[first:].view(np.uint32)[:lists])
    table = block[_HEADER:first].reshape(-1, _ENTRY)
    table[places, :2] = keys[order]
    numbers = np.arange(start, start + len(keys), dtype=np.uint32)
    fields = np.stack((numbers, ancestry.first, ancestry.last, ancestry.list), axis=1)
    table[places, 2:] = fields[order].view(np.uint64)
    return block


def _keyed(codes: Sequence[str], place: int) -> tuple[Block, Numbers]:
    """The key of each code, and the lists that spell the long ones; the first is at `place`."""
    keys, spelled = bytearray(), bytearray()
    for code in codes:
        raw = code.encode()
        if len(raw) <= _SHORT:
            keys += raw.ljust(_SHORT, b"\0") + bytes([len(raw) + 1])
        else:
            keys += pack("<QQ", _hash(raw), _LONG | place + len(spelled) // 4)
            spelled += pack("<I", len(raw)) + raw + bytes(-len(raw) % 4)
    return np.frombuffer(keys, np.uint64).reshape(-1, 2), np.frombuffer(spelled, np.uint32)


def _slots(low: Block, high: Block, slots: int) -> NDArray[np.int64]:
    """As _find, of many keys."""
    half = np.uint64(_HALF)
    high = np.where(high >= np.uint64(_LONG), np.uint64(_LONG), high)
    mixed = (low ^ high * np.uint64(_K1)) * np.uint64(_K2)
    mixed = (mixed ^ mixed >> half) * np.uint64(_K1)
    return ((mixed >> half) * np.uint64(slots) >> half).astype(np.int64)


def _hash(raw: bytes) -> int:
    mixed = len(raw)
    for at in range(0, len(raw), 8):
        mixed = (mixed ^ int.from_bytes(raw[at : at + 8], "little")) * _K2 & _MASK
        mixed ^= mixed >> _HALF
    return mixed


def _find(words: memoryview, code: str) -> int:
    """Where the entry of a code is, or -1."""
    raw = code.encode("utf-8", "surrogatepass")
    short = len(raw) <= _SHORT
    low = int.from_bytes(raw[:8], "little") if short else _hash(raw)
    high = int.from_bytes(raw[8:], "little") | len(raw) + 1 << 56 if short else _LONG
    mixed = (low ^ high * _K1) * _K2 & _MASK
    mixed = (mixed ^ mixed >> _HALF) * _K1 & _MASK
    at = _HEADER + _ENTRY * ((mixed >> _HALF) * words[_SLOTS] >> _HALF)
    while own := words[at + 1]:
        if words[at] == low and (own == high if short else _is_spelled(words, own, raw)):
            return at
        at += _ENTRY
    return -1


def _is_spelled(words: memoryview, high: int, raw: bytes) -> bool:
    if high < _LONG:
        return False
    start = 8 * words[_LISTS] + 4 * (high - _LONG)
    given = words.cast("B")
    size = int.from_bytes(given[start : start + 4], "little")
    return given[start + 4 : start + 4 + size] == raw


def _number(words: memoryview, code: str) -> int:
    at = _find(words, code)
    return words[at + 2] & _LOW if at >= 0 else -1


def _subsumes(words: memoryview, a: str, b: str) -> int:
    above, below = _find(words, a), _find(words, b)
    if above < 0 or below < 0:
        return -1
    place, listed = words[below + 2] >> _HALF, words[below + 3] >> _HALF
    if words[above + 2] >> _HALF <= place < words[above + 3] & _LOW:
        return 1
    lists = words[words[_LISTS] :].cast("B").cast("I")
    first = listed + 1
    end = first + lists[listed]
    number = words[above + 2] & _LOW
    at = bisect_left(lists, number, first, end)
    return int(at < end and lists[at] == number)
