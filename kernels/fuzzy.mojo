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
from std.sys.intrinsics import PrefetchOptions, llvm_intrinsic, prefetch
from std.sys.info import CompilationTarget
from std.bit import count_trailing_zeros, pop_count
from std.memory import pack_bits, bitcast, stack_allocation

comptime Bytes = MutPointer[UInt8, MutUntrackedOrigin]
comptime Ints = MutPointer[Int32, MutUntrackedOrigin]
comptime Longs = MutPointer[Int64, MutUntrackedOrigin]
comptime Words = MutPointer[UInt64, MutUntrackedOrigin]
comptime Floats = MutPointer[Float64, MutUntrackedOrigin]
comptime Block = SIMD[DType.uint8, 64]
comptime Lanes = SIMD[DType.uint64, 8]

comptime INDEL = 0
comptime LEVENSHTEIN = 1
comptime JARO_WINKLER = 2

comptime GROUP = 64
comptime CLASSES = 32
comptime ROWS = 36  # of a group's tally: a row for each class, then the first four symbols
comptime HALF_FULL = 15  # the largest count that half a byte holds
comptime BATCH = 32
comptime LONGEST_STAGED = 256
comptime WORTH_SPLITTING = 8
comptime ALWAYS_SPLIT = 25  # symbols of a query from which on nearly every group gets there
comptime AHEAD = 4
comptime LAST_EDGE = 5
comptime MOST_COUNTED = 255
comptime MOST_WORDS = 4  # of a query that is bounded in registers
comptime IN_REGISTERS = CompilationTarget._has_feature["avx512vbmi"]()


@always_inline
def class_of(symbol: Int) -> Int:
    """The tally row of a symbol 1..63; the rarest 31 share rows with the rarer of the others."""
    return min(symbol - 1, 64 - symbol)


@fieldwise_init
struct Index(Copyable, Movable):
    """The dictionary's arrays."""

    var tallies: Bytes
    var letters: Bytes
    var offsets: Longs
    var lengths: Ints
    var ids: Ints
    var groups: Int

    @always_inline
    def string(self, place: Int) -> Bytes:
        """The symbols of the string at a place, padded to a multiple of 8."""
        var group = place // GROUP
        var room = (Int(self.lengths[unsafe_offset=group]) + 7) // 8 * 8
        return self.letters.unsafe_offset(
            Int(self.offsets[unsafe_offset=group]) + (place % GROUP) * room
        )


struct Best:
    """The k best so far as a heap: the worst of them, equal ones by id, is the root."""

    var scores: Floats
    var ids: Ints
    var k: Int
    var count: Int
    var floor: Float64

    def __init__(out self, scores: Floats, ids: Ints, k: Int, floor: Float64):
        self.scores = scores
        self.ids = ids
        self.k = k
        self.count = 0
        self.floor = floor

    @always_inline
    def least(self) -> Float64:
        """The smallest score that may be let in."""
        return self.floor if self.count < self.k else max(self.floor, self.scores[unsafe_offset=0])

    @always_inline
    def worse(self, a: Int, b: Int) -> Bool:
        """Whether the entry at a comes after the one at b."""
        var one = self.scores[unsafe_offset=a]
        var other = self.scores[unsafe_offset=b]
        return one < other or (one == other and self.ids[unsafe_offset=a] > self.ids[unsafe_offset=b])

    @always_inline
    def swap(mut self, a: Int, b: Int):
        """Exchanges two entries."""
        var score = self.scores[unsafe_offset=a]
        var id = self.ids[unsafe_offset=a]
        self.scores[unsafe_offset=a] = self.scores[unsafe_offset=b]
        self.ids[unsafe_offset=a] = self.ids[unsafe_offset=b]
        self.scores[unsafe_offset=b] = score
        self.ids[unsafe_offset=b] = id

    def offer(mut self, score: Float64, id: Int32):
        """Lets a string in if it belongs among the best."""
        if score < self.floor:
            return
        if self.count < self.k:
            var at = self.count
            self.count += 1
            self.scores[unsafe_offset=at] = score
            self.ids[unsafe_offset=at] = id
            while at > 0 and self.worse(at, (at - 1) // 2):
                self.swap(at, (at - 1) // 2)
                at = (at - 1) // 2
            return
        var root = self.scores[unsafe_offset=0]
        if score < root or (score == root and id > self.ids[unsafe_offset=0]):
            return
        self.scores[unsafe_offset=0] = score
        self.ids[unsafe_offset=0] = id
        var at = 0
        while 2 * at + 1 < self.k:
            var child = 2 * at + 1
            if child + 1 < self.k and self.worse(child + 1, child):
                child += 1
            if not self.worse(child, at):
                return
            self.swap(at, child)
            at = child


@fieldwise_init
struct Query(Copyable, Movable):
    """The query and its match table: word w of symbol s, at s * words + w, has its positions."""

    var symbols: Bytes
    var size: Int
    var words: Int
    var table: Words
    var state: Words


@always_inline
def winkler(jaro: Float64, prefix: Int) -> Float64:
    """Jaro-Winkler from Jaro, as rapidfuzz computes it."""
    # the fence keeps the product from being fused with the sum, which would round otherwise
    var more = Float64(prefix) * 0.1 * (1.0 - jaro)
    var whole = jaro + llvm_intrinsic["llvm.arithmetic.fence.f64", Float64](more)
    return whole if jaro > 0.7 else jaro


@always_inline
def score[KIND: Int](matches: Int, size: Int, length: Int, prefix: Int) -> Float64:
    """The similarity of strings with so many matches; for Jaro-Winkler without transpositions.

    Matches are the longest common subsequence, or the longer length less the edit distance.
    """
    comptime if KIND == INDEL:
        var total = size + length
        return 1.0 - Float64(total - 2 * matches) / Float64(total)
    elif KIND == LEVENSHTEIN:
        var longer = max(size, length)
        return 1.0 - Float64(longer - matches) / Float64(longer)
    else:
        if matches == 0:
            return 0.0
        var both = Float64(matches) / Float64(size) + Float64(matches) / Float64(length)
        return winkler((both + 1.0) / 3.0, prefix)


@always_inline
def needed[KIND: Int](least: Float64, size: Int, length: Int, prefix: Int) -> Int:
    """The fewest matches with which a string can reach a score; more than it has if none do."""
    var guess: Float64
    comptime if KIND == INDEL:
        guess = least * Float64(size + length) * 0.5
    elif KIND == LEVENSHTEIN:
        guess = least * Float64(max(size, length))
    else:
        var jaro = least
        if least > 0.7:
            jaro = max(0.7, (least - 0.1 * Float64(prefix)) / (1.0 - 0.1 * Float64(prefix)))
        guess = (3.0 * jaro - 1.0) / (1.0 / Float64(size) + 1.0 / Float64(length))
    var most = min(size, length)
    var matches = min(max(Int(guess) - 1, 0), most)
    while matches <= most and score[KIND](matches, size, length, prefix) < least:
        matches += 1
    return matches


# ---- step 3: one string -------------------------------------------------------------------------


def common(query: Query, letters: Bytes, length: Int) -> Int:
    """The length of the longest common subsequence."""
    var state = query.state
    for w in range(query.words):
        state[unsafe_offset=w] = ~UInt64(0)
    for i in range(length):
        var row = query.table.unsafe_offset(Int(letters[unsafe_offset=i]) * query.words)
        var carry = UInt64(0)
        for w in range(query.words):
            var now = state[unsafe_offset=w]
            var both = now & row[unsafe_offset=w]
            var sum = now + both + carry
            carry = (both | (now & ~sum)) >> 63
            state[unsafe_offset=w] = sum | (now & ~row[unsafe_offset=w])
    var unmatched = 0
    for w in range(query.words):
        unmatched += Int(pop_count(state[unsafe_offset=w]))
    return query.words * 64 - unmatched


def edits(query: Query, letters: Bytes, length: Int) -> Int:
    """The longer length less the Levenshtein distance."""
    var up = query.state
    var down = query.state.unsafe_offset(query.words)
    for w in range(query.words):
        up[unsafe_offset=w] = ~UInt64(0)
        down[unsafe_offset=w] = 0
    for i in range(length):
        var row = query.table.unsafe_offset(Int(letters[unsafe_offset=i]) * query.words)
        var more = UInt64(1)
        var less = UInt64(0)
        for w in range(query.words):
            var vp = up[unsafe_offset=w]
            var vn = down[unsafe_offset=w]
            var x = row[unsafe_offset=w] | less
            var d0 = (((x & vp) + vp) ^ vp) | x | vn
            var hp = vn | ~(d0 | vp)
            var hn = d0 & vp
            var next_more = hp >> 63
            var next_less = hn >> 63
            hp = (hp << 1) | more
            hn = (hn << 1) | less
            more = next_more
            less = next_less
            up[unsafe_offset=w] = hn | ~(d0 | hp)
            down[unsafe_offset=w] = hp & d0
    var distance = length
    for w in range(query.words):
        var bits = UInt64(0) - 1
        if w == query.words - 1 and query.size % 64:
            bits = (UInt64(1) << UInt64(query.size % 64)) - 1
        distance += Int(pop_count(up[unsafe_offset=w] & bits))
        distance -= Int(pop_count(down[unsafe_offset=w] & bits))
    return max(query.size, length) - distance


def jaro(query: Query, letters: Bytes, length: Int, flags: Words) -> Float64:
    """Jaro's similarity; `flags` has room for a bit of each of the string's symbols."""
    var reach = max(max(query.size, length) // 2 - 1, 0)
    if query.words == 1 and min(length, query.size + reach) <= 64:
        return jaro_in_words(query, letters, length)
    var taken = query.state
    for w in range(query.words):
        taken[unsafe_offset=w] = 0
    var seen = min(length, query.size + reach)
    for w in range((seen + 63) // 64):
        flags[unsafe_offset=w] = 0
    var matches = 0
    for i in range(seen):
        var row = query.table.unsafe_offset(Int(letters[unsafe_offset=i]) * query.words)
        var first = max(i - reach, 0)
        var last = min(i + reach, query.size - 1)
        for w in range(first // 64, last // 64 + 1):
            var free = row[unsafe_offset=w] & ~taken[unsafe_offset=w]
            if w == first // 64:
                free &= ~UInt64(0) << UInt64(first % 64)
            if w == last // 64:
                free &= ~UInt64(0) >> UInt64(63 - last % 64)
            if free:
                taken[unsafe_offset=w] = taken[unsafe_offset=w] | (free & (UInt64(0) - free))
                flags[unsafe_offset=i // 64] = flags[unsafe_offset=i // 64] | (UInt64(1) << UInt64(i % 64))
                matches += 1
                break
    if matches == 0:
        return 0.0
    var swapped = 0
    var word = 0
    var rest = taken[unsafe_offset=0]
    for w in range((seen + 63) // 64):
        var bits = flags[unsafe_offset=w]
        while bits:
            var i = 64 * w + Int(count_trailing_zeros(bits))
            bits &= bits - 1
            while rest == 0:
                word += 1
                rest = taken[unsafe_offset=word]
            var its = rest & (UInt64(0) - rest)
            rest &= rest - 1
            var row = query.table.unsafe_offset(Int(letters[unsafe_offset=i]) * query.words)
            if not row[unsafe_offset=word] & its:
                swapped += 1
    var count = Float64(matches)
    var sum = count / Float64(query.size) + count / Float64(length)
    return (sum + (count - Float64(swapped // 2)) / count) / 3.0


def jaro_in_words(query: Query, letters: Bytes, length: Int) -> Float64:
    """The same where the query and the symbols of the string that may match have at most 64 places."""
    var reach = max(max(query.size, length) // 2 - 1, 0)
    var full = ~UInt64(0) >> UInt64(64 - query.size)
    var window = full if reach > 62 else full & ((UInt64(2) << UInt64(reach)) - 1)
    var taken = UInt64(0)
    var matched = UInt64(0)
    for i in range(min(length, query.size + reach)):
        var free = query.table[unsafe_offset=Int(letters[unsafe_offset=i])] & ~taken & window
        taken |= free & (UInt64(0) - free)
        matched |= UInt64(1 if free else 0) << UInt64(i)
        window = ((window << 1) | UInt64(1 if i < reach else 0)) & full
    if taken == 0:
        return 0.0
    var count = Float64(Int(pop_count(taken)))
    var swapped = 0
    while matched:
        var i = Int(count_trailing_zeros(matched))
        var found = query.table[unsafe_offset=Int(letters[unsafe_offset=i])]
        swapped += 0 if found & taken & (UInt64(0) - taken) else 1
        matched &= matched - 1
        taken &= taken - 1
    var sum = count / Float64(query.size) + count / Float64(length)
    return (sum + (count - Float64(swapped // 2)) / count) / 3.0


@always_inline
def shared_prefix(query: Query, letters: Bytes, length: Int) -> Int:
    """How many of the first four symbols are the same."""
    var prefix = 0
    while (
        prefix < min(4, min(query.size, length))
        and letters[unsafe_offset=prefix] == query.symbols[unsafe_offset=prefix]
    ):
        prefix += 1
    return prefix


# ---- step 2: 32 strings -------------------------------------------------------------------------


@fieldwise_init
struct Tables(Copyable, Movable):
    """The match table of a query by classes, 16 a pair of registers; a pair for each word.

    Jaro-Winkler has one word and 32 classes.
    """

    var classes: Block
    var rows: Array[Lanes, 2 * MOST_WORDS]
    var exact: Bool


def tables_of[KIND: Int](query: Query, symbols: Bytes, count: Int) -> Tables:
    """Classes for the query's distinct symbols, ascending, which is by falling frequency."""
    comptime ROOM = 31 if KIND == JARO_WINKLER else 15
    var classes = Block(0)
    var rows = Array[Lanes, 2 * MOST_WORDS](fill=Lanes(0))
    for i in range(count):
        var one = i + 1 if i < ROOM else ROOM - (i - ROOM) % ROOM
        var symbol = Int(symbols[unsafe_offset=i])
        classes[symbol] = UInt8(one)
        for w in range(min(query.words, MOST_WORDS)):
            var row = 2 * w + one // 8
            rows[row][one % 8] = rows[row][one % 8] | query.table[unsafe_offset=symbol * query.words + w]
    return Tables(classes, rows^, count <= ROOM)


@always_inline
def class_lanes(tables: Tables, symbols: Lanes) -> Lanes:
    """The class of each of 64 symbols."""
    return bitcast[DType.uint64, 8](
        llvm_intrinsic["llvm.x86.avx512.permvar.qi.512", Block](
            tables.classes, bitcast[DType.uint8, 64](symbols)
        )
    )


@always_inline
def matches_of[WORD: Int](tables: Tables, classes: Lanes) -> Lanes:
    """A match-table word for the lowest byte of each lane."""
    return llvm_intrinsic["llvm.x86.avx512.vpermi2var.q.512", Lanes](
        tables.rows[2 * WORD], classes, tables.rows[2 * WORD + 1]
    )


@always_inline
def jaro_matches_of(tables: Tables, classes: Lanes) -> Lanes:
    """The same from 32 classes."""
    var others = matches_of[1](tables, classes)
    return (classes & 16).ne(0).select(others, matches_of[0](tables, classes))


@always_inline
def bound_lanes[
    KIND: Int, N: Int, WORDS: Int
](tables: Tables, stage: Words, size: Int, length: Int) -> Array[Lanes, N]:
    """A bound on the matches of N times 8 staged strings, all `length` long but for INDEL."""
    var a = Array[Lanes, N * WORDS](fill=~Lanes(0))
    var b = Array[Lanes, N * WORDS](fill=Lanes(0))
    var symbols = Array[Lanes, N](fill=Lanes(0))
    for i in range(length):
        if i % 8 == 0:
            comptime for v in range(N):
                symbols[v] = class_lanes(tables, stage.unsafe_load[width=8](i // 8 * BATCH + 8 * v))
        comptime for v in range(N):
            var carry = Lanes(0)
            var more = Lanes(1)
            comptime for w in range(WORDS):
                comptime at = v * WORDS + w
                var found = matches_of[w](tables, symbols[v])
                var now = a[at]
                comptime if KIND == INDEL:
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
                    var next_hp = (hp + hp) | more
                    var next_hn = hn + hn
                    comptime if w > 0:
                        next_hn |= carry
                    comptime if w + 1 < WORDS:
                        more = hp >> 63
                        carry = hn >> 63
                    a[at] = next_hn | ~(d0 | next_hp)
                    b[at] = next_hp & d0
            symbols[v] = symbols[v] >> 8
    var last = Lanes(~UInt64(0) >> UInt64(64 * WORDS - size))
    var found = Array[Lanes, N](fill=Lanes(0))
    comptime for v in range(N):
        comptime if KIND == LEVENSHTEIN:
            # unsigned: the sum of all is not negative
            found[v] = Lanes(UInt64(max(size, length))) - Lanes(UInt64(length))
        comptime for w in range(WORDS):
            comptime at = v * WORDS + w
            comptime if KIND == INDEL:
                found[v] += pop_count(~a[at])
            else:
                var bits = last if w == WORDS - 1 else ~Lanes(0)
                found[v] += pop_count(b[at] & bits) - pop_count(a[at] & bits)
    return found^


@always_inline
def jaro_lanes[
    N: Int
](tables: Tables, stage: Words, size: Int, length: Int) -> Array[SIMD[DType.float64, 8], N]:
    """Jaro's similarity of N times 8 staged strings of one length of at most 64.

    Where symbols share classes, a bound: without transpositions.
    """
    comptime Similarities = SIMD[DType.float64, 8]
    var reach = max(max(size, length) // 2 - 1, 0)
    var full = ~UInt64(0) >> UInt64(64 - size)
    var window = full if reach > 62 else full & ((UInt64(2) << UInt64(reach)) - 1)
    var until = min(length, size + reach)
    var taken = Array[Lanes, N](fill=Lanes(0))
    var matched = Array[Lanes, N](fill=Lanes(0))
    var swapped = Array[Lanes, N](fill=Lanes(0))
    var symbols = Array[Lanes, N](fill=Lanes(0))
    var similarities = Array[Similarities, N](fill=Similarities(0))
    for i in range(until):
        if i % 8 == 0:
            comptime for v in range(N):
                symbols[v] = class_lanes(tables, stage.unsafe_load[width=8](i // 8 * BATCH + 8 * v))
        comptime for v in range(N):
            var free = jaro_matches_of(tables, symbols[v]) & ~taken[v] & Lanes(window)
            symbols[v] = symbols[v] >> 8
            taken[v] |= free & (Lanes(0) - free)
            var here = matched[v] | Lanes(UInt64(1) << UInt64(i))
            matched[v] = free.ne(0).select(here, matched[v])
        window = (window << 1) & full
        if i < reach:
            window |= 1
    var counts = Array[Lanes, N](fill=Lanes(0))
    comptime for v in range(N):
        counts[v] = pop_count(taken[v])
    if tables.exact:
        for i in range(until):
            if i % 8 == 0:
                comptime for v in range(N):
                    symbols[v] = class_lanes(tables, stage.unsafe_load[width=8](i // 8 * BATCH + 8 * v))
            comptime for v in range(N):
                var first = taken[v] & (Lanes(0) - taken[v])
                var other = (jaro_matches_of(tables, symbols[v]) & first).eq(0)
                var hit = (matched[v] & Lanes(UInt64(1) << UInt64(i))).ne(0)
                symbols[v] = symbols[v] >> 8
                swapped[v] = (hit & other).select(swapped[v] + 1, swapped[v])
                taken[v] = hit.select(taken[v] ^ first, taken[v])
    comptime for v in range(N):
        var count = counts[v].cast[DType.float64]()
        var sum = count / Similarities(Float64(size)) + count / Similarities(Float64(length))
        sum += (count - (swapped[v] >> 1).cast[DType.float64]()) / count
        similarities[v] = counts[v].eq(0).select(Similarities(0), sum / Similarities(3))
    return similarities^


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


# ---- step 1: 64 strings -------------------------------------------------------------------------


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
                if KIND != JARO_WINKLER and query.size >= ALWAYS_SPLIT:
                    states[unsafe_offset=group] = 2
                    own.unsafe_store(0, counter.split[KIND](tally, query.size, length))
                else:
                    states[unsafe_offset=group] = 1
                    own.unsafe_store(0, counter.whole(tally))
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
