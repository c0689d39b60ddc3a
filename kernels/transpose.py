"""Lays a dictionary out for the fuzzy kernel: blocks of 512 strings of one length, bit by bit.

A symbol is a byte with three bits set, in the order of CODES for the index's alphabet of its 55
commonest characters: none has all the bits of another. A string with another character, and the
empty string, is "irregular": Python compares those.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from kernels.native import aligned

LANES = 512
WORDS = LANES // 64
PLANES = 8
*CODES, NONE = (sum(1 << bit for bit in bits) for bits in combinations(range(PLANES), 3))
HEAD = 8  # symbols by which strings of one length are sorted


def transpose(strings: Sequence[str]) -> dict[str, NDArray[np.generic]]:
    """The arrays of an index: alphabet, planes, irregular, and offsets, lengths, counts and ids.

    Block b has block_counts[b] strings of block_lengths[b] symbols, lengths ascending, those that
    begin alike together; its lane j is the string block_ids[512 * b + j], -1 where it is empty. For
    each place it has 8 planes of 8 words, from planes[block_offsets[b]] on: bit j % 64 of word
    j // 64 in plane p is bit p of the symbol that lane j has there.
    """
    codes = np.frombuffer("".join(strings).encode("utf-32-le", "surrogatepass"), np.uint32)
    lengths = np.array([len(string) for string in strings], np.int64)
    begins = np.cumsum(lengths) - lengths
    known, inverse, counts = np.unique(codes, return_inverse=True, return_counts=True)
    common = np.argsort(-counts, kind="stable")[: len(CODES)]
    places = np.full(len(known), NONE, np.uint8)
    places[common] = CODES[: len(common)]
    symbols = places[inverse]
    regular = lengths > 0
    regular[np.repeat(np.arange(len(strings)), lengths)[symbols == NONE]] = False
    planes, ids = [np.zeros(0, np.uint64)], [np.zeros(0, np.int32)]
    sizes: list[int] = []
    filled: list[int] = []
    for length in np.unique(lengths[regular]).tolist():
        members = np.flatnonzero(regular & (lengths == length))
        heads = symbols[begins[members][:, None] + np.arange(min(length, HEAD))]
        members = members[np.lexsort(heads.T[::-1])]
        blocks = -(-len(members) // LANES)
        padded = np.full(blocks * LANES, -1, np.int32)
        padded[: len(members)] = members
        block = np.zeros((len(padded), length), np.uint8)
        block[: len(members)] = symbols[begins[members][:, None] + np.arange(length)]
        planes.append(_planes(block))
        ids.append(padded)
        sizes += [length] * blocks
        filled += [min(len(members) - at, LANES) for at in range(0, len(members), LANES)]
    ends = np.cumsum(np.array(sizes, np.int64) * (PLANES * WORDS))
    return {
        "alphabet": known[common],
        "planes": _aligned(np.concatenate(planes)),
        "block_offsets": np.concatenate([np.zeros(1, np.int64), ends])[: len(sizes)],
        "block_lengths": np.array(sizes, np.int32),
        "block_counts": np.array(filled, np.int32),
        "block_ids": np.concatenate(ids),
        "irregular": np.flatnonzero(~regular).astype(np.int32),
    }


def _planes(block: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The planes of strings [n, length], one block of 512 after the other."""
    length = block.shape[1]
    bits = block[:, :, None] >> np.arange(PLANES, dtype=np.uint8) & 1
    sliced = bits.reshape(-1, LANES, length * PLANES).transpose(0, 2, 1)
    packed = np.packbits(sliced, axis=-1, bitorder="little")
    return packed.reshape(-1).view("<u8").astype(np.uint64)


def _aligned(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The same words where they begin at a cache line, so that no load crosses two."""
    room = aligned(len(words), np.uint64)
    room[:] = words
    return room
