"""Builds the gazetteer's hash table of phrase prefixes, in numpy.

An entry is `fingerprint << 32 | continues << 31 | phrase + 1`, 0 where a slot is empty; the
fingerprint is the upper half of the prefix's hash. Eight slots are a bucket, filled from the first
on; what finds its bucket full goes into the next. Two prefixes that a probe could mistake for each
other make the table be built again with another salt.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kernels.native import aligned
from kernels.text import tokenize

U64 = NDArray[np.uint64]

_K1, _K2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
_HALF, _CONTINUES = np.uint64(32), np.uint64(1 << 31)
FIRST_BITS, _BITS = 18, 6  # of the bitmap of first words; of that of longer prefixes, for each
BUCKET, _LOAD = 8, 4  # slots of a bucket, and how many of them are filled on average


def combine(prefix: U64, word: U64) -> U64:
    """The hash of a prefix that a word is added to."""
    mixed = (prefix ^ (word + _K1)) * _K2
    return np.asarray(mixed ^ (mixed >> _HALF))


def build_table(phrases: Sequence[str]) -> dict[str, NDArray[np.generic]]:
    """The arrays table, first, longer (bitmaps that reject most words) and salt.

    `phrases` are normalised: words parted by one space; of equal ones the first counts.
    """
    tokens = tokenize("\n".join(phrases))
    counts = np.array([phrase.count(" ") + 1 if phrase else 0 for phrase in phrases], np.int64)
    begins = np.cumsum(counts) - counts
    keys, payloads = [np.zeros(0, np.uint64)], [np.zeros(0, np.uint64)]
    first = np.zeros(2**FIRST_BITS, np.bool_)
    alive = np.flatnonzero(counts)
    prefix = tokens.hashes[begins[alive]]
    length = 1
    while len(alive):
        ended = counts[alive] == length
        keys.append(prefix)
        payloads.append(np.where(ended, alive.astype(np.uint64) + np.uint64(1), _CONTINUES))
        if length == 1:
            first[prefix >> np.uint64(64 - FIRST_BITS)] = True
        alive, prefix = alive[~ended], prefix[~ended]
        prefix = combine(prefix, tokens.hashes[begins[alive] + length])
        length += 1
    nodes, values = _merge(np.concatenate(keys), np.concatenate(payloads))
    table, salt = _place(nodes, values)
    power = max(6, (_BITS * len(nodes)).bit_length())
    longer = np.zeros(2**power, np.bool_)
    for prefixes in keys[2:]:
        longer[prefixes >> np.uint64(64 - power)] = True
    return {
        "table": table,
        "first": np.packbits(first, bitorder="little").view(np.uint64),
        "longer": np.packbits(longer, bitorder="little").view(np.uint64),
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
    fingerprints = (nodes >> _HALF) | np.uint64(1)
    buckets = max(1, -(-len(nodes) // _LOAD))
    for attempt in range(64):
        salt = np.uint64(attempt)
        homes = (((nodes ^ salt) * _K1 >> _HALF) * np.uint64(buckets) >> _HALF).astype(np.int64)
        table = _fill(homes, fingerprints, (fingerprints << _HALF) | values, buckets)
        if table is not None:
            return table, salt
    raise ValueError("no salt parts these phrases: two of them have the same 64-bit hash")


def _fill(homes: NDArray[np.int64], fingerprints: U64, entries: U64, buckets: int) -> U64 | None:
    """The filled table, or None where a probe for one prefix would stop at another."""
    table = aligned(buckets * BUCKET, np.uint64)
    rows = table.reshape(buckets, BUCKET)
    used = np.zeros(buckets, np.int64)
    left, bucket = np.arange(len(homes)), homes.copy()
    while len(left):
        here = bucket[left]
        if (rows[here] >> _HALF == fingerprints[left][:, None]).any():
            return None
        order = np.argsort(here, kind="stable")
        left, here = left[order], here[order]
        firsts = np.flatnonzero(np.diff(here, prepend=-1))
        sizes = np.diff(firsts, append=len(here))
        place = used[here] + np.arange(len(here)) - np.repeat(firsts, sizes)
        fits = place < BUCKET
        rows[here[fits], place[fits]] = entries[left[fits]]
        used[here[firsts]] = np.minimum(BUCKET, used[here[firsts]] + sizes)
        twins = here.astype(np.uint64) << _HALF | fingerprints[left]
        if len(np.unique(twins)) < len(twins):
            return None
        left = left[~fits]
        bucket[left] = (bucket[left] + 1) % buckets
    return table
