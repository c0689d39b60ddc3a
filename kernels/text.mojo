"""Words and sentence starts of a UTF-8 text, 64 bytes at a step.

Plain C ABI, caller-owned buffers, no heap. Each step turns 64 bytes into bit masks (word bytes,
white space, terminators, new lines, continuation bytes); words and sentences are then edges in
those masks, with one carry bit from step to step.
"""
from std.bit import count_trailing_zeros, pop_count
from std.memory import pack_bits, stack_allocation

comptime Bytes = MutPointer[UInt8, MutUntrackedOrigin]
comptime Ints = MutPointer[Int32, MutUntrackedOrigin]
comptime Hashes = MutPointer[UInt64, MutUntrackedOrigin]
comptime Block = SIMD[DType.uint8, 64]
comptime Mask = SIMD[DType.bool, 64]

comptime K1 = UInt64(0x9E3779B97F4A7C15)
comptime K2 = UInt64(0xD6E8FEB86659FD93)


@always_inline
def bits(mask: Mask) -> UInt64:
    """The mask as an integer, byte i as bit i."""
    return pack_bits[dtype=DType.uint64, width=1](mask)[0]


@always_inline
def count_below(mask: UInt64, place: Int) -> Int:
    """How many bits are set below a place."""
    return Int(pop_count(mask & ((UInt64(1) << UInt64(place)) - 1)))


@always_inline
def word_hash(word: Bytes, length: Int) -> UInt64:
    """The hash of one lower-cased word; reads up to 8 bytes past its end."""
    var mixed = K1 ^ UInt64(length)
    var at = 0
    while at + 8 < length:
        mixed = (mixed ^ word.unsafe_offset(at).unsafe_bitcast[UInt64]()[]) * K2
        mixed ^= mixed >> 32
        at += 8
    var unused = UInt64(64 - 8 * (length - at))
    var last = word.unsafe_offset(at).unsafe_bitcast[UInt64]()[]
    last = (last << unused) >> unused
    mixed = (mixed ^ last) * K2
    mixed ^= mixed >> 32
    mixed *= K1
    return mixed ^ (mixed >> 29)


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
    starts: Ints,
    ends: Ints,
    sentences: Ints,
    counts: Ints,
):
    """The kernel; only where WIDE does the text hold bytes beyond ASCII."""
    var opened = 0
    var closed = 0
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
        var block: Block
        if at + 64 <= length:
            block = text.unsafe_load[width=64](at)
        else:
            for i in range(64):
                tail[unsafe_offset=i] = text[unsafe_offset=at + i] if at + i < length else UInt8(0)
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
        while start != 0:
            var place = Int(count_trailing_zeros(start))
            start &= start - 1
            byte_starts[unsafe_offset=opened] = Int32(at + place)
            comptime if WIDE:
                starts[unsafe_offset=opened] = Int32(base + place - count_below(continuation, place))
            opened += 1
        while end != 0:
            var place = Int(count_trailing_zeros(end))
            end &= end - 1
            byte_ends[unsafe_offset=closed] = Int32(at + place)
            comptime if WIDE:
                ends[unsafe_offset=closed] = Int32(base + place - count_below(continuation, place))
            var first = Int(byte_starts[unsafe_offset=closed])
            hashes[unsafe_offset=closed] = word_hash(low.unsafe_offset(first), at + place - first)
            closed += 1

        var space = bits(block.eq(Block(32)) | (block - Block(9)).lt(Block(5)))
        var stop = bits(block.eq(Block(46)) | block.eq(Block(33)) | block.eq(Block(63)))
        var line = bits(block.eq(Block(10)))
        var stopped = space & ((stop << 1) | after_stop)
        var lined = (line << 1) | after_line
        after_stop = stop >> 63
        after_line = line >> 63
        if (stopped | line | stop_gap | line_gap | blank_gap | (lined & 1)) != 0:
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
        comptime if WIDE:
            continued += Int(pop_count(continuation))
        at += 64
    if closed < opened:
        byte_ends[unsafe_offset=closed] = Int32(length)
        comptime if WIDE:
            ends[unsafe_offset=closed] = Int32(length - continued)
        var first = Int(byte_starts[unsafe_offset=closed])
        hashes[unsafe_offset=closed] = word_hash(low.unsafe_offset(first), length - first)
        closed += 1
    counts[unsafe_offset=0] = Int32(closed)
    counts[unsafe_offset=1] = Int32(found)


@export
def tokenize(
    text: Bytes,
    length: Int64,
    wide: Int64,
    low: Bytes,
    hashes: Hashes,
    byte_starts: Ints,
    byte_ends: Ints,
    starts: Ints,
    ends: Ints,
    sentences: Ints,
    counts: Ints,
) abi("C") -> Int64:
    """Text[length] to low[length + 64], the columns of its words, sentence starts, both counts.

    With wide == 0 the text is ASCII and `starts`, `ends` stay untouched: they equal the byte places.
    """
    if wide == 0:
        scan[False](text, Int(length), low, hashes, byte_starts, byte_ends, starts, ends, sentences, counts)
    else:
        scan[True](text, Int(length), low, hashes, byte_starts, byte_ends, starts, ends, sentences, counts)
    return 0
