"""Lays a dictionary out for the fuzzy kernel: groups of 64 strings of one length, with tallies.

A symbol is the rank of a character in the index's alphabet of its 63 commonest, from 1. A string
with another character, and the empty string, is "irregular": Python compares those.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LANES = 64
ALPHABET = 63
CLASSES = 32  # of symbols, which are counted together
HEAD = 4  # symbols that Jaro-Winkler weighs more
HALF_FULL = 15


def transpose(strings: Sequence[str]) -> dict[str, NDArray[np.generic]]:
    """The arrays alphabet, letters, tallies, group_offsets, group_lengths, group_ids, irregular.

    Group g has strings of group_lengths[g] symbols, ascending; its lane j is the string
    group_ids[64 * g + j], -1 where the lane is empty. `letters` has from group_offsets[g] on the
    symbols of each lane, padded with zeros to a multiple of 8. tallies[g] has 32 rows of 64 lanes
    with the counts of a class of symbols, at most 15: in the first half of the string (lower four
    bits) and in the second; then four rows with the first symbols themselves.
    """
    codes = np.frombuffer("".join(strings).encode("utf-32-le", "surrogatepass"), np.uint32)
    lengths = np.array([len(string) for string in strings], np.int64)
    begins = np.cumsum(lengths) - lengths
    known, inverse, counts = np.unique(codes, return_inverse=True, return_counts=True)
    common = np.argsort(-counts, kind="stable")[:ALPHABET]
    places = np.zeros(len(known), np.uint8)
    places[common] = np.arange(1, len(common) + 1)
    symbols = places[inverse]
    regular = lengths > 0
    regular[np.repeat(np.arange(len(strings)), lengths)[symbols == 0]] = False
    letters, used = [np.zeros(0, np.uint8)], 0
    offsets: list[int] = []
    sizes: list[int] = []
    ids, tallies = [np.zeros(0, np.int32)], [np.zeros((0, CLASSES + HEAD, LANES), np.uint8)]
    for length in np.unique(lengths[regular]).tolist():
        members = np.flatnonzero(regular & (lengths == length))
        padded = np.full(-(-len(members) // LANES) * LANES, -1, np.int32)
        padded[: len(members)] = members
        block = np.zeros((len(padded), -(-length // 8) * 8), np.uint8)
        block[: len(members), :length] = symbols[begins[members][:, None] + np.arange(length)]
        letters.append(block.ravel())
        ids.append(padded)
        tallies.append(_tallies(block, length))
        offsets += range(used, used + block.size, LANES * block.shape[1])
        sizes += [length] * (len(padded) // LANES)
        used += block.size
    return {
        "alphabet": known[common],
        "letters": np.concatenate(letters),
        "tallies": np.concatenate(tallies),
        "group_offsets": np.array(offsets, np.int64),
        "group_lengths": np.array(sizes, np.int32),
        "group_ids": np.concatenate(ids),
        "irregular": np.flatnonzero(~regular).astype(np.int32),
    }


def _tallies(block: NDArray[np.uint8], length: int) -> NDArray[np.uint8]:
    """The tallies of strings [n, room] of one length, as [n / 64, 36, 64]."""
    symbols = block[:, :length].astype(np.int64)
    # as class_of() in the kernel
    classes = np.where(symbols > 0, np.minimum(symbols - 1, 64 - symbols), CLASSES)
    own = np.arange(len(block))[:, None] * (CLASSES + 1)
    both = np.zeros((len(block), CLASSES + HEAD), np.uint8)
    for half, shift in ((classes[:, : length // 2], 0), (classes[:, length // 2 :], 4)):
        room = len(block) * (CLASSES + 1)
        counts = np.bincount((half + own).ravel(), minlength=room).reshape(len(block), -1)
        both[:, :CLASSES] |= np.minimum(counts[:, :CLASSES], HALF_FULL).astype(np.uint8) << shift
    both[:, CLASSES : CLASSES + min(HEAD, length)] = block[:, : min(HEAD, length)]
    return np.ascontiguousarray(both.reshape(-1, LANES, CLASSES + HEAD).transpose(0, 2, 1))
