"""Builds the gazetteer's hash table of phrase prefixes, in numpy.

An entry is `fingerprint << 32 | continues << 31 | phrase + 1`, 0 where a slot is empty; the
fingerprint is the upper half of the prefix's hash. Slots are probed one after the other. Two
prefixes that a probe could mistake for each other make the table be built again with another salt.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kernels.text import tokenize

U64 = NDArray[np.uint64]

_K1, _K2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
_HALF, _CONTINUES = np.uint64(32), np.uint64(1 << 31)
FIRST_BITS, SECOND_BITS = 18, 22


def combine(prefix: U64, word: U64) -> U64:
    """The hash of a prefix that a word is added to."""
    mixed = (prefix ^ (word + _K1)) * _K2
    return np.asarray(mixed ^ (mixed >> _HALF))


def build_table(phrases: Sequence[str]) -> dict[str, NDArray[np.generic]]:
    """The arrays table, first, second (bitmaps that reject most words) and salt.

    `phrases` are normalised: words parted by one space; of equal ones the first counts.
    """
    tokens = tokenize("\n".join(phrases))
    counts = np.array([phrase.count(" ") + 1 if phrase else 0 for phrase in phrases], np.int64)
    begins = np.cumsum(counts) - counts
    keys, payloads = [np.zeros(0, np.uint64)], [np.zeros(0, np.uint64)]
    first, second = np.zeros(2**FIRST_BITS, np.bool_), np.zeros(2**SECOND_BITS, np.bool_)
    alive = np.flatnonzero(counts)
    prefix = tokens.hashes[begins[alive]]
    length = 1
    while len(alive):
        ended = counts[alive] == length
        keys.append(prefix)
        payloads.append(np.where(ended, alive.astype(np.uint64) + np.uint64(1), _CONTINUES))
        if length == 1:
            first[prefix >> np.uint64(64 - FIRST_BITS)] = True
        elif length == 2:
            second[prefix >> np.uint64(64 - SECOND_BITS)] = True
        alive, prefix = alive[~ended], prefix[~ended]
        prefix = combine(prefix, tokens.hashes[begins[alive] + length])
        length += 1
    nodes, values = _merge(np.concatenate(keys), np.concatenate(payloads))
    table, salt = _place(nodes, values)
    return {
        "table": table,
        "first": np.packbits(first, bitorder="little").view(np.uint64),
        "second": np.packbits(second, bitorder="little").view(np.uint64),
        "salt": np.array([salt], np.uint64),
    }


def _merge(keys: U64, payloads: U64) -> tuple[U64, U64]:
    """One node for each prefix: whether longer phrases go on from it, and its first phrase."""
    nodes, group = np.unique(keys, return_inverse=True)
    continues = np.zeros(len(nodes), np.uint64)
    continues[group[payloads == _CONTINUES]] = _CONTINUES
    ends = np.full(len(nodes), _CONTINUES, np.uint64)
    whole = payloads != _CONTINUES
    np.minimum.at(ends, group[whole], payloads[whole])
    ends[ends == _CONTINUES] = 0
    return nodes, continues | ends


def _place(nodes: U64, values: U64) -> tuple[U64, np.uint64]:
    size = 1 << max(3, (2 * len(nodes)).bit_length())
    fingerprints = (nodes >> _HALF) | np.uint64(1)
    for attempt in range(64):
        salt = np.uint64(attempt)
        table = _attempt(nodes, fingerprints, (fingerprints << _HALF) | values, size, salt)
        if table is not None:
            return table, salt
    raise ValueError("no salt parts these phrases: two of them have the same 64-bit hash")


def _attempt(nodes: U64, fingerprints: U64, entries: U64, size: int, salt: np.uint64) -> U64 | None:
    """The filled table, or None where a probe for one prefix would stop at another."""
    mask = np.uint64(size - 1)
    table = np.zeros(size, np.uint64)
    slot = ((nodes ^ salt) * _K1 >> np.uint64(20)) & mask
    left = np.arange(len(nodes))
    while len(left):
        free = table[slot[left]] == 0
        winners, places = np.unique(slot[left[free]], return_index=True)
        table[winners] = entries[left[free][places]]
        left = left[table[slot[left]] != entries[left]]
        if (table[slot[left]] >> _HALF == fingerprints[left]).any():
            return None
        slot[left] = (slot[left] + np.uint64(1)) & mask
    return table
