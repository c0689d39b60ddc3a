"""Signed, hashed counts of character 3-grams, scaled to length 1: one row for each line of a text.

A line is read as its words (runs of a-z, 0-9 and bytes beyond ASCII, in lower case) with one space
before, between and after. Plain C ABI, caller-owned buffers, no heap.
"""
from std.bit import count_trailing_zeros
from std.math import sqrt
from std.memory import bitcast, stack_allocation

comptime Bytes = MutPointer[UInt8, MutUntrackedOrigin]
comptime Floats = MutPointer[Float32, MutUntrackedOrigin]
comptime Codes = MutPointer[UInt32, MutUntrackedOrigin]
comptime Row = SIMD[DType.float32, 16]
comptime Grams = SIMD[DType.uint32, 16]

comptime ROOM = 1024  # normalised bytes that are counted at a time
comptime SPACE = UInt8(32)
comptime NEW_LINE = UInt8(10)


@always_inline
def count_grams(line: Bytes, length: Int, hashes: Codes, shift: UInt32, row: Floats):
    """Adds the 3-grams of a normalised piece to a row; reads up to 18 bytes past its end."""
    var total = length - 2
    var at = 0
    while at < total:
        var mixed = line.unsafe_load[width=16](at).cast[DType.uint32]()
        mixed |= line.unsafe_load[width=16](at + 1).cast[DType.uint32]() << 8
        mixed |= line.unsafe_load[width=16](at + 2).cast[DType.uint32]() << 16
        mixed *= Grams(0x9E3779B1)
        mixed ^= mixed >> 15
        mixed *= Grams(0x85EBCA77)
        hashes.unsafe_store(at, mixed)
        at += 16
    for gram in range(total):
        var mixed = hashes[unsafe_offset=gram]
        var sign = bitcast[DType.float32, 1](UInt32(0x3F800000) | (mixed << 31))
        var bucket = Int(mixed >> shift)
        row[unsafe_offset=bucket] = row[unsafe_offset=bucket] + sign


@always_inline
def scale(row: Floats, dim: Int):
    """Divides a row by its length; a row of zeros stays."""
    var squares = Row(0)
    for at in range(0, dim, 16):
        var part = row.unsafe_load[width=16](at)
        squares = part.fma(part, squares)
    var square = squares.reduce_add()
    var factor = Row(1 / sqrt(square)) if square > 0 else Row(0)
    for at in range(0, dim, 16):
        row.unsafe_store(at, row.unsafe_load[width=16](at) * factor)


@export
def embed(text: Bytes, length: Int64, dim: Int64, rows: Floats) abi("C") -> Int64:
    """Writes rows[lines][dim]; every line of text[length] ends with a new line. Gives their number.

    `dim` is a power of two from 16 on.
    """
    var line = stack_allocation[ROOM + 64, UInt8]()
    var hashes = stack_allocation[ROOM + 64, UInt32]()
    var width = Int(dim)
    var shift = UInt32(32 - count_trailing_zeros(width))
    var stop = Int(length)
    var found = 0
    var at = 0
    while at < stop:
        var row = rows.unsafe_offset(found * width)
        for place in range(0, width, 16):
            row.unsafe_store(place, Row(0))
        line[unsafe_offset=0] = SPACE
        var used = 1
        while at < stop:
            var byte = text[unsafe_offset=at]
            at += 1
            if byte == NEW_LINE:
                break
            var lower = byte + (UInt8(32) if byte - 65 < 26 else UInt8(0))
            var wordly = (lower - 97 < 26) or (byte - 48 < 10) or byte >= 128
            var kept = lower if wordly else SPACE
            # a second space is overwritten: no branch on the data
            line[unsafe_offset=used] = kept
            used += 1 if (kept != SPACE or line[unsafe_offset=used - 1] != SPACE) else 0
            if used == ROOM:
                count_grams(line, used, hashes, shift, row)
                line[unsafe_offset=0] = line[unsafe_offset=ROOM - 2]
                line[unsafe_offset=1] = line[unsafe_offset=ROOM - 1]
                used = 2
        if line[unsafe_offset=used - 1] != SPACE:
            line[unsafe_offset=used] = SPACE
            used += 1
        count_grams(line, used, hashes, shift, row)
        scale(row, width)
        found += 1
    return Int64(found)
