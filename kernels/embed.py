"""Strings to vectors: signed, hashed counts of character 3-grams (feature hashing)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from kernels.fold import fold
from kernels.native import address, builtin, function
from kernels.text import words

_ROWS = 4096  # at a time in the reference, which needs three times the room of its result
_PAD = 128  # the kernel reads and writes whole vectors


def embed(strings: Sequence[str], dim: int = 256) -> NDArray[np.float32]:
    """A float32 array [n, dim] with a row of length 1 for each string.

    A string is read as its normalised words with one space before, between and after; each 3-gram
    of its UTF-8 bytes adds 1 or -1 to one element (Weinberger et al. 2009), so the dot product of
    two rows is the cosine of their 3-gram counts, but for collisions. A string without a word gives
    zeros. Raises ValueError unless `dim` is a power of two of at least 16.
    """
    if dim < 16 or dim & (dim - 1):
        raise ValueError(f"dim must be a power of two of at least 16, not {dim}")
    if not strings:
        return np.zeros((0, dim), np.float32)
    call = function("embed", "embed", "bnnnaa")
    if call is None:
        parts = range(0, len(strings), _ROWS)
        return np.concatenate([_reference(strings[at : at + _ROWS], dim) for at in parts])
    rows = np.empty((len(strings), dim), np.float32)
    if len(strings) == 1:
        phrase = builtin("embed.embed_phrase")
        if phrase is not None and phrase(fold(strings[0]), rows):
            return rows
    flat = fold("\n".join(strings) + "\n")
    if _compiled(call, flat, rows) != len(strings):  # a string holds a line break of its own
        lines = (fold(string).replace("\n", " ") for string in strings)
        _compiled(call, "\n".join(lines) + "\n", rows)
    return rows


def _compiled(call: Callable[..., int], flat: str, rows: NDArray[np.float32]) -> int:
    raw = flat.encode()
    normal = np.empty(len(raw) + _PAD, np.uint8)
    return call(raw, len(raw), rows.shape[1], len(rows), address(normal), address(rows))


def _reference(strings: Sequence[str], dim: int) -> NDArray[np.float32]:
    lines = "\n".join(f" {' '.join(words(string))} " for string in strings)
    codes = np.frombuffer(lines.encode(), np.uint8)
    ends = codes == ord("\n")
    rows = np.cumsum(ends)
    inside = ~(ends[:-2] | ends[1:-1] | ends[2:])
    wide = codes.astype(np.uint32)
    grams = (wide[:-2] | wide[1:-1] << 8 | wide[2:] << 16)[inside]
    grams = grams * np.uint32(0x9E3779B1)
    grams = (grams ^ (grams >> 15)) * np.uint32(0x85EBCA77)
    buckets = rows[:-2][inside] * dim + (grams >> np.uint32(33 - dim.bit_length()))
    signs = 1.0 - 2.0 * (grams & 1)
    size = len(strings) * dim
    counts = np.bincount(buckets, weights=signs, minlength=size).reshape(-1, dim)
    norms = np.sqrt((counts * counts).sum(axis=1, keepdims=True))
    return np.asarray(counts / np.maximum(norms, 1e-30), np.float32)
