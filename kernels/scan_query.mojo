"""One query passing over all rows: their high nibbles, and the low ones of few.

What low nibbles add is at most how long they are times how long the query is (Cauchy-Schwarz). Rows
that this may lift above the bar wait until all have been passed and the bar is as high as it gets.
"""
from std.bit import count_trailing_zeros, pop_count
from std.math import iota
from std.memory import pack_bits, stack_allocation
from std.sys.intrinsics import PrefetchOptions, compressed_store, prefetch

from scan_near import Floats, Ints, Near
from scan_planes import folded, Planes, products, Query, STEP, VNNI

comptime GROUP = 16  # rows that are compared at once; there are whole groups
comptime WAITING = 16384  # rows that may wait before some low nibbles are read
comptime SOON = 24  # rows whose low nibbles are fetched ahead
comptime NEAR_CACHE = PrefetchOptions().for_read().high_locality().to_data_cache()
comptime Scores = SIMD[DType.float32, GROUP]
comptime Mask = SIMD[DType.bool, GROUP]


struct Waiting(Copyable, Movable):
    """Rows that wait: their scales, their scores by the high nibbles, and the most they may be."""

    var rows: Ints
    var scales: Floats
    var likely: Floats
    var most: Floats
    var count: Int

    def __init__(out self, rows: Ints, scales: Floats, likely: Floats, most: Floats):
        self.rows = rows
        self.scales = scales
        self.likely = likely
        self.most = most
        self.count = 0

    @always_inline
    def add(mut self, row: Int, scale: Scores, likely: Scores, most: Scores, chosen: Mask):
        """Those of the group from `row` on that are chosen; there must be room for all."""
        var bits = pack_bits[dtype=DType.uint16, width=1](chosen)[0]
        comptime if VNNI:
            var ids = iota[DType.int32, GROUP](Int32(row))
            compressed_store(ids, self.rows.unsafe_offset(self.count), chosen)
            compressed_store(scale, self.scales.unsafe_offset(self.count), chosen)
            compressed_store(likely, self.likely.unsafe_offset(self.count), chosen)
            compressed_store(most, self.most.unsafe_offset(self.count), chosen)
            self.count += Int(pop_count(bits))
            return
        while bits:
            var lane = Int(count_trailing_zeros(bits))
            self.rows[unsafe_offset = self.count] = Int32(row + lane)
            self.scales[unsafe_offset = self.count] = scale[lane]
            self.likely[unsafe_offset = self.count] = likely[lane]
            self.most[unsafe_offset = self.count] = most[lane]
            self.count += 1
            bits &= bits - 1

    def weed(mut self, bar: Float32):
        """Drops the rows that can't exceed the bar."""
        var left = 0
        for at in range(self.count):
            self.rows[unsafe_offset=left] = self.rows[unsafe_offset=at]
            self.scales[unsafe_offset=left] = self.scales[unsafe_offset=at]
            self.likely[unsafe_offset=left] = self.likely[unsafe_offset=at]
            left += Int(self.most[unsafe_offset=at] > bar)
        self.count = left


@always_inline
def settle[
    STEPS: Int
](planes: Planes, query: Query, row: Int, scale: Float32, likely: Float32, near: Near):
    """Reads the low nibbles of a row and takes it in where it exceeds the bar."""
    var at = planes.low.unsafe_offset(row * planes.width)
    var low = products[STEPS](at, planes.width, query.codes)
    var score = likely + Float32(low.reduce_add() - query.eights) * scale
    var off = near.off(scale)
    if score + off > near.bar():
        near.admit(score, off, row)


def settle_all[STEPS: Int](planes: Planes, query: Query, mut waiting: Waiting, near: Near):
    """Does so with all rows that wait and may still exceed the bar."""
    waiting.weed(near.bar())
    for at in range(waiting.count):
        var soon = Int(waiting.rows[unsafe_offset = min(at + SOON, waiting.count - 1)])
        for step in range(0, planes.width, STEP):
            prefetch[NEAR_CACHE](planes.low.unsafe_offset(soon * planes.width + step))
        settle[STEPS](
            planes,
            query,
            Int(waiting.rows[unsafe_offset=at]),
            waiting.scales[unsafe_offset=at],
            waiting.likely[unsafe_offset=at],
            near,
        )
    waiting.count = 0


def scan[STEPS: Int](planes: Planes, first: Int, last: Int, query: Query, near: Near):
    """Scans some groups of rows."""
    var waiting = Waiting(
        stack_allocation[WAITING, Int32](),
        stack_allocation[WAITING, Float32](),
        stack_allocation[WAITING, Float32](),
        stack_allocation[WAITING, Float32](),
    )
    for row in range(first, last, GROUP):
        var at = planes.high.unsafe_offset(row * planes.width)
        var high = (folded[GROUP, STEPS](at, planes.width, query.codes) - query.eights) << 4
        var scale = planes.scales.unsafe_load[width=GROUP](row)
        var likely = high.cast[DType.float32]() * scale
        var rest = planes.rests.unsafe_load[width=GROUP](row)
        var most = likely + rest * near.length() + near.lost()
        var chosen = most.gt(near.bar())
        var best = chosen & likely.gt(near.bar())
        var bits = pack_bits[dtype=DType.uint16, width=1](best)[0]
        while bits:  # these raise the bar for all that wait
            var lane = Int(count_trailing_zeros(bits))
            settle[STEPS](planes, query, row + lane, scale[lane], likely[lane], near)
            bits &= bits - 1
        waiting.add(row, scale, likely, most, chosen & ~best)
        if waiting.count > WAITING - GROUP:
            settle_all[STEPS](planes, query, waiting, near)
    settle_all[STEPS](planes, query, waiting, near)


@always_inline
def scan_any(planes: Planes, first: Int, last: Int, query: Query, near: Near):
    """Scans some groups of rows of any length, those of usual lengths faster."""
    if planes.width == 2 * STEP:
        scan[2](planes, first, last, query, near)
    elif planes.width == STEP:
        scan[1](planes, first, last, query, near)
    else:
        scan[0](planes, first, last, query, near)
