"""A matrix as int8 codes in two planes of nibbles, which the scan's kernel reads.

A row is `scale` times its codes, -136 to 119. With 136 added their upper four bits are in the high
plane, the lower ones in the low plane: the high plane alone tells of most rows that they are far
from a query, which is half the memory to read. Of 128 codes the first 64 are in the lower halves of
64 bytes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PLANES = {
    "high": np.uint8,  # [rows, width], width a multiple of 64
    "low": np.uint8,
    "scales": np.float32,  # [rows]: what one of a code is worth, in units
    "rests": np.float32,  # [rows]: how far off the row is without the low nibbles, in units
    "bounds": np.float64,  # the unit; how far off a row of codes is, in scales; how long, in units
}
Doubles = NDArray[np.float64]
Codes = NDArray[np.uint8]  # with 136 added

_STEP = 64  # bytes of a plane that the kernel reads at a time
_GROUP = 16  # rows that it compares at once; there are whole groups
_PART = 1024  # rows at a time
_DOWN, _UP = 136, 119  # the ends of the codes
_HIGH, _LOW, _MIDDLE = np.uint8(0xF0), np.uint8(0x0F), np.uint8(0x08)


def planes_of(vectors: NDArray[np.float32]) -> dict[str, NDArray[np.generic]]:
    """The arrays of PLANES for finite vectors [n, d]."""
    count, dim = vectors.shape
    rows, width = -(-count // _GROUP) * _GROUP, -(-dim // (2 * _STEP)) * _STEP
    high, low = _aligned(rows, width), _aligned(rows, width)
    # the rows that fill up the last group are below every bar
    scales, rests = np.zeros(rows, np.float32), np.full(rows, -np.inf, np.float32)
    unit = float(max(vectors.max(initial=0), -vectors.min(initial=0))) or 1.0
    error = longest = 0.0
    for at in range(0, count, _PART):
        part = vectors[at : at + _PART].astype(np.float64) / unit
        own = slice(at, at + len(part))
        scale, codes = _coded(part)
        off = _off(part, codes, scale)
        error = max(error, float((off / np.abs(scale)).max()))
        longest = max(longest, float((lengths_of(part) + off).max()))
        scales[own] = scale
        rests[own] = _off(part, codes & _HIGH | _MIDDLE, scale) * (1 + 2.0**-20)  # not rounded down
        padded = np.full((len(part), width // _STEP, 2, _STEP), _DOWN, np.uint8)
        padded.reshape(len(part), -1)[:, :dim] = codes
        first, second = padded[:, :, 0], padded[:, :, 1]
        high[own] = (first >> 4 | second & _HIGH).reshape(-1, width)
        low[own] = (first & _LOW | second << 4).reshape(-1, width)
    bounds = np.array([unit, error, longest])
    return {"high": high, "low": low, "scales": scales, "rests": rests, "bounds": bounds}


def _coded(part: Doubles) -> tuple[Doubles, Codes]:
    """What one of a code is worth in each row [n], negative in some, and the codes [n, d]."""
    most, least = part.max(axis=1, initial=0), part.min(axis=1, initial=0)
    sign = np.where(most > -least, -1.0, 1.0)  # there is more room below
    tight = np.maximum(np.maximum(most, -least) / _DOWN, np.minimum(most, -least) / _UP)
    scale = _single(tight * sign)
    codes = _rounded(part, scale)
    # rows of counts: the smallest as one high nibble, and then the low ones have nothing to tell
    smallest = np.where(part, np.abs(part), np.inf).min(axis=1, initial=np.inf)
    some = np.flatnonzero((smallest / 16 >= tight) & (smallest < np.inf))
    counted = part[some]
    others = _single((smallest / 16 * sign)[some])
    counts = _rounded(counted, others)
    enough = np.maximum(_off(counted, codes[some], scale[some]), 2.0**-20 * lengths_of(counted))
    better = _off(counted, counts, others) <= enough
    scale[some[better]], codes[some[better]] = others[better], counts[better]
    return scale, codes


def _single(scale: Doubles) -> Doubles:
    """Scales as single precision holds them, 1 in place of 0."""
    rounded = scale.astype(np.float32).astype(np.float64)
    return np.where(rounded == 0, 1.0, rounded)


def _rounded(part: Doubles, scale: Doubles) -> Codes:
    codes = part / scale[:, None]
    codes += _DOWN
    return np.rint(codes, out=codes).astype(np.uint8)


def _off(part: Doubles, codes: Codes, scale: Doubles) -> Doubles:
    """How far from the rows those are that codes tell of."""
    told = codes.astype(np.float64)
    told -= _DOWN
    told *= scale[:, None]
    return lengths_of(np.subtract(part, told, out=told))


def lengths_of(rows: Doubles) -> Doubles:
    """How long each row of [n, d] is."""
    lengths: Doubles = np.sqrt(np.einsum("nd,nd->n", rows, rows))
    return lengths


def _aligned(rows: int, width: int) -> NDArray[np.uint8]:
    """Bytes [rows, width] of codes 0 that begin at a cache line: no load crosses two."""
    memory = np.full(rows * width + 64, 0x88, np.uint8)
    start = -memory.ctypes.data % 64
    return memory[start : start + rows * width].reshape(rows, width)
