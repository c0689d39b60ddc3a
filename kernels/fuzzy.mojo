"""The most similar strings of a dictionary: bounds from counted symbols, then bit-parallel scores.

Layout in transpose.py. Three steps, each for the strings that the one before let through:
  1. 64 strings at a time, a bound on the matches from how often each symbol occurs; where many pass,
     a sharper one: the query cut in two at every place against the string's counts of each half.
     Strings with better bounds come first, so that the k-th best soon turns the others away.
  2. 32 strings at a time, a bound that is mostly the score itself, by the bit-parallel recurrences of
     Hyyro (2003, 2004), one 64-bit lane a string. The match table is looked up in registers, which
     hold 15 classes of symbols: the query's rarest share some. AVX-512 only.
  3. One string at a time, the exact score, for queries of any length.
Plain C ABI, caller-owned buffers, read-only index, no heap.
"""
from std.bit import count_trailing_zeros, pop_count
from std.memory import pack_bits, stack_allocation
from std.sys.info import CompilationTarget
from std.sys.intrinsics import PrefetchOptions, prefetch

from fuzzy_counts import CLASSES, MOST_COUNTED, ROWS, Block, Counter, Step, prefixes
from fuzzy_exact import common, edits, jaro, shared_prefix
from fuzzy_index import (
    GROUP,
    INDEL,
    JARO_WINKLER,
    LEVENSHTEIN,
    Best,
    Bytes,
    Floats,
    Index,
    Ints,
    Longs,
    Query,
    Words,
    needed,
    score,
    winkler,
)
from fuzzy_lanes import BATCH, MOST_WORDS, Lanes, Tables, bound_lanes, jaro_lanes, tables_of

comptime LONGEST_STAGED = 256
comptime WORTH_SPLITTING = 8
comptime ALWAYS_SPLIT = 25  # symbols of a query from which on nearly every group gets there
comptime LAST_EDGE = 5
comptime IN_REGISTERS = CompilationTarget._has_feature["avx512vbmi"]()


struct Search[KIND: Int]:
    """One query's search: what is staged, and what it found."""

    var index: Index
    var query: Query
    var tables: Tables
    var best: Best
    var flags: Words
    var stage: Words
    var places: Ints
    var staged: Int
    var longest: Int

    def __init__(
        out self,
        index: Index,
        query: Query,
        tables: Tables,
        var best: Best,
        flags: Words,
        stage: Words,
        places: Ints,
    ):
        self.index = index.copy()
        self.query = query.copy()
        self.tables = tables.copy()
        self.best = best^
        self.flags = flags
        self.stage = stage
        self.places = places
        self.staged = 0
        self.longest = 0

    def take(mut self, place: Int):
        """Scores one string exactly and offers it."""
        var length = Int(self.index.lengths[unsafe_offset=place // GROUP])
        var letters = self.index.string(place)
        var its: Float64
        comptime if Self.KIND == JARO_WINKLER:
            its = winkler(
                jaro(self.query, letters, length, self.flags), shared_prefix(self.query, letters, length)
            )
        elif Self.KIND == LEVENSHTEIN:
            its = score[Self.KIND](edits(self.query, letters, length), self.query.size, length, 0)
        else:
            its = score[Self.KIND](common(self.query, letters, length), self.query.size, length, 0)
        self.offer(place, its)

    @always_inline
    def offer(mut self, place: Int, its: Float64):
        """Offers a string; a place may be empty."""
        var id = self.index.ids[unsafe_offset=place]
        if id >= 0:
            self.best.offer(its, id)

    @always_inline
    def add(mut self, place: Int, length: Int):
        """Stages a string and asks for its symbols, which are far away."""
        comptime options = PrefetchOptions().for_read().high_locality().to_data_cache()
        var letters = self.index.string(place)
        prefetch[options](letters)
        prefetch[options](letters.unsafe_offset(length - 1))
        self.places[unsafe_offset=self.staged] = Int32(place)
        self.staged += 1
        self.longest = length
        if self.staged == BATCH:
            self.flush()

    def flush(mut self):
        """Takes what is staged and may be let in."""
        comptime if IN_REGISTERS:
            comptime if Self.KIND == JARO_WINKLER:
                if self.query.words == 1 and self.longest <= 64:
                    self.settle[1]()
                    self.staged = 0
            else:
                if self.longest <= LONGEST_STAGED and self.query.words <= MOST_WORDS:
                    if self.query.words == 1:
                        self.settle[1]()
                    elif self.query.words == 2:
                        self.settle[2]()
                    elif self.query.words == 3:
                        self.settle[3]()
                    else:
                        self.settle[4]()
                    self.staged = 0
        var taken = 0
        comptime if Self.KIND != JARO_WINKLER:
            if self.query.words == 1:
                while taken + 4 <= self.staged:
                    self.take_some[4, 1](taken)
                    taken += 4
            elif self.query.words == 2:
                while taken + 2 <= self.staged:
                    self.take_some[2, 2](taken)
                    taken += 2
        for i in range(taken, self.staged):
            self.take(Int(self.places[unsafe_offset=i]))
        self.staged = 0

    def take_some[N: Int, WORDS: Int](mut self, first: Int):
        """Scores strings that are staged side by side: one alone leaves the CPU waiting."""
        var table = self.query.table
        var a = Array[UInt64, N * WORDS](fill=~UInt64(0))
        var b = Array[UInt64, N * WORDS](fill=UInt64(0))
        var letters = Array[Bytes, N](fill=self.index.letters)
        comptime for j in range(N):
            letters[j] = self.index.string(Int(self.places[unsafe_offset=first + j]))
        for i in range(self.longest):
            comptime for j in range(N):
                var row = Int(letters[j][unsafe_offset=i]) * WORDS
                var carry = UInt64(0)
                var more = UInt64(1)
                comptime for w in range(WORDS):
                    comptime at = j * WORDS + w
                    var found = table[unsafe_offset=row + w]
                    var now = a[at]
                    comptime if Self.KIND == INDEL:
                        var both = now & found
                        var sum = now + both + carry
                        comptime if w + 1 < WORDS:
                            carry = (both | (now & ~sum)) >> 63
                        a[at] = sum | (now & ~found)
                    else:
                        found |= carry
                        var d0 = (((found & now) + now) ^ now) | found | b[at]
                        var hp = b[at] | ~(d0 | now)
                        var hn = d0 & now
                        var next_hp = (hp << 1) | more
                        var next_hn = (hn << 1) | carry
                        comptime if w + 1 < WORDS:
                            more = hp >> 63
                            carry = hn >> 63
                        a[at] = next_hn | ~(d0 | next_hp)
                        b[at] = next_hp & d0
        comptime for j in range(N):
            var place = Int(self.places[unsafe_offset=first + j])
            var length = Int(self.index.lengths[unsafe_offset=place // GROUP])
            var matches = max(self.query.size, length) - length
            comptime if Self.KIND == INDEL:
                matches = 0
            comptime for w in range(WORDS):
                comptime if Self.KIND == INDEL:
                    matches += Int(pop_count(~a[j * WORDS + w]))
                else:
                    var bits = ~UInt64(0)
                    comptime if w == WORDS - 1:
                        bits = bits >> UInt64(64 * WORDS - self.query.size)
                    matches += Int(pop_count(b[j * WORDS + w] & bits))
                    matches -= Int(pop_count(a[j * WORDS + w] & bits))
            self.offer(place, score[Self.KIND](matches, self.query.size, length, 0))

    def settle[WORDS: Int](mut self):
        """Bounds what is staged and takes what may be let in."""
        for i in range(self.staged):
            var letters = self.index.string(Int(self.places[unsafe_offset=i])).unsafe_bitcast[UInt64]()
            for j in range((self.longest + 7) // 8):
                self.stage[unsafe_offset=j * BATCH + i] = letters[unsafe_offset=j]
        comptime if Self.KIND == JARO_WINKLER:
            for first in range(0, self.staged, 16):
                self.settle_jaro(first)
        else:
            # more of them side by side than there are registers for would be slower
            comptime N = 4 if WORDS == 1 else 2
            for first in range(0, self.staged, 8 * N):
                if self.staged - first <= 8:
                    self.settle_at[1, WORDS](first)
                else:
                    self.settle_at[N, WORDS](first)

    @always_inline
    def settle_at[N: Int, WORDS: Int](mut self, first: Int):
        """Settles N times 8 staged strings from `first` on, fewer where there are none."""
        var bounds = bound_lanes[Self.KIND, N, WORDS](
            self.tables, self.stage.unsafe_offset(first), self.query.size, self.longest
        )
        # lengths ascend, and so does what is needed
        var length = Int(self.index.lengths[unsafe_offset=Int(self.places[unsafe_offset=first]) // GROUP])
        var fewest = needed[Self.KIND](self.best.least(), self.query.size, length, 0)
        comptime for v in range(N):
            var bits = pack_bits[dtype=DType.uint8, width=1](bounds[v].ge(Lanes(UInt64(fewest))))[0]
            while bits:
                var lane = Int(count_trailing_zeros(bits))
                bits &= bits - 1
                if first + 8 * v + lane < self.staged:
                    var place = Int(self.places[unsafe_offset=first + 8 * v + lane])
                    length = Int(self.index.lengths[unsafe_offset=place // GROUP])
                    var its = score[Self.KIND](Int(bounds[v][lane]), self.query.size, length, 0)
                    if self.tables.exact:
                        self.offer(place, its)
                    elif its >= self.best.least():
                        self.take(place)

    @always_inline
    def settle_jaro(mut self, first: Int):
        """Settles 16 staged strings, which are of one length."""
        var found = jaro_lanes[2](
            self.tables, self.stage.unsafe_offset(first), self.query.size, self.longest
        )
        comptime for v in range(2):
            for lane in range(min(8, self.staged - first - 8 * v)):
                if winkler(found[v][lane], 4) >= self.best.least():
                    var place = Int(self.places[unsafe_offset=first + 8 * v + lane])
                    var prefix = shared_prefix(self.query, self.index.string(place), self.longest)
                    var its = winkler(found[v][lane], prefix)
                    if self.tables.exact:
                        self.offer(place, its)
                    elif its >= self.best.least():
                        self.take(place)


@always_inline
def from_to(bounds: Block, least: Int, handled: Int) -> SIMD[DType.bool, 64]:
    """Which bounds are at least `least` and less than `handled`, which is at least 1."""
    return bounds.ge(Block(UInt8(min(least, 255)))) & bounds.le(Block(UInt8(min(handled - 1, 255))))


@always_inline
def edge(number: Int) -> Float64:
    """The lower ends of the ranges of bounds that are handled in turn."""
    return 1.0 - 0.125 * Float64(number + 1) if number < LAST_EDGE else 0.0


def run[KIND: Int](mut search: Search[KIND], mut counter: Counter, bounds: Bytes, shared: Bytes, states: Bytes):
    """Handles the strings in ranges of falling bounds until none can be let in."""
    var index = search.index.copy()
    var query = search.query.copy()
    var counted = query.size <= MOST_COUNTED
    for group in range(index.groups):
        states[unsafe_offset=group] = 0
    var upper = 2.0
    var number = 0
    while number <= LAST_EDGE:
        var lower = max(edge(number), search.best.floor)
        if search.best.least() >= upper:
            return
        var length = -1
        var least = Array[Int, 5](fill=0)
        var handled = Array[Int, 5](fill=0)
        var at_least = -1.0
        for group in range(index.groups):
            var its = Int(index.lengths[unsafe_offset=group])
            if its != length or search.best.least() > at_least:
                var flushes = its != length
                comptime if KIND == INDEL:
                    flushes = (its + 7) // 8 != (length + 7) // 8
                if flushes:
                    search.flush()
                at_least = max(lower, search.best.least())
                comptime for prefix in range(5):
                    comptime if prefix == 0 or KIND == JARO_WINKLER:
                        least[prefix] = needed[KIND](at_least, query.size, its, prefix)
                        if its != length:
                            handled[prefix] = 1000
                            if upper <= 1.0:
                                handled[prefix] = needed[KIND](upper, query.size, its, prefix)
                length = its
            var fewest = least[0]
            comptime if KIND == JARO_WINKLER:
                fewest = least[4]
            if fewest > min(query.size, length):
                continue
            if not counted:
                if states[unsafe_offset=group] == 0:
                    states[unsafe_offset=group] = 1
                    for lane in range(GROUP):
                        search.add(group * GROUP + lane, length)
                continue
            var tally = index.tallies.unsafe_offset(group * ROWS * GROUP)
            var own = bounds.unsafe_offset(group * GROUP)
            if states[unsafe_offset=group] == 0:
                var most = Block(UInt8(min(query.size, length, 255)))
                if KIND != JARO_WINKLER and query.size >= ALWAYS_SPLIT:
                    states[unsafe_offset=group] = 2
                    own.unsafe_store(0, min(counter.split[KIND](tally, query.size, length), most))
                else:
                    states[unsafe_offset=group] = 1
                    own.unsafe_store(0, min(counter.whole(tally), most))
                comptime if KIND == JARO_WINKLER:
                    shared.unsafe_store(group * GROUP, prefixes(tally, query, length))
            var now = own.unsafe_load[width=64](0)
            var passed = from_to(now, least[0], handled[0])
            comptime if KIND == JARO_WINKLER:
                var prefix = shared.unsafe_load[width=64](group * GROUP)
                comptime for shares in range(1, 5):
                    var has = prefix.eq(Block(UInt8(shares)))
                    passed = has.select(from_to(now, least[shares], handled[shares]), passed)
            var bits = pack_bits[dtype=DType.uint64, width=1](passed)[0]
            comptime if KIND != JARO_WINKLER:
                if Int(pop_count(bits)) >= WORTH_SPLITTING and states[unsafe_offset=group] == 1:
                    states[unsafe_offset=group] = 2
                    var open = now.le(Block(UInt8(min(handled[0] - 1, 255))))
                    now = open.select(min(now, counter.split[KIND](tally, query.size, length)), now)
                    own.unsafe_store(0, now)
                    passed = from_to(now, least[0], handled[0])
                    bits = pack_bits[dtype=DType.uint64, width=1](passed)[0]
            while bits:
                var place = group * GROUP + Int(count_trailing_zeros(bits))
                bits &= bits - 1
                search.add(place, length)
        search.flush()
        if lower <= search.best.floor:
            return
        upper = lower
        number += 1


def start[KIND: Int](index: Index, query: Query, var best: Best, flags: Words, bounds: Bytes) -> Int:
    """Prepares a search and runs it; gives how many it found."""
    var stage = stack_allocation[BATCH * LONGEST_STAGED // 8, UInt64]()
    var places = stack_allocation[BATCH, Int32]()
    var halves = stack_allocation[2 * CLASSES * GROUP, UInt8]()
    var steps = stack_allocation[MOST_COUNTED, Step]()
    var lost = stack_allocation[MOST_COUNTED + 1, UInt32]()
    var distinct = stack_allocation[64, UInt8]()
    var count = 0
    for symbol in range(1, 64):
        for i in range(query.size):
            if Int(query.symbols[unsafe_offset=i]) == symbol:
                distinct[unsafe_offset=count] = UInt8(symbol)
                count += 1
                break
    var tables = tables_of[KIND](query, distinct, count)
    var search = Search[KIND](index, query, tables, best^, flags, stage, places)
    var counter = Counter(query, steps, lost, halves)
    var shared = bounds.unsafe_offset(index.groups * GROUP)
    run[KIND](search, counter, bounds, shared, shared.unsafe_offset(index.groups * GROUP))
    return search.best.count


@export
def topk(
    kind: Int64,
    tallies: Bytes,
    letters: Bytes,
    offsets: Longs,
    lengths: Ints,
    group_ids: Ints,
    groups: Int64,
    symbols: Bytes,
    size: Int64,
    k: Int64,
    floor: Float64,
    scratch: Words,
    longest: Int64,
    scores: Floats,
    ids: Ints,
) abi("C") -> Int64:
    """Writes score and id of the k best that reach `floor`, in no order; gives their number.

    `kind` is 0 for Indel, 1 for Levenshtein, 2 for Jaro-Winkler; `size` and `k` are at least 1. The
    scratch has 66 words for each 64 symbols of the query begun, one for each 64 symbols of the
    longest string begun, and 129 bytes for each string that the groups have room for.
    """
    var words = (Int(size) + 63) // 64
    var state = scratch.unsafe_offset(64 * words)
    var flags = state.unsafe_offset(2 * words)
    var bounds = flags.unsafe_offset((Int(longest) + 63) // 64).unsafe_bitcast[UInt8]()
    for i in range(64 * words):
        scratch[unsafe_offset=i] = 0
    for i in range(Int(size)):
        var at = Int(symbols[unsafe_offset=i]) * words + i // 64
        scratch[unsafe_offset=at] = scratch[unsafe_offset=at] | (UInt64(1) << UInt64(i % 64))
    for w in range(words):
        scratch[unsafe_offset=w] = 0  # symbol 0 is in no string
    var index = Index(tallies, letters, offsets, lengths, group_ids, Int(groups))
    var query = Query(symbols, Int(size), words, scratch, state)
    var best = Best(scores, ids, Int(k), floor)
    if kind == INDEL:
        return Int64(start[INDEL](index, query, best^, flags, bounds))
    elif kind == LEVENSHTEIN:
        return Int64(start[LEVENSHTEIN](index, query, best^, flags, bounds))
    return Int64(start[JARO_WINKLER](index, query, best^, flags, bounds))
