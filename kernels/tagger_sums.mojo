"""Scores of tags: the weights of each token's features summed, 16 features hashed at once."""
from std.bit import pop_count
from std.memory import stack_allocation
from std.sys.intrinsics import gather

from tagger_beside import MARGIN, WIDTH
from tagger_words import Hashes, Ints

comptime Floats = MutPointer[Float32, MutUntrackedOrigin]
# one bit for every place that carries weight; above 32 of them, how many stand before them
comptime Ranked = MutPointer[UInt64, MutUntrackedOrigin]
comptime Lanes = SIMD[DType.uint32, 16]
comptime Row = SIMD[DType.float32, 16]

comptime K1 = 0x85EBCA6B
comptime K2 = 0xC2B2AE35
comptime BITS = 22  # a feature's place in the table of weights
comptime MOST_PARTS = 5
comptime BLOCK = 16 * (4 + MOST_PARTS)  # ints of 16 templates
comptime MOST = 256  # templates


@always_inline
def at_all(base: Hashes, offsets: SIMD[DType.int64, 16]) -> Lanes:
    """The values at those offsets."""
    var places = (offsets * 4 + Int64(Int(base))).cast[DType.int]()
    return gather[alignment=4](places, SIMD[DType.bool, 16](fill=True), Lanes(0))


@always_inline
def rows_of(places: Lanes, ranked: Ranked) -> Lanes:
    """The rows of features in the table of weights, 0 for those that carry none."""
    var offsets = (places >> 5).cast[DType.int64]() * 8 + Int64(Int(ranked))
    var every = SIMD[DType.bool, 16](fill=True)
    var both = gather[alignment=8](offsets.cast[DType.int](), every, SIMD[DType.uint64, 16](0))
    var here = both.cast[DType.uint32]()
    var bit = Lanes(1) << (places & 31)
    var rank = (both >> 32).cast[DType.uint32]() + pop_count(here & (bit - 1)) + 1
    return (here & bit).ne(Lanes(0)).select(rank, Lanes(0))


@always_inline
def row_of(place: UInt32, ranked: Ranked) -> Int:
    """The row of one feature."""
    var both = ranked[unsafe_offset=Int(place >> 5)]
    var here = both.cast[DType.uint32]()
    var bit = UInt32(1) << (place & 31)
    if here & bit == 0:
        return 0
    return Int(both >> 32) + Int(pop_count(here & (bit - 1))) + 1


@always_inline
def hashed(row: Hashes, block: Ints) -> Lanes:
    """The places of 16 templates' features at a token; 0 where its first part is missing."""
    var size = Int(block[unsafe_offset=0])
    var salts = block.unsafe_load[width=16](16).cast[DType.uint32]()
    var always = block.unsafe_load[width=16](32).ne(0)
    var first = at_all(row, block.unsafe_load[width=16](64).cast[DType.int64]())
    var mixed = (salts ^ first) * K1
    mixed ^= mixed >> 13
    for part in range(1, size):
        var value = at_all(row, block.unsafe_load[width=16](64 + 16 * part).cast[DType.int64]())
        mixed = (mixed ^ value) * K1
        mixed ^= mixed >> 13
    mixed = max((mixed * K2) >> (32 - BITS), Lanes(1))
    return (always | first.ne(Lanes(0))).select(mixed, Lanes(0))


@always_inline
def put_scores(
    columns: Hashes,
    count: Int,
    blocks: Ints,
    block_count: Int,
    templates: Int,
    ranked: Ranked,
    weights: Floats,
    tags: Int,
    scores: Floats,
):
    """Scores [count, tags]; 16 floats are written for each token, the surplus being overwritten.

    A block has 16 times: the parts of its templates (first lane), salts, whether they always count,
    their numbers, and for every part its place relative to the token's row. The weights are added in
    the order of the templates' numbers, as the reference does it.
    """
    var rows = stack_allocation[MOST, UInt32]()
    for token in range(count):
        var row = columns.unsafe_offset((token + MARGIN) * WIDTH)
        for at in range(block_count):
            var block = blocks.unsafe_offset(at * BLOCK)
            var found = rows_of(hashed(row, block), ranked)
            comptime for lane in range(16):
                rows[unsafe_offset = Int(block[unsafe_offset = 48 + lane])] = found[lane]
        var sum = Row(0)
        for template in range(templates):
            sum += weights.unsafe_load[width=16](Int(rows[unsafe_offset=template]) * tags)
        scores.unsafe_store(token * tags, sum)
