"""Bounds on the matches of 64 strings from how often they have each class of symbols."""
from std.memory import bitcast
from std.sys.intrinsics import PrefetchOptions, prefetch

from fuzzy_index import GROUP, INDEL, Bytes, Query

comptime Block = SIMD[DType.uint8, 64]
comptime CLASSES = 32
comptime ROWS = 36  # of a group's tally: a row for each class, then the first four symbols
comptime HALF_FULL = 15  # the largest count that half a byte holds
comptime AHEAD = 4
comptime MOST_COUNTED = 255


@always_inline
def class_of(symbol: Int) -> Int:
    """The tally row of a symbol 1..63; the rarest 31 share rows with the rarer of the others."""
    return min(symbol - 1, 64 - symbol)


@fieldwise_init
struct Step(Copyable, Movable):
    """A query symbol that moves from the right of the cut to its left: bytes in fours."""

    var row: Int
    var left: UInt32
    var right: UInt32


@always_inline
def fours(byte: Int) -> UInt32:
    """A byte, four times: what a register is filled with from memory without a shuffle."""
    return UInt32(byte) * 0x01010101


@always_inline
def filled(four: UInt32) -> Block:
    """A register full of a byte."""
    return bitcast[DType.uint8, 64](SIMD[DType.uint32, 16](four))


struct Counter:
    """How often the query has each class of symbols, and the bounds that follow for a group."""

    var rows: Array[Int, CLASSES]
    var counts: Array[UInt32, CLASSES]
    var used: Int
    var always: Int
    var steps: MutPointer[Step, MutUntrackedOrigin]
    var lost: MutPointer[UInt32, MutUntrackedOrigin]
    var halves: Bytes
    var length: Int

    def __init__(
        out self,
        query: Query,
        steps: MutPointer[Step, MutUntrackedOrigin],
        lost: MutPointer[UInt32, MutUntrackedOrigin],
        halves: Bytes,
    ):
        var totals = Array[Int, CLASSES](fill=0)
        for i in range(query.size):
            var symbol = Int(query.symbols[unsafe_offset=i])
            if symbol:
                totals[class_of(symbol)] += 1
        self.rows = Array[Int, CLASSES](fill=0)
        self.counts = Array[UInt32, CLASSES](fill=0)
        self.used = 0
        self.always = 0
        self.steps = steps
        self.lost = lost
        self.halves = halves
        self.length = -1
        var place = Array[Int, CLASSES](fill=-1)
        for each in range(CLASSES):
            # a count that half a byte can't hold tells nothing: all of these may match
            if totals[each] > HALF_FULL:
                self.always += totals[each]
            elif totals[each]:
                self.rows[self.used] = each * GROUP
                self.counts[self.used] = fours(totals[each])
                place[each] = self.used
                self.used += 1
        var left = Array[Int, CLASSES](fill=0)
        for i in range(min(query.size, MOST_COUNTED)):
            var symbol = Int(query.symbols[unsafe_offset=i])
            var row = place[class_of(symbol)] if symbol else -1
            if row < 0:
                steps[unsafe_offset=i] = Step(-1, 0, 0)
            else:
                var class_ = class_of(symbol)
                var right = totals[class_] - left[class_]
                steps[unsafe_offset=i] = Step(2 * GROUP * row, fours(left[class_]), fours(right))
                left[class_] += 1

    @always_inline
    def whole(self, tally: Bytes) -> Block:
        """A bound on the matches of each of 64 strings by what they have of each class."""
        comptime options = PrefetchOptions().for_read().high_locality().to_data_cache()
        var sum = Block(UInt8(self.always))
        for row in range(self.used):
            var both = tally.unsafe_load[width=64](self.rows[row])
            prefetch[options](tally.unsafe_offset(AHEAD * ROWS * GROUP + self.rows[row]))
            sum += min((both & Block(HALF_FULL)) + (both >> 4), filled(self.counts[row]))
        return sum

    @always_inline
    def split[KIND: Int](mut self, tally: Bytes, size: Int, length: Int) -> Block:
        """The same, of the best cut of the query in two that go with the halves of the strings."""
        comptime options = PrefetchOptions().for_read().high_locality().to_data_cache()
        comptime if KIND != INDEL:
            if length != self.length:
                self.length = length
                var half = length // 2
                for cut in range(size + 1):
                    var parts = max(cut, half) + max(size - cut, length - half)
                    self.lost[unsafe_offset=cut] = fours(min(parts - max(size, length), 255))
        var sum = Block(UInt8(self.always))
        for row in range(self.used):
            var both = tally.unsafe_load[width=64](self.rows[row])
            prefetch[options](tally.unsafe_offset(AHEAD * ROWS * GROUP + self.rows[row]))
            self.halves.unsafe_store(2 * GROUP * row, both & Block(HALF_FULL))
            self.halves.unsafe_store(2 * GROUP * row + GROUP, both >> 4)
            sum += min(both >> 4, filled(self.counts[row]))
        var most = sum
        comptime if KIND != INDEL:
            most = less(sum, filled(self.lost[unsafe_offset=0]))
        for i in range(size):
            ref step = self.steps[unsafe_offset=i]
            if step.row >= 0:
                var first = self.halves.unsafe_load[width=64](step.row)
                var second = self.halves.unsafe_load[width=64](step.row + GROUP)
                sum = first.gt(filled(step.left)).select(sum + 1, sum)
                sum = second.ge(filled(step.right)).select(sum - 1, sum)
            comptime if KIND == INDEL:
                most = max(most, sum)
            else:
                most = max(most, less(sum, filled(self.lost[unsafe_offset=i + 1])))
        return most


@always_inline
def less(sum: Block, by: Block) -> Block:
    """The difference, 0 where it would be negative."""
    return sum - min(sum, by)


@always_inline
def prefixes(tally: Bytes, query: Query, length: Int) -> Block:
    """How many of the first four symbols each of 64 strings shares with the query."""
    var shared = Block(0)
    var same = SIMD[DType.bool, 64](fill=True)
    for i in range(min(4, min(query.size, length))):
        var row = tally.unsafe_load[width=64]((CLASSES + i) * GROUP)
        same = same & row.eq(Block(query.symbols[unsafe_offset=i]))
        shared = same.select(shared + 1, shared)
    return shared
