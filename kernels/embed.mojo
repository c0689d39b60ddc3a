"""Signed, hashed counts of character 3-grams, scaled to length 1: one row for each line of a text.

A line is read as its words (runs of a-z, 0-9 and bytes beyond ASCII, in lower case) with one space
before, between and after. The text is normalised 64 bytes at a step: a line break counts as one more
separator, so the space that ends a line also begins the next. Plain C ABI, caller-owned buffers, no
heap.
"""
from std.bit import count_trailing_zeros, pop_count
from std.ffi import external_call
from std.math import sqrt
from std.memory import pack_bits, stack_allocation
from std.sys.info import CompilationTarget
from std.sys.intrinsics import llvm_intrinsic

comptime Bytes = MutPointer[UInt8, MutUntrackedOrigin]
comptime Floats = MutPointer[Float32, MutUntrackedOrigin]
comptime Counts = MutPointer[Int32, MutUntrackedOrigin]
comptime Block = SIMD[DType.uint8, 64]
comptime Mask = SIMD[DType.bool, 64]
comptime Row = SIMD[DType.float32, 16]
comptime Grams = SIMD[DType.uint32, 16]
comptime Fields = MutPointer[Int64, MutUntrackedOrigin]

comptime ROOM = 1024  # bytes of a phrase that need no buffer of the caller's
comptime DATA = 2  # fields of a NumPy array, in words of 8 bytes
comptime SHAPE = 4
comptime PIECE = 1024  # 3-grams that are hashed before they are counted


@always_inline
def bits(mask: Mask) -> UInt64:
    """The mask as an integer, byte i as bit i."""
    return pack_bits[dtype=DType.uint64, width=1](mask)[0]


@always_inline
def put_kept(block: Block, kept: UInt64, to: Bytes):
    """Writes the bytes whose bits are set, one after the other; up to 64 whatever is set."""
    comptime if CompilationTarget._has_feature["avx512vbmi2"]():
        var lanes = Mask(mlir_value=__mlir_op.`pop.bitcast`[_type=Mask._mlir_type](kept._mlir_value))
        to.unsafe_store(0, llvm_intrinsic["llvm.x86.avx512.mask.compress", Block](block, Block(0), lanes))
    else:
        to.unsafe_store(0, block)
        if ~kept != 0:
            var at = 0
            comptime for i in range(64):
                to[unsafe_offset=at] = block[i]
                at += Int((kept >> UInt64(i)) & 1)


@always_inline
def load(text: Bytes, length: Int, at: Int) -> Block:
    """64 bytes of a text, spaces after its end."""
    if at + 64 <= length:
        return text.unsafe_load[width=64](at)
    var tail = stack_allocation[64, UInt8]()
    tail.unsafe_store(0, Block(32))
    for i in range(length - at):
        tail[unsafe_offset=i] = text[unsafe_offset=at + i]
    return tail.unsafe_load[width=64](0)


@always_inline
def normalise(block: Block, to: Bytes, mut in_word: UInt64) -> UInt64:
    """Writes a block in lower case, one space for each run of separators; gives the bytes kept.

    `in_word` says whether the byte before was of a word; it is updated.
    """
    var lower = block + (block - Block(65)).lt(Block(26)).select(Block(32), Block(0))
    var wordly = (lower - Block(97)).lt(Block(26)) | (block - Block(48)).lt(Block(10)) | block.ge(Block(128))
    var word = bits(wordly)
    # of separators in a row only the one after a word is kept
    var kept = word | (word << 1) | in_word
    in_word = word >> 63
    put_kept(wordly.select(lower, Block(32)), kept, to)
    return kept


@always_inline
def count_grams(line: Bytes, total: Int, shift: UInt32, counts: Counts):
    """Adds 1 or -1 for each of the `total` 3-grams from `line` on; reads up to 18 bytes further."""
    var buckets = stack_allocation[PIECE, UInt32]()
    var signs = stack_allocation[PIECE, Int32]()
    for begin in range(0, total, PIECE):
        var count = min(PIECE, total - begin)
        for at in range(0, count, 16):
            var first = begin + at
            var mixed = line.unsafe_load[width=16](first).cast[DType.uint32]()
            mixed |= line.unsafe_load[width=16](first + 1).cast[DType.uint32]() << 8
            mixed |= line.unsafe_load[width=16](first + 2).cast[DType.uint32]() << 16
            mixed *= Grams(0x9E3779B1)
            mixed ^= mixed >> 15
            mixed *= Grams(0x85EBCA77)
            buckets.unsafe_store(at, mixed >> shift)
            signs.unsafe_store(at, 1 - ((mixed & 1) << 1).cast[DType.int32]())
        for gram in range(count):
            var bucket = Int(buckets[unsafe_offset=gram])
            counts[unsafe_offset=bucket] = counts[unsafe_offset=bucket] + signs[unsafe_offset=gram]


@always_inline
def scale(counts: Counts, row: Floats, dim: Int):
    """Turns counts into a row of length 1 in the same place; a row of zeros stays."""
    var squares = Row(0)
    for at in range(0, dim, 16):
        var part = counts.unsafe_load[width=16](at).cast[DType.float32]()
        squares = part.fma(part, squares)
    var square = squares.reduce_add()
    var factor = Row(1 / sqrt(square)) if square > 0 else Row(0)
    for at in range(0, dim, 16):
        row.unsafe_store(at, counts.unsafe_load[width=16](at).cast[DType.float32]() * factor)


@always_inline
def fill(line: Bytes, total: Int, shift: UInt32, row: Floats, dim: Int):
    """A row from the `total` 3-grams of a normalised line."""
    for place in range(0, dim, 16):
        row.unsafe_store(place, Row(0))
    var counts = row.unsafe_bitcast[Int32]()
    count_grams(line, total, shift, counts)
    scale(counts, row, dim)


@export
def embed_phrase(self: Fields, arguments: Fields, count: Int64) abi("C") -> Int64:
    """`embed_phrase(text, row)` in CPython's calling convention (fastcall.py).

    Fills row[1][dim] of float32 for a str that UTF-8 can encode, in which a line break is one more
    separator; gives 1, or 0 where that takes more than ROOM bytes.
    """
    var length = stack_allocation[1, Int64]()
    var encoded = external_call["PyUnicode_AsUTF8AndSize", Int64](
        arguments[unsafe_offset=0], length
    )
    var stop = Int(length[unsafe_offset=0])
    var fits = encoded != 0 and stop <= ROOM
    if fits:
        var text = Bytes(unsafe_from_address=Int(encoded))
        var array = Fields(unsafe_from_address=Int(arguments[unsafe_offset=1]))
        var row = Floats(unsafe_from_address=Int(array[unsafe_offset=DATA]))
        var shape = Fields(unsafe_from_address=Int(array[unsafe_offset=SHAPE]))
        var width = Int(shape[unsafe_offset=1])
        var normal = stack_allocation[ROOM + 192, UInt8]()
        var used = 1
        var in_word = UInt64(0)
        normal[unsafe_offset=0] = 32
        for at in range(0, stop, 64):
            var block = load(text, stop, at)
            used += Int(pop_count(normalise(block, normal.unsafe_offset(used), in_word)))
        # a word that ends the last block still lacks the space after it
        normal[unsafe_offset=used] = 32
        used += Int(in_word)
        fill(normal, used - 2, UInt32(32 - count_trailing_zeros(width)), row, width)
    return external_call["PyLong_FromLong", Int64](Int64(fits))


@export
def embed(
    text: Bytes, length: Int64, dim: Int64, count: Int64, normal: Bytes, rows: Floats
) abi("C") -> Int64:
    """Writes rows[count][dim] for the lines of text[length], each ended by a new line.

    Gives the number of lines, which may be larger: rows are written for the first `count` alone.
    `dim` is a power of two from 16 on; `normal` has room for length + 128 bytes.
    """
    var width = Int(dim)
    var shift = UInt32(32 - count_trailing_zeros(width))
    var stop = Int(length)
    var found = 0
    var begun = 0  # where the line's first space stands in `normal`
    var used = 1
    var in_word = UInt64(0)
    normal[unsafe_offset=0] = 32
    for at in range(0, stop, 64):
        var block = load(text, stop, at)
        var kept = normalise(block, normal.unsafe_offset(used), in_word)
        var lines = bits(block.eq(Block(10)))
        while lines != 0:
            var up_to = lines ^ (lines - 1)
            lines &= lines - 1
            var last = used + Int(pop_count(kept & up_to)) - 1
            if found < Int(count):
                var row = rows.unsafe_offset(found * width)
                fill(normal.unsafe_offset(begun), last - begun - 1, shift, row, width)
            begun = last
            found += 1
        used += Int(pop_count(kept))
    return Int64(found)
