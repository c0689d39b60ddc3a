"""Words and sentence starts of a UTF-8 text, 64 bytes at a step.

Plain C ABI, caller-owned memory, no heap. Each step turns 64 bytes into bit masks (word bytes,
white space, terminators, new lines, continuation bytes); words and sentences are then edges in
those masks, with one carry bit from step to step. Little branches on the data: places are written a
vector at a time, the surplus being overwritten by what follows.
"""
from std.bit import count_trailing_zeros, pop_count
from std.ffi import external_call
from std.math import iota
from std.memory import bitcast, pack_bits, stack_allocation
from std.sys.info import CompilationTarget
from std.sys.intrinsics import gather, llvm_intrinsic

comptime Bytes = MutPointer[UInt8, MutUntrackedOrigin]
comptime Ints = MutPointer[Int32, MutUntrackedOrigin]
comptime Hashes = MutPointer[UInt64, MutUntrackedOrigin]
comptime Fields = MutPointer[Int64, MutUntrackedOrigin]
comptime Block = SIMD[DType.uint8, 64]
comptime Mask = SIMD[DType.bool, 64]
comptime Places = SIMD[DType.int32, 16]
comptime Lengths = SIMD[DType.int64, 8]
comptime Eight = SIMD[DType.uint64, 8]
comptime Start = SIMD[DType.uint8, 16]

comptime K1 = UInt64(0x9E3779B97F4A7C15)
comptime K2 = UInt64(0xD6E8FEB86659FD93)
comptime DATA = 2  # field of a NumPy array, in words of 8 bytes
comptime LONG = 1 << 15  # bytes from which on other threads may run meanwhile
comptime CHUNK = 1024  # bytes whose words are hashed together, while they are near
comptime SLACK = 64  # entries that may be written past a column's end; text.py leaves as many


@always_inline
def bits(mask: Mask) -> UInt64:
    """The mask as an integer, byte i as bit i."""
    return pack_bits[dtype=DType.uint64, width=1](mask)[0]


@always_inline
def count_below(mask: UInt64, place: Int) -> Int:
    """How many bits are set below a place."""
    return Int(pop_count(mask & ((UInt64(1) << UInt64(place)) - 1)))


@always_inline
def put_places(mask: UInt64, base: Int, column: Ints, at: Int) -> Int:
    """Writes base + place of every set bit from column[at] on; gives where the next one belongs.

    A mask of word starts has 32 bits at most. Up to 32 entries are written whatever the mask holds.
    """
    comptime if CompilationTarget._has_feature["avx512vbmi2"]():
        var lanes = Mask(mlir_value=__mlir_op.`pop.bitcast`[_type=Mask._mlir_type](mask._mlir_value))
        var packed = llvm_intrinsic["llvm.x86.avx512.mask.compress", Block](
            iota[DType.uint8, 64](), Block(0), lanes
        )
        var offset = Places(Int32(base))
        column.unsafe_store(at, packed.slice[16]().cast[DType.int32]() + offset)
        column.unsafe_store(at + 16, packed.slice[16, offset=16]().cast[DType.int32]() + offset)
    else:
        var left = mask
        var place = at
        while True:
            comptime for i in range(14):
                column[unsafe_offset=place + i] = Int32(base) + Int32(count_trailing_zeros(left))
                left &= left - 1
            if left == 0:
                break
            place += 14
    return at + Int(pop_count(mask))


@always_inline
def squeeze(mask: UInt64, dropped: UInt64) -> UInt64:
    """The mask without the bits at the dropped places, those above moving down."""
    var result = mask
    var left = dropped
    while left != 0:
        # from the highest on, so that the places of the others still hold
        var place = 63 - count_leading(left)
        var below = (UInt64(1) << place) - 1
        result = (result & below) | ((result >> 1) & ~below)
        left &= below
    return result


@always_inline
def count_leading(mask: UInt64) -> UInt64:
    """How many zero bits stand above the highest one."""
    return llvm_intrinsic["llvm.ctlz", UInt64](mask, False)


@always_inline
def round_(mixed: UInt64, part: UInt64) -> UInt64:
    """Mixes eight bytes into a hash."""
    var product = (mixed ^ part) * K2
    return product ^ (product >> 32)


@always_inline
def word_hash(word: Bytes, length: Int, masks: Bytes) -> UInt64:
    """The hash of one lower-cased word, padded with zeros to 16 bytes; reads as far.

    Before `masks` are 16 bytes of ones, from there on 16 of zeros.
    """
    var mixed = K1 ^ UInt64(length)
    var at = 0
    while at + 16 < length:
        var parts = bitcast[DType.uint64, 2](word.unsafe_load[width=16](at))
        mixed = round_(round_(mixed, parts[0]), parts[1])
        at += 16
    var kept = masks.unsafe_load[width=16](at - length)
    var rest = bitcast[DType.uint64, 2](word.unsafe_load[width=16](at) & kept)
    mixed = round_(round_(mixed, rest[0]), rest[1]) * K1
    return mixed ^ (mixed >> 29)


@always_inline
def hash_eight(low: Bytes, starts: Ints, ends: Ints, hashes: Hashes):
    """The hashes of eight words at once, of up to 16 bytes each."""
    var first = starts.unsafe_load[width=8](0).cast[DType.int64]()
    var length = ends.unsafe_load[width=8](0).cast[DType.int64]() - first
    var places = (first + Int64(Int(low))).cast[DType.int]()
    var all = SIMD[DType.bool, 8](fill=True)
    var head = gather[alignment=1](places, all, Eight(0))
    var rest = gather[alignment=1](places + 8, all, Eight(0))
    # what a word lacks of 8 and 16 bytes goes out at the top
    var lacks = max(64 - 8 * length, Lengths(0)).cast[DType.uint64]()
    head = (head << lacks) >> lacks
    var lacks_more = max(128 - 8 * length, Lengths(0)).cast[DType.uint64]()
    var short = lacks_more.ge(64)
    rest = short.select(Eight(0), (rest << (lacks_more & 63)) >> (lacks_more & 63))
    var mixed = (Eight(K1) ^ length.cast[DType.uint64]() ^ head) * K2
    mixed ^= mixed >> 32
    mixed = (mixed ^ rest) * K2
    mixed ^= mixed >> 32
    mixed *= K1
    hashes.unsafe_store(0, mixed ^ (mixed >> 29))


@no_inline  # inside its caller it would lack registers
def hash_words(low: Bytes, starts: Ints, ends: Ints, hashes: Hashes, begin: Int, end: Int):
    """The hashes of words begin..end; where there are gathers, of eight at a time."""
    var word = begin
    var masks = stack_allocation[32, UInt8]().unsafe_offset(16)
    masks.unsafe_store(-16, Start(255))
    masks.unsafe_store(0, Start(0))
    comptime if CompilationTarget._has_feature["avx512dq"]():
        while word + 8 <= end:
            var first = starts.unsafe_offset(word)
            var last = ends.unsafe_offset(word)
            hash_eight(low, first, last, hashes.unsafe_offset(word))
            var long = (last.unsafe_load[width=8](0) - first.unsafe_load[width=8](0)).gt(16)
            if long.reduce_or():
                for i in range(word, word + 8):
                    var size = Int(ends[unsafe_offset=i] - starts[unsafe_offset=i])
                    var at = low.unsafe_offset(Int(starts[unsafe_offset=i]))
                    hashes[unsafe_offset=i] = word_hash(at, size, masks)
            word += 8
    while word < end:
        var first = Int(starts[unsafe_offset=word])
        var size = Int(ends[unsafe_offset=word]) - first
        hashes[unsafe_offset=word] = word_hash(low.unsafe_offset(first), size, masks)
        word += 1


@always_inline
def run_ends(runs: UInt64, seeds: UInt64, mut carry: UInt64) -> UInt64:
    """Bits just after those runs of ones that hold a seed: the addition carries through a run.

    `carry` says that such a run reached the last step's end; it is updated.
    """
    var sum = runs + seeds
    var over = UInt64(1) if sum < runs else UInt64(0)
    var total = sum + carry
    over |= UInt64(1) if total < sum else UInt64(0)
    carry = over
    return total & ~runs


@always_inline
def scan[
    WIDE: Bool
](
    text: Bytes,
    length: Int,
    low: Bytes,
    hashes: Hashes,
    byte_starts: Ints,
    byte_ends: Ints,
    sentences: Ints,
    starts: Ints,
    ends: Ints,
) -> Int64:
    """The kernel; only where WIDE does the text hold bytes beyond ASCII."""
    var opened = 0
    var closed = 0
    var hashed = 0
    var found = 0
    var in_word = UInt64(0)
    var after_stop = UInt64(0)
    var after_line = UInt64(0)
    var stop_gap = UInt64(0)
    var line_gap = UInt64(0)
    var blank_gap = UInt64(0)
    var continued = 0
    var tail = stack_allocation[64, UInt8]()
    if length > 0:
        sentences[unsafe_offset=0] = 0
        found = 1
    var at = 0
    while at < length:
        var chunk_end = min(at + CHUNK, length)
        while at < chunk_end:
            var block: Block
            if at + 64 <= length:
                block = text.unsafe_load[width=64](at)
            else:
                tail.unsafe_store(0, Block(0))
                for i in range(length - at):
                    tail[unsafe_offset=i] = text[unsafe_offset=at + i]
                block = tail.unsafe_load[width=64](0)
            var capital = (block - Block(65)).lt(Block(26))
            var lower = block + capital.select(Block(32), Block(0))
            low.unsafe_store(at, lower)
            var digit = (block - Block(48)).lt(Block(10))
            var wordly = (lower - Block(97)).lt(Block(26)) | digit
            var continuation = UInt64(0)
            comptime if WIDE:
                wordly = wordly | block.ge(Block(128))
                continuation = bits((block & Block(0xC0)).eq(Block(0x80)))
            var word = bits(wordly)
            var before = (word << 1) | in_word
            var start = word & ~before
            var end = ~word & before
            in_word = word >> 63
            var base = at - continued
            comptime if WIDE:
                # neither a word's first byte nor what ends it is a continuation byte
                _ = put_places(squeeze(start, continuation), base, starts, opened)
                _ = put_places(squeeze(end, continuation), base, ends, closed)
                continued += Int(pop_count(continuation))
            opened = put_places(start, at, byte_starts, opened)
            closed = put_places(end, at, byte_ends, closed)

            var space = bits(block.eq(Block(32)) | (block - Block(9)).lt(Block(5)))
            var stop = bits(block.eq(Block(46)) | block.eq(Block(33)) | block.eq(Block(63)))
            var line = bits(block.eq(Block(10)))
            var stopped = space & ((stop << 1) | after_stop)
            var lined = (line << 1) | after_line
            after_stop = stop >> 63
            after_line = line >> 63
            # a second new line with only white space between makes a blank line
            var inner = space & ~line
            var second = line & (run_ends(inner, inner & lined, line_gap) | lined)
            var after_gap = run_ends(space, stopped, stop_gap) & bits(capital | digit)
            var fresh = after_gap | run_ends(space, second, blank_gap)
            while fresh != 0:
                var place = Int(count_trailing_zeros(fresh))
                fresh &= fresh - 1
                if at + place < length:
                    sentences[unsafe_offset=found] = Int32(base + place - count_below(continuation, place))
                    found += 1
            at += 64
        if chunk_end == length and closed < opened:
            byte_ends[unsafe_offset=closed] = Int32(length)
            comptime if WIDE:
                ends[unsafe_offset=closed] = Int32(length - continued)
            closed += 1
        hash_words(low, byte_starts, byte_ends, hashes, hashed, closed)
        hashed = closed
    return Int64(closed) | (Int64(found) << 32)


@export
def tokenize(text: Bytes, length: Int64, wide: Int64, memory: Bytes) abi("C") -> Int64:
    """Writes what text[length] holds into `memory`; gives words + sentences << 32.

    With slots = length // 2 + 1 + SLACK rounded up to even, `memory` holds, one after the other:
    hashes[slots] of 8 bytes; byte_starts, byte_ends, sentences of slots times 4 bytes; where wide != 0
    starts, ends likewise; the text in lower case, length + 64 bytes. With wide == 0 the text is ASCII:
    code points are bytes.
    """
    var slots = (Int(length) // 2 + 1 + SLACK + 1) // 2 * 2
    var hashes = memory.unsafe_bitcast[UInt64]()
    var columns = memory.unsafe_offset(8 * slots).unsafe_bitcast[Int32]()
    var ends = columns.unsafe_offset(slots)
    var sentences = columns.unsafe_offset(2 * slots)
    if wide == 0:
        var low = memory.unsafe_offset(20 * slots)
        return scan[False](text, Int(length), low, hashes, columns, ends, sentences, columns, ends)
    var low = memory.unsafe_offset(28 * slots)
    var points = columns.unsafe_offset(3 * slots)
    var point_ends = columns.unsafe_offset(4 * slots)
    return scan[True](text, Int(length), low, hashes, columns, ends, sentences, points, point_ends)


@export
def tokenize_ascii(self: Fields, arguments: Fields, count: Int64) abi("C") -> Int64:
    """`tokenize_ascii(text, memory)` in CPython's calling convention (fastcall.py).

    What tokenize() does for an ASCII str, of which no copy is made; other threads run meanwhile if
    that takes long. `memory` is a NumPy array with room enough.
    """
    var length = stack_allocation[1, Int64]()
    var text = external_call["PyUnicode_AsUTF8AndSize", Int64](arguments[unsafe_offset=0], length)
    var array = Fields(unsafe_from_address=Int(arguments[unsafe_offset=1]))
    var size = length[unsafe_offset=0]
    var state = external_call["PyEval_SaveThread", Int64]() if size > LONG else Int64(0)
    var found = tokenize(
        Bytes(unsafe_from_address=Int(text)), size, 0, Bytes(unsafe_from_address=Int(array[unsafe_offset=DATA]))
    )
    if state != 0:
        external_call["PyEval_RestoreThread", NoneType](state)
    return external_call["PyLong_FromLongLong", Int64](found)
