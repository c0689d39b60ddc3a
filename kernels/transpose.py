"""Lays a dictionary out for the fuzzy kernel: groups of 64 strings of one length, symbol by symbol.

A symbol is the place of a character in the index's alphabet of at most 63 characters, plus one. A
string with another character, and the empty string, is "irregular": Python compares those.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LANES = 64
ALPHABET = 63


def transpose(strings: Sequence[str]) -> dict[str, NDArray[np.generic]]:
    """The arrays alphabet, symbols, group_offsets, group_lengths, group_ids and irregular.

    Group g has strings of group_lengths[g] symbols; symbol i of its lane j is
    symbols[group_offsets[g] + 64 * i + j] and the lane's string is group_ids[64 * g + j], -1 where
    the lane is empty. Groups ascend by length.
    """
    codes = np.frombuffer("".join(strings).encode("utf-32-le", "surrogatepass"), np.uint32)
    lengths = np.array([len(string) for string in strings], np.int64)
    begins = np.cumsum(lengths) - lengths
    known, inverse, counts = np.unique(codes, return_inverse=True, return_counts=True)
    common = np.sort(np.argsort(-counts, kind="stable")[:ALPHABET])
    places = np.zeros(len(known), np.uint8)
    places[common] = np.arange(1, len(common) + 1)
    symbols = places[inverse]
    regular = lengths > 0
    regular[np.repeat(np.arange(len(strings)), lengths)[symbols == 0]] = False
    blocks, offsets, sizes, ids, used = [np.zeros(0, np.uint8)], [], [], [np.zeros(0, np.int32)], 0
    for length in np.unique(lengths[regular]).tolist():
        members = np.flatnonzero(regular & (lengths == length))
        padded = np.full(-(-len(members) // LANES) * LANES, -1, np.int32)
        padded[: len(members)] = members
        block = np.zeros((len(padded), length), np.uint8)
        block[: len(members)] = symbols[begins[members][:, None] + np.arange(length)]
        groups = block.reshape(-1, LANES, length).transpose(0, 2, 1)
        blocks.append(np.ascontiguousarray(groups).ravel())
        ids.append(padded)
        offsets += [used + LANES * length * group for group in range(len(groups))]
        sizes += [length] * len(groups)
        used += block.size
    return {
        "alphabet": known[common],
        "symbols": np.concatenate(blocks),
        "group_offsets": np.array(offsets, np.int64),
        "group_lengths": np.array(sizes, np.int32),
        "group_ids": np.concatenate(ids),
        "irregular": np.flatnonzero(~regular).astype(np.int32),
    }
