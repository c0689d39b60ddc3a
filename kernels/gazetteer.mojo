"""Longest phrases in a row of word hashes, with every match compared byte for byte.

One open-addressing table holds the phrases' prefixes (see prefixes.py for an entry's fields). Two
bitmaps, of first words and of first pairs, turn most words away before the table is touched. The
bytes are compared in a second pass, which can load them ahead; only where that pass finds a false
match, which takes a collision of hashes, is the search done again, comparing as it goes.
Plain C ABI, caller-owned buffers, read-only index, no heap.
"""
from std.sys.intrinsics import prefetch, PrefetchOptions

comptime Bytes = MutPointer[UInt8, MutUntrackedOrigin]
comptime Ints = MutPointer[Int32, MutUntrackedOrigin]
comptime Longs = MutPointer[Int64, MutUntrackedOrigin]
comptime Words = MutPointer[UInt64, MutUntrackedOrigin]

comptime K1 = UInt64(0x9E3779B97F4A7C15)
comptime K2 = UInt64(0xD6E8FEB86659FD93)
comptime FIRST_BITS = 18
comptime SECOND_BITS = 22
comptime PHRASE = UInt64(0x7FFFFFFF)
comptime CONTINUES = UInt64(0x80000000)
comptime AHEAD = 8


@fieldwise_init
struct Index(Copyable, Movable):
    """The gazetteer's arrays."""

    var table: Words
    var mask: UInt64
    var first: Words
    var second: Words
    var salt: UInt64
    var phrases: Bytes
    var offsets: Longs


@fieldwise_init
struct Text(Copyable, Movable):
    """The tokenised text."""

    var hashes: Words
    var starts: Ints
    var ends: Ints
    var utf8: Bytes


@always_inline
def combine(prefix: UInt64, word: UInt64) -> UInt64:
    """The hash of a prefix that a word is added to."""
    var mixed = (prefix ^ (word + K1)) * K2
    return mixed ^ (mixed >> 32)


@always_inline
def slot(index: Index, key: UInt64) -> Int:
    """The first slot to probe for a prefix."""
    return Int((((key ^ index.salt) * K1) >> 20) & index.mask)


@always_inline
def probe(index: Index, key: UInt64) -> UInt64:
    """The prefix's entry, 0 if there is none."""
    var fingerprint = (key >> 32) | 1
    var at = slot(index, key)
    while True:
        var entry = index.table[unsafe_offset=at]
        if entry == 0 or (entry >> 32) == fingerprint:
            return entry
        at = Int(UInt64(at + 1) & index.mask)


@always_inline
def marked(bitmap: Words, bit: UInt64) -> Bool:
    """Whether a bitmap has this bit."""
    return (bitmap[unsafe_offset=Int(bit >> 6)] >> (bit & 63)) & 1 == 1


@always_inline
def same(index: Index, text: Text, begin: Int, end: Int, phrase: Int) -> Bool:
    """Whether words begin..end, one space apart, are the phrase to the byte.

    Reads up to 8 bytes past the end of both.
    """
    var at = Int(index.offsets[unsafe_offset=phrase])
    var stop = Int(index.offsets[unsafe_offset=phrase + 1])
    for word in range(begin, end):
        if word > begin:
            if at >= stop or index.phrases[unsafe_offset=at] != 32:
                return False
            at += 1
        var first = Int(text.starts[unsafe_offset=word])
        var length = Int(text.ends[unsafe_offset=word]) - first
        if at + length > stop:
            return False
        var i = 0
        while i < length:
            var known = index.phrases.unsafe_offset(at + i).unsafe_bitcast[UInt64]()[]
            var read = text.utf8.unsafe_offset(first + i).unsafe_bitcast[UInt64]()[]
            var unused = UInt64(8 * max(0, 8 - (length - i)))
            if ((known ^ read) << unused) != 0:
                return False
            i += 8
        at += length
    return at == stop


@always_inline
def longest[
    COMPARE: Bool
](index: Index, text: Text, begin: Int, limit: Int, mut phrase: Int) -> Int:
    """The end of the longest phrase that begins at a word, `begin` if none does."""
    var key = text.hashes[unsafe_offset=begin]
    if not marked(index.first, key >> (64 - FIRST_BITS)):
        return begin
    var found = begin
    var at = begin
    while True:
        var entry = probe(index, key)
        at += 1
        if (entry & PHRASE) != 0:
            var candidate = Int(entry & PHRASE) - 1
            var right = True
            comptime if COMPARE:
                right = same(index, text, begin, at, candidate)
            if right:
                found = at
                phrase = candidate
        if (entry & CONTINUES) == 0 or at >= limit:
            return found
        key = combine(key, text.hashes[unsafe_offset=at])
        if at == begin + 1 and not marked(index.second, key >> (64 - SECOND_BITS)):
            return found


@always_inline
def fetch_ahead(index: Index, text: Text, at: Int):
    """Starts loading what words at, at + 1 will need."""
    comptime options = PrefetchOptions().for_read().high_locality().to_data_cache()
    var key = text.hashes[unsafe_offset=at]
    var pair = combine(key, text.hashes[unsafe_offset=at + 1]) >> (64 - SECOND_BITS)
    prefetch[options](index.table.unsafe_offset(slot(index, key)))
    prefetch[options](index.second.unsafe_offset(Int(pair >> 6)))


@always_inline
def sweep[
    COMPARE: Bool
](index: Index, text: Text, total: Int, stops: Ints, stop_count: Int, rows: Ints, overlapping: Bool) -> Int:
    """The search itself, over the whole text."""
    var found = 0
    var stop = 0
    var begin = 0
    while begin < total:
        if begin + AHEAD + 1 < total:
            fetch_ahead(index, text, begin + AHEAD)
        while stop < stop_count and Int(stops[unsafe_offset=stop]) <= begin:
            stop += 1
        var limit = total
        if stop < stop_count:
            limit = min(limit, Int(stops[unsafe_offset=stop]))
        var phrase = 0
        var end = longest[COMPARE](index, text, begin, limit, phrase)
        if end > begin:
            rows[unsafe_offset=3 * found] = Int32(begin)
            rows[unsafe_offset=3 * found + 1] = Int32(end)
            rows[unsafe_offset=3 * found + 2] = Int32(phrase)
            found += 1
        begin = end if end > begin and not overlapping else begin + 1
    return found


@always_inline
def all_true(index: Index, text: Text, rows: Ints, count: Int) -> Bool:
    """Whether every match is one to the byte."""
    comptime options = PrefetchOptions().for_read().high_locality().to_data_cache()
    for row in range(count):
        if row + 2 * AHEAD < count:
            var far = Int(rows[unsafe_offset=3 * (row + 2 * AHEAD) + 2])
            prefetch[options](index.offsets.unsafe_offset(far))
            var near = Int(rows[unsafe_offset=3 * (row + AHEAD) + 2])
            prefetch[options](index.phrases.unsafe_offset(Int(index.offsets[unsafe_offset=near])))
        var begin = Int(rows[unsafe_offset=3 * row])
        var end = Int(rows[unsafe_offset=3 * row + 1])
        if not same(index, text, begin, end, Int(rows[unsafe_offset=3 * row + 2])):
            return False
    return True


@export
def search(
    hashes: Words,
    starts: Ints,
    ends: Ints,
    utf8: Bytes,
    count: Int64,
    stops: Ints,
    stop_count: Int64,
    table: Words,
    mask: Int64,
    first: Words,
    second: Words,
    salt: Words,
    phrases: Bytes,
    offsets: Longs,
    rows: Ints,
    overlapping: Int64,
) abi("C") -> Int64:
    """Writes rows of start word, end word, phrase; gives their number, `count` at most.

    No match crosses one of the ascending word numbers `stops`. With `overlapping` the search goes
    on at the next word instead of after the match.
    """
    var index = Index(table, UInt64(mask), first, second, salt[], phrases, offsets)
    var text = Text(hashes, starts, ends, utf8)
    var total = Int(count)
    var words = Int(count)
    var breaks = Int(stop_count)
    var found = sweep[False](index, text, words, stops, breaks, rows, overlapping != 0)
    if not all_true(index, text, rows, found):
        found = sweep[True](index, text, words, stops, breaks, rows, overlapping != 0)
    return Int64(found)
