"""The most similar strings of a dictionary: exact scores of 512 strings of one length at a time.

Layout in transpose.py. Blocks of strings as long as the query come first, then ever shorter and longer
ones, until not even the best that their length allows would be let in. How many matches a string needs
follows from the k-th best so far, and with it which cells of the table an alignment may pass.
Plain C ABI, caller-owned buffers, read-only index, no heap.
"""
from std.bit import count_trailing_zeros
from std.memory import stack_allocation

from fuzzy_bits import LANES, PLANES, WIDTH, WORDS, Bits, Counter
from fuzzy_index import (
    INDEL,
    JARO_WINKLER,
    LEVENSHTEIN,
    Best,
    Bytes,
    Floats,
    Index,
    Ints,
    Longs,
    Words,
    jaro_winkler,
    needed,
    score,
)
from fuzzy_match import Block, Table, begin_order, common, edits, in_order, jaro, prefixes, reach_of

comptime TILE = 48  # blocks that many queries pass over in turn: they fit in a cache
comptime BETWEEN = 8  # columns of Jaro-Winkler after which it is seen whether any may still be let in


struct Search[KIND: Int]:
    """One query's search: what it is compared by, and what it found."""

    var index: Index
    var table: Table
    var best: Best
    var matched: Words

    def __init__(
        out self, index: Index, table: Table, var best: Best, matched: Words
    ):
        self.index = index.copy()
        self.table = table.copy()
        self.best = best^
        self.matched = matched

    def likeliest(self, block: Int) -> Float64:
        """The best score that strings as long as a block's may have."""
        var length = Int(self.index.lengths[unsafe_offset=block])
        return score[Self.KIND](min(self.table.size, length), self.table.size, length, 4)

    def visit(mut self, first: Int, last: Int):
        """Goes through some blocks, those first that have strings nearly as long as the query."""
        var up = first
        while up < last and Int(self.index.lengths[unsafe_offset=up]) < self.table.size:
            up += 1
        var down = up - 1
        while True:
            var longer = self.likeliest(up) if up < last else -1.0
            var shorter = self.likeliest(down) if down >= first else -1.0
            if max(longer, shorter) < self.best.least():
                return
            var block = up
            if longer >= shorter:
                up += 1
                longer = self.likeliest(up) if up < last else -1.0
            else:
                block = down
                down -= 1
                shorter = self.likeliest(down) if down >= first else -1.0
            self.take(block, up if longer >= shorter else down)
            if up >= last and down < first:
                return

    def take(mut self, block: Int, next: Int):
        """Compares the strings of a block; `next` is the one that is likely to follow."""
        comptime for part in range(WORDS // WIDTH):
            comptime if Self.KIND == JARO_WINKLER:
                self.take_jaro(block, part, self.part_of(block, next, part))
            else:
                self.take_part(block, part, self.part_of(block, next, part))

    @always_inline
    def part_of(self, block: Int, next: Int, part: Int) -> Block:
        """A part of a block; the block that comes next may be none."""
        var planes = self.index.planes.unsafe_offset(part * WIDTH)
        var here = Int(self.index.offsets[unsafe_offset=block])
        var there = here
        if 0 <= next < self.index.blocks:
            there = Int(self.index.offsets[unsafe_offset=next])
        var length = Int(self.index.lengths[unsafe_offset=block])
        return Block(planes.unsafe_offset(here), length, planes.unsafe_offset(there))

    def take_part(mut self, block: Int, part: Int, its: Block):
        """Compares a part of a block by Indel or Levenshtein."""
        var size = self.table.size
        var length = its.length
        var shorter = min(size, length)
        var fewest = needed[Self.KIND](self.best.least(), size, length, 0)
        if fewest > shorter:
            return
        var counter: Counter
        comptime if Self.KIND == INDEL:
            common(self.table, its, fewest)
            counter = Counter(shorter)
            counter.add[False](self.table.a, size)
        else:
            var longer = max(size, length)
            edits(self.table, its, longer - fewest)
            # the shorter length and the matches together: rows in `a`, and those not in `b`
            counter = Counter(2 * size)
            counter.add[False](self.table.a, size)
            counter.add[True](self.table.b, size)
        # counts of edits are too high by the shorter length
        var more = 0 if Self.KIND == INDEL else shorter
        var those = counter.at_least(fewest + more) & self.filled(block, part)
        if those.reduce_or() == 0:
            return
        var limit = counter.raised(fewest + more, shorter + more, those, self.best.k)
        if limit > fewest + more:
            those &= counter.at_least(limit)
        comptime for word in range(WIDTH):
            var bits = those[word]
            while bits:
                var lane = 64 * word + Int(count_trailing_zeros(bits))
                bits &= bits - 1
                var score_ = score[Self.KIND](counter.of(lane) - more, size, length, 0)
                self.offer(block, part, lane, score_)

    def take_jaro(mut self, block: Int, part: Int, its: Block):
        """Compares a part of a block by Jaro-Winkler."""
        var size = self.table.size
        var length = its.length
        var least = self.best.least()
        var fewest = Array[Int, 5](fill=0)
        comptime for prefix in range(5):
            fewest[prefix] = needed[JARO_WINKLER](least, size, length, prefix)
        var same = stack_allocation[4 * WIDTH, UInt64]()
        var those = self.filled(block, part)
        if fewest[0] > min(size, length):
            # none can be let in by its matches alone
            prefixes(self.table, its, same)
            var shared = 1
            while shared < 4 and fewest[shared] > min(size, length):
                shared += 1
            those &= same.unsafe_load[width=WIDTH](WIDTH * (shared - 1))
            if those.reduce_or() == 0:
                return
        var reach = reach_of(size, length)
        var until = min(length, size + reach)
        jaro(self.table, its, reach, until, self.matched)
        var matches = Counter(min(size, length))
        matches.add[False](self.table.a, size)
        if (those & matches.at_least(fewest[4])).reduce_or() == 0:
            return
        prefixes(self.table, its, same)
        var swaps = Swaps(least, size, length, same, fewest^)
        var misses = Counter(min(size, length))
        # where only equal places match, the way between them leads past their neighbours
        reach = max(reach, 1)
        begin_order(self.table, reach)
        for column in range(0, until, BETWEEN):
            those &= swaps.few_enough(matches, misses)
            if those.reduce_or() == 0:
                return
            var last = min(column + BETWEEN, until)
            in_order(self.table, its, reach, column, last, self.matched)
            misses.add[False](self.matched.unsafe_offset(WIDTH * column), last - column)
        comptime for word in range(WIDTH):
            var bits = those[word]
            while bits:
                var lane = 64 * word + Int(count_trailing_zeros(bits))
                bits &= bits - 1
                var prefix = 0
                comptime for shared in range(4):
                    var has = same[unsafe_offset=shared * WIDTH + word] >> UInt64(lane % 64)
                    prefix += Int(has & 1)
                var count = matches.of(lane)
                var score_ = jaro_winkler(count, misses.of(lane) // 2, size, length, prefix)
                self.offer(block, part, lane, score_)

    @always_inline
    def filled(self, block: Int, part: Int) -> Bits:
        """Which lanes of a part have a string."""
        var count = Int(self.index.counts[unsafe_offset=block]) - 64 * WIDTH * part
        var those = Bits(0)
        comptime for word in range(WIDTH):
            var its = min(max(count - 64 * word, 0), 64)
            those[word] = ~UInt64(0) >> UInt64(64 - its) if its else UInt64(0)
        return those

    @always_inline
    def offer(mut self, block: Int, part: Int, lane: Int, its: Float64):
        """Offers a string of a part."""
        self.best.offer(its, self.index.ids[unsafe_offset=block * LANES + 64 * WIDTH * part + lane])


@fieldwise_init
struct Swaps:
    """How many transpositions may let strings of one length still be let in."""

    var least: Float64
    var size: Int
    var length: Int
    var same: Words
    var fewest: Array[Int, 5]

    def few_enough(self, matches: Counter, misses: Counter) -> Bits:
        """Those that so many matches, of which so many are known to be out of order, may let in."""
        var those = Bits(0)
        comptime for prefix in range(5):
            var they = ~Bits(0)
            comptime if prefix > 0:
                they = self.same.unsafe_load[width=WIDTH](WIDTH * (prefix - 1))
            comptime if prefix < 4:
                they &= ~self.same.unsafe_load[width=WIDTH](WIDTH * prefix)
            var above = they & matches.at_least(self.fewest[prefix])
            var count = self.fewest[prefix]
            while above.reduce_or():
                var here = above
                count += 1
                above = above & matches.at_least(count)
                var most = self.most(count - 1, prefix)
                if most >= 0:
                    those |= here & ~above & ~misses.at_least(2 * most + 2)
        return those

    def most(self, matches: Int, prefix: Int) -> Int:
        """A bound on the transpositions of so many matches, negative where there can't be any."""
        if matches == 0:
            return 0
        var jaro = self.least
        if jaro > 0.7:
            var more = 0.1 * Float64(prefix)
            jaro = max(0.7, (jaro - more) / (1.0 - more))
        var count = Float64(matches)
        var ordered = 3.0 * jaro - count / Float64(self.size) - count / Float64(self.length)
        # a little more than follows, for what is lost to rounding
        return Int((1.0 - ordered) * count + 1.001) - 1


@fieldwise_init
struct Scratch(Copyable, Movable):
    """The caller's memory: where the rows' symbols are found, and the state of rows and columns."""

    var places: Words
    var a: Words
    var b: Words
    var matched: Words


def scratch_of(memory: Words, longest: Int) -> Scratch:
    """Cuts the memory into parts that begin at cache lines, for queries of at most `longest` symbols."""
    var a = memory.unsafe_offset((64 - Int(memory) % 64) % 64 // 8)
    var b = a.unsafe_offset(WORDS * longest)
    var places = b.unsafe_offset(WORDS * (longest + 1))
    return Scratch(places, a, b, places.unsafe_offset((longest + 7) // 8 * 8))


def search[
    KIND: Int
](
    index: Index, symbols: Bytes, size: Int, var best: Best, scratch: Scratch, first: Int, last: Int
) -> Int:
    """Searches some blocks for a query; gives how many strings are among the best now."""
    for row in range(size):
        var bits = symbols[unsafe_offset=row]
        var places = UInt64(0)
        comptime for plane in range(3):
            places |= UInt64(WORDS * Int(count_trailing_zeros(bits))) << UInt64(16 * plane)
            bits &= bits - 1
        scratch.places[unsafe_offset=row] = places
    var table = Table(size, scratch.places, scratch.a, scratch.b)
    var found = Search[KIND](index, table, best^, scratch.matched)
    found.visit(first, last)
    return found.best.count


@export
def topk(
    kind: Int64,
    planes: Words,
    offsets: Longs,
    lengths: Ints,
    counts: Ints,
    block_ids: Ints,
    blocks: Int64,
    symbols: Bytes,
    ends: Longs,
    queries: Int64,
    longest: Int64,
    k: Int64,
    floor: Float64,
    memory: Words,
    scores: Floats,
    ids: Ints,
    found: Longs,
) abi("C") -> Int64:
    """Writes scores and ids [queries, k] of each query's best that reach `floor`, in no order.

    `kind` is 0 for Indel, 1 for Levenshtein, 2 for Jaro-Winkler; `blocks` and `k` are at least 1, and
    so is each query's length, of which `longest` is the largest. Query q ends before symbols[ends[q]];
    each symbol has three bits. `found` is 0, and gets how many it found. The memory has 256 bytes, 140
    for each symbol of the longest query and 64 for each of the longest string.
    """
    var index = Index(planes, offsets, lengths, counts, block_ids, Int(blocks))
    var scratch = scratch_of(memory, Int(longest))
    # many queries pass over a few blocks at a time, which stay near; each begins with its own length
    var tile = index.blocks if queries == 1 else TILE
    for turn in range(1 if queries == 1 else 2):
        for first in range(0, index.blocks, tile):
            var last = min(first + tile, index.blocks)
            for number in range(Int(queries)):
                var begin = Int(ends[unsafe_offset=number - 1]) if number else 0
                var size = Int(ends[unsafe_offset=number]) - begin
                if queries > 1 and is_home(index, first, last, size) != (turn == 0):
                    continue
                var at = number * Int(k)
                var best = Best(scores.unsafe_offset(at), ids.unsafe_offset(at), Int(k), floor)
                best.count = Int(found[unsafe_offset=number])
                var its = symbols.unsafe_offset(begin)
                var count: Int
                if kind == INDEL:
                    count = search[INDEL](index, its, size, best^, scratch, first, last)
                elif kind == LEVENSHTEIN:
                    count = search[LEVENSHTEIN](index, its, size, best^, scratch, first, last)
                else:
                    count = search[JARO_WINKLER](index, its, size, best^, scratch, first, last)
                found[unsafe_offset=number] = Int64(count)
    return queries


@always_inline
def is_home(index: Index, first: Int, last: Int, size: Int) -> Bool:
    """Whether some blocks are the first that have strings as long as a query, or the last of all."""
    var longest = Int(index.lengths[unsafe_offset=last - 1])
    var before = Int(index.lengths[unsafe_offset=first - 1]) if first else 0
    return before < size and (size <= longest or last == index.blocks)
