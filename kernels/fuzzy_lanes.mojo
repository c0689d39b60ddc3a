"""Bounds on the matches of strings side by side, one in a 64-bit lane: AVX-512 only.

The recurrences are those of Hyyro (2003, 2004). The match table is looked up in registers, which hold
15 classes of symbols, or 31 for Jaro-Winkler: where a query has more symbols, the rarest share some.
"""
from std.bit import pop_count
from std.memory import bitcast
from std.sys.intrinsics import llvm_intrinsic

from fuzzy_index import INDEL, JARO_WINKLER, LEVENSHTEIN, Bytes, Query, Words

comptime Block = SIMD[DType.uint8, 64]
comptime Lanes = SIMD[DType.uint64, 8]
comptime BATCH = 32
comptime MOST_WORDS = 4  # of a query that is bounded in registers


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
