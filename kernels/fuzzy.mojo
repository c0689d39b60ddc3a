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
comptime ROOM = 192  # bytes of scratch for a group
comptime TILE = 256  # groups that many queries pass over in turn: they fit in a cache
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
        var chunks = (self.longest + 7) // 8
        for i in range(self.staged):
            var letters = self.index.string(Int(self.places[unsafe_offset=i])).unsafe_bitcast[UInt64]()
            var lane = self.stage.unsafe_offset(i)
            for j in range(chunks):
                lane[unsafe_offset=j * BATCH] = letters[unsafe_offset=j]
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


struct Pass[KIND: Int]:
    """One visit of the groups: the strings whose bounds are in a range."""

    var lower: Float64
    var upper: Float64
    var length: Int
    var at_least: Float64
    var least: Array[Int, 5]
    var handled: Array[Int, 5]

    def __init__(out self, lower: Float64, upper: Float64):
        self.lower = lower
        self.upper = upper
        self.length = -1
        self.at_least = -1.0
        self.least = Array[Int, 5](fill=0)
        self.handled = Array[Int, 5](fill=0)

    @always_inline
    def reach(mut self, length: Int, mut search: Search[Self.KIND]):
        """Finds what strings of a length need, for each prefix that they may share."""
        var best = search.best.least()
        if length == self.length and best <= self.at_least:
            return
        var flushes = length != self.length
        comptime if Self.KIND == INDEL:
            flushes = (length + 7) // 8 != (self.length + 7) // 8
        if flushes:
            search.flush()
            best = search.best.least()
        self.at_least = max(self.lower, best)
        var size = search.query.size
        comptime for prefix in range(5):
            comptime if prefix == 0 or Self.KIND == JARO_WINKLER:
                self.least[prefix] = needed[Self.KIND](self.at_least, size, length, prefix)
                if length != self.length:
                    self.handled[prefix] = 1000
                    if self.upper <= 1.0:
                        self.handled[prefix] = needed[Self.KIND](self.upper, size, length, prefix)
        self.length = length

    @always_inline
    def passed(self, bounds: Block, prefixes: Bytes) -> UInt64:
        """A bit for each string whose bound is in the range."""
        var those = from_to(bounds, self.least[0], self.handled[0])
        comptime if Self.KIND == JARO_WINKLER:
            var prefix = prefixes.unsafe_load[width=64](0)
            comptime for shares in range(1, 5):
                var has = prefix.eq(Block(UInt8(shares)))
                those = has.select(from_to(bounds, self.least[shares], self.handled[shares]), those)
        return pack_bits[dtype=DType.uint64, width=1](those)[0]


@always_inline
def bound_group[
    KIND: Int
](mut counter: Counter, query: Query, tally: Bytes, length: Int, bounds: Bytes, prefix: Bytes) -> UInt8:
    """Bounds the matches of a group; gives 2 where that is the sharper bound, else 1."""
    var most = Block(UInt8(min(query.size, length, MOST_COUNTED)))
    comptime if KIND == JARO_WINKLER:
        prefix.unsafe_store(0, prefixes(tally, query, length))
    else:
        if query.size >= ALWAYS_SPLIT:
            bounds.unsafe_store(0, min(counter.split[KIND](tally, query.size, length), most))
            return 2
    bounds.unsafe_store(0, min(counter.whole(tally), most))
    return 1


def visit[
    KIND: Int
](
    mut search: Search[KIND],
    mut counter: Counter,
    scratch: Bytes,
    first: Int,
    last: Int,
    lower: Float64,
    upper: Float64,
):
    """Handles the strings of some groups with a bound from `lower` on and below `upper`.

    Those with higher ones have been handled. A bound is in bytes 0..63 of a group's scratch, which
    string shares which prefix in 64..127, and the state of the bounds in byte 128.
    """
    var here = Pass[KIND](lower, upper)
    for group in range(first, last):
        var length = Int(search.index.lengths[unsafe_offset=group])
        here.reach(length, search)
        if here.least[4 if KIND == JARO_WINKLER else 0] > min(search.query.size, length):
            continue
        var bounds = scratch.unsafe_offset((group - first) * ROOM)
        var prefix = bounds.unsafe_offset(GROUP)
        ref state = bounds[unsafe_offset=2 * GROUP]
        if search.query.size > MOST_COUNTED:
            if state == 0:
                state = 1
                for lane in range(GROUP):
                    search.add(group * GROUP + lane, length)
            continue
        var tally = search.index.tallies.unsafe_offset(group * ROWS * GROUP)
        if state == 0:
            state = bound_group[KIND](counter, search.query, tally, length, bounds, prefix)
        var now = bounds.unsafe_load[width=64](0)
        var bits = here.passed(now, prefix)
        comptime if KIND != JARO_WINKLER:
            if state == 1 and Int(pop_count(bits)) >= WORTH_SPLITTING:
                state = 2
                var open = now.le(Block(UInt8(min(here.handled[0] - 1, 255))))
                var sharper = min(now, counter.split[KIND](tally, search.query.size, length))
                now = open.select(sharper, now)
                bounds.unsafe_store(0, now)
                bits = here.passed(now, prefix)
        while bits:
            search.add(group * GROUP + Int(count_trailing_zeros(bits)), length)
            bits &= bits - 1
    search.flush()


def start[
    KIND: Int
](index: Index, query: Query, var best: Best, scratch: Words, first: Int, last: Int) -> Int:
    """Searches some groups; gives how many strings are among the best now."""
    var stage = stack_allocation[BATCH * LONGEST_STAGED // 8, UInt64]()
    var places = stack_allocation[BATCH, Int32]()
    var halves = stack_allocation[2 * CLASSES * GROUP, UInt8]()
    var steps = stack_allocation[MOST_COUNTED, Step]()
    var lost = stack_allocation[MOST_COUNTED + 1, UInt32]()
    var distinct = stack_allocation[64, UInt8]()
    var count = 0
    for symbol in range(1, 64):
        var positions = UInt64(0)
        for w in range(query.words):
            positions |= query.table[unsafe_offset=symbol * query.words + w]
        if positions:
            distinct[unsafe_offset=count] = UInt8(symbol)
            count += 1
    var longest = Int(index.lengths[unsafe_offset=index.groups - 1])
    var bounds = scratch.unsafe_offset((longest + 63) // 64).unsafe_bitcast[UInt8]()
    for group in range(last - first):
        bounds[unsafe_offset=group * ROOM + 2 * GROUP] = 0
    var tables = tables_of[KIND](query, distinct, count)
    # with k strings known, what is near enough is known well enough to handle all others at once
    var number = LAST_EDGE if best.count == best.k else 0
    var search = Search[KIND](index, query, tables, best^, scratch, stage, places)
    var counter = Counter(query, steps, lost, halves)
    var upper = 2.0
    while number <= LAST_EDGE and search.best.least() < upper and upper > search.best.floor:
        var lower = max(edge(number), search.best.floor)
        visit[KIND](search, counter, bounds, first, last, lower, upper)
        upper = lower
        number += 1
    return search.best.count


def search_groups(
    kind: Int,
    index: Index,
    symbols: Bytes,
    size: Int,
    var best: Best,
    scratch: Words,
    first: Int,
    last: Int,
) -> Int:
    """Makes the match table of a query and starts; gives how many strings are among the best now."""
    var words = (size + 63) // 64
    for i in range(64 * words):
        scratch[unsafe_offset=i] = 0
    for i in range(size):
        var at = Int(symbols[unsafe_offset=i]) * words + i // 64
        scratch[unsafe_offset=at] = scratch[unsafe_offset=at] | (UInt64(1) << UInt64(i % 64))
    for w in range(words):
        scratch[unsafe_offset=w] = 0  # symbol 0 is in no string
    var query = Query(symbols, size, words, scratch, scratch.unsafe_offset(64 * words))
    var rest = scratch.unsafe_offset(66 * words)
    if kind == INDEL:
        return start[INDEL](index, query, best^, rest, first, last)
    elif kind == LEVENSHTEIN:
        return start[LEVENSHTEIN](index, query, best^, rest, first, last)
    return start[JARO_WINKLER](index, query, best^, rest, first, last)


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
    ends: Longs,
    queries: Int64,
    k: Int64,
    floor: Float64,
    scratch: Words,
    scores: Floats,
    ids: Ints,
    counts: Longs,
) abi("C") -> Int64:
    """Writes scores and ids [queries, k] of each query's best that reach `floor`, in no order.

    `kind` is 0 for Indel, 1 for Levenshtein, 2 for Jaro-Winkler; `groups` and `k` are at least 1, and
    so is each query's length. Query q ends before symbols[ends[q]]; `counts` are 0, and get how many it
    found.
    The scratch has 66 words for each 64 symbols of the longest query begun, one for each 64 symbols
    of the longest string begun, and 192 bytes for each group.
    """
    var index = Index(tallies, letters, offsets, lengths, group_ids, Int(groups))
    # many queries pass over a few groups at a time, which stay near; each begins with its own length
    var tile = Int(groups) if queries == 1 else TILE
    for turn in range(1 if queries == 1 else 2):
        for first in range(0, Int(groups), tile):
            var last = min(first + tile, Int(groups))
            for number in range(Int(queries)):
                var begin = Int(ends[unsafe_offset=number - 1]) if number else 0
                var size = Int(ends[unsafe_offset=number]) - begin
                if queries > 1 and is_home(index, first, last, size) != (turn == 0):
                    continue
                var at = number * Int(k)
                var best = Best(scores.unsafe_offset(at), ids.unsafe_offset(at), Int(k), floor)
                best.count = Int(counts[unsafe_offset=number])
                var found = search_groups(
                    Int(kind), index, symbols.unsafe_offset(begin), size, best^, scratch, first, last
                )
                counts[unsafe_offset=number] = Int64(found)
    return queries


@always_inline
def is_home(index: Index, first: Int, last: Int, size: Int) -> Bool:
    """Whether some groups are the first that have strings as long as a query, or the last of all."""
    var longest = Int(index.lengths[unsafe_offset=last - 1])
    var before = Int(index.lengths[unsafe_offset=first - 1]) if first else 0
    return before < size and (size <= longest or last == index.groups)
