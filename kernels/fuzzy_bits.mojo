"""512 strings side by side, each in one bit of a block's words: their symbols, and counts of bits.

What a loop would ask of one string, `and` and `or` ask of all: a register holds a bit of 512 strings
(AVX-512), of 256 (AVX2) or of 128 (NEON), and a block is gone through in as many parts.
"""
from std.bit import pop_count
from std.sys.info import CompilationTarget

from fuzzy_index import Words

comptime WORDS = 8  # of 64 strings in a block
comptime LANES = 64 * WORDS
comptime PLANES = 8  # bits of a symbol, of which three are set
comptime WIDTH = 8 if CompilationTarget._has_feature["avx512f"]() else (
    4 if CompilationTarget._has_feature["avx2"]() else 2
)
comptime Bits = SIMD[DType.uint64, WIDTH]
comptime TOGETHER = 4  # columns that pass over the rows at once
comptime MOST_BITS = 14  # of a count: twice 4096 fits


struct Counter:
    """A count for each string, its bit b in plane b."""

    var planes: Array[Bits, MOST_BITS]
    var used: Int

    def __init__(out self, most: Int):
        """Counts up to `most`."""
        self.planes = Array[Bits, MOST_BITS](fill=Bits(0))
        self.used = 0
        while most >> self.used:
            self.used += 1

    @always_inline
    def add[NEGATED: Bool](mut self, rows: Words, count: Int):
        """Adds one for each row that has a string's bit, or for each that doesn't."""
        var ones = self.planes[0]
        var twos = self.planes[1]
        var fours = self.planes[2]
        var at = 0
        while at + 8 <= count:
            var row = rows.unsafe_offset(WIDTH * at)
            var a = carry(ones, load[NEGATED](row, 0), load[NEGATED](row, 1))
            var b = carry(ones, load[NEGATED](row, 2), load[NEGATED](row, 3))
            var c = carry(twos, a, b)
            a = carry(ones, load[NEGATED](row, 4), load[NEGATED](row, 5))
            b = carry(ones, load[NEGATED](row, 6), load[NEGATED](row, 7))
            var d = carry(twos, a, b)
            self.increase(3, carry(fours, c, d))
            at += 8
        while at < count:
            var a = carry(ones, load[NEGATED](rows, at), Bits(0))
            self.increase(3, carry(fours, carry(twos, a, Bits(0)), Bits(0)))
            at += 1
        self.planes[0] = ones
        self.planes[1] = twos
        self.planes[2] = fours

    @always_inline
    def increase(mut self, plane: Int, bits: Bits):
        """Adds a plane's worth to those strings."""
        var over = bits
        for place in range(plane, self.used):
            var now = self.planes[place]
            self.planes[place] = now ^ over
            over = over & now

    @always_inline
    def at_least(self, least: Int) -> Bits:
        """Which counts reach `least`."""
        if least >> self.used:
            return Bits(0)
        var those = ~Bits(0)
        for place in range(self.used):
            var now = self.planes[place]
            those = those & now if (least >> place) & 1 else those | now
        return those

    @always_inline
    def of(self, lane: Int) -> Int:
        """The count of one string."""
        var count = 0
        for place in range(self.used):
            count |= Int((self.planes[place][lane // 64] >> UInt64(lane % 64)) & 1) << place
        return count

    def raised(self, least: Int, most: Int, those: Bits, k: Int) -> Int:
        """The largest limit, from `least` on, that at least k of those strings still reach."""
        var low = least
        var high = most
        while low < high:
            var middle = (low + high + 1) // 2
            if Int(pop_count(self.at_least(middle) & those).reduce_add()) >= k:
                low = middle
            else:
                high = middle - 1
        return low


@always_inline
def load[NEGATED: Bool](rows: Words, row: Int) -> Bits:
    """A row, or what it lacks."""
    var its = rows.unsafe_load[width=WIDTH](WIDTH * row)
    return ~its if NEGATED else its


@always_inline
def carry(mut sum: Bits, a: Bits, b: Bits) -> Bits:
    """Adds two bits to a sum of one bit; gives what is carried."""
    var over = (sum & a) | (b & (sum ^ a))
    sum = sum ^ a ^ b
    return over
