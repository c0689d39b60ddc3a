"""Longest phrases in a row of word hashes, with every match compared byte for byte.

A table of buckets, each one cache line of eight entries, holds the phrases' prefixes (prefixes.py
has the fields of an entry). Two bitmaps, of first words and of longer prefixes, turn most words
away before it is touched. Many words are searched from at a time, one prefix length after the other, so
that the loads of a length are under way together; the words that go on to the next length are kept
by a count, not a branch. The bytes are compared in a second pass; only where that finds a false
match, which takes a collision of hashes, is the search done again, comparing as it goes.
Plain C ABI, caller-owned buffers, read-only index, no heap.
"""
from std.bit import count_trailing_zeros
from std.ffi import external_call
from std.math import iota
from std.memory import pack_bits, stack_allocation
from std.sys.intrinsics import prefetch, PrefetchOptions

comptime Bytes = MutPointer[UInt8, MutUntrackedOrigin]
comptime Ints = MutPointer[Int32, MutUntrackedOrigin]
comptime Longs = MutPointer[Int64, MutUntrackedOrigin]
comptime Words = MutPointer[UInt64, MutUntrackedOrigin]
comptime Bucket = SIMD[DType.uint64, 8]

comptime K1 = UInt64(0x9E3779B97F4A7C15)
comptime K2 = UInt64(0xD6E8FEB86659FD93)
comptime FIRST_BITS = 18
comptime PHRASE = UInt64(0x7FFFFFFF)
comptime CONTINUES = UInt64(0x80000000)
comptime WHOLE = 32  # bytes that are compared at one stroke
comptime AHEAD = 8  # matches whose bytes are loaded before they are compared
comptime BATCH = 128  # words that are searched from together
comptime SLACK = 64  # as in text.mojo
comptime LONG = 1 << 15  # bytes of a text from which on other threads may run meanwhile
comptime DATA = 2  # fields of a NumPy array, in words of 8 bytes
comptime SHAPE = 4
comptime ONCE = PrefetchOptions().for_read().high_locality().to_data_cache()


@fieldwise_init
struct Index(Copyable, Movable):
    """The gazetteer's arrays."""

    var table: Words
    var buckets: UInt64
    var first: Words
    var longer: Words
    var shift: UInt64  # of a hash to its bit in `longer`
    var salt: UInt64
    var phrases: Bytes
    var offsets: Longs


@fieldwise_init
struct Text(Copyable, Movable):
    """The tokenised text and the ascending word numbers that no match may cross."""

    var hashes: Words
    var starts: Ints
    var ends: Ints
    var utf8: Bytes
    var total: Int
    var stops: Ints
    var stop_count: Int


@always_inline
def combine(prefix: UInt64, word: UInt64) -> UInt64:
    """The hash of a prefix that a word is added to."""
    var mixed = (prefix ^ (word + K1)) * K2
    return mixed ^ (mixed >> 32)


@always_inline
def home(index: Index, key: UInt64) -> UInt64:
    """The first bucket to look for a prefix in."""
    return ((((key ^ index.salt) * K1) >> 32) * index.buckets) >> 32


@always_inline
def probe(index: Index, key: UInt64, bucket: UInt64) -> UInt64:
    """The prefix's entry, 0 if there is none; `bucket` is its home."""
    var fingerprint = Bucket((key >> 32) | 1)
    var place = bucket
    while True:
        var entries = index.table.unsafe_offset(Int(8 * place))
        var lanes = entries.unsafe_load[width=8](0)
        var hits = UInt64(pack_bits[dtype=DType.uint8, width=1]((lanes >> 32).eq(fingerprint))[0])
        var missed = UInt64(hits == 0)
        var entry = entries[unsafe_offset=Int(count_trailing_zeros(hits | 128))]
        # only from a full bucket may an entry have moved on to the next one
        if missed & UInt64(entry != 0) == 0:
            return entry & (missed - 1)
        place = place + 1 if place + 1 < index.buckets else UInt64(0)


@always_inline
def marked(bitmap: Words, bit: UInt64) -> UInt64:
    """A bitmap's bit, 0 or 1."""
    return (bitmap[unsafe_offset=Int(bit >> 6)] >> (bit & 63)) & 1


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
def equal(index: Index, text: Text, begin: Int, end: Int, phrase: Int) -> Bool:
    """As same(), at one stroke where the phrase is short and the text holds it just so.

    Reads up to WHOLE bytes past the end of both.
    """
    var at = Int(index.offsets[unsafe_offset=phrase])
    var length = Int(index.offsets[unsafe_offset=phrase + 1]) - at
    var first = Int(text.starts[unsafe_offset=begin])
    if length <= WHOLE and Int(text.ends[unsafe_offset=end - 1]) - first == length:
        var known = index.phrases.unsafe_load[width=WHOLE](at)
        var read = text.utf8.unsafe_load[width=WHOLE](first)
        var beyond = iota[DType.uint8, WHOLE]().ge(UInt8(length))
        if (known.eq(read) | beyond).reduce_and():
            return True
    return same(index, text, begin, end, phrase)


@always_inline
def next_stop(text: Text, begin: Int, mut stop: Int) -> Int:
    """The word that no match from this one on may reach; `stop` moves on to it."""
    while stop < text.stop_count and Int(text.stops[unsafe_offset=stop]) <= begin:
        stop += 1
    return min(text.total, Int(text.stops[unsafe_offset=stop])) if stop < text.stop_count else text.total


@always_inline
def put(rows: Ints, row: Int, begin: Int, end: Int, phrase: Int):
    """Writes a match."""
    rows[unsafe_offset=3 * row] = Int32(begin)
    rows[unsafe_offset=3 * row + 1] = Int32(end)
    rows[unsafe_offset=3 * row + 2] = Int32(phrase)


@always_inline
def sweep(index: Index, text: Text, rows: Ints, overlapping: Bool) -> Int:
    """The search by hashes alone; writes one row more than it gives."""
    var keys = stack_allocation[BATCH, UInt64]()
    var homes = stack_allocation[BATCH, UInt64]()
    var words = stack_allocation[BATCH, Int32]()
    var limits = stack_allocation[BATCH, Int32]()
    var best = stack_allocation[BATCH, UInt64]()  # phrase + 1, its words << 32
    var found = 0
    var stop = 0
    var resume = 0
    for begin in range(0, text.total, BATCH):
        var count = min(BATCH, text.total - begin)
        var live = 0
        for word in range(count):
            var key = text.hashes[unsafe_offset=begin + word]
            limits[unsafe_offset=word] = Int32(next_stop(text, begin + word, stop))
            best[unsafe_offset=word] = 0
            keys[unsafe_offset=live] = key
            words[unsafe_offset=live] = Int32(word)
            live += Int(marked(index.first, key >> (64 - FIRST_BITS)))
        var length = 1
        while live > 0:
            for i in range(live):
                var bucket = home(index, keys[unsafe_offset=i])
                homes[unsafe_offset=i] = bucket
                prefetch[ONCE](index.table.unsafe_offset(Int(8 * bucket)))
            var going = 0
            for i in range(live):
                var key = keys[unsafe_offset=i]
                var word = Int(words[unsafe_offset=i])
                var entry = probe(index, key, homes[unsafe_offset=i])
                var phrase = entry & PHRASE
                var kept = UInt64(phrase != 0) - 1
                var ended = (phrase | UInt64(length << 32)) & ~kept
                best[unsafe_offset=word] = (best[unsafe_offset=word] & kept) | ended
                # past the last word lies slack that is never made use of
                var after = begin + word + length
                var longer = combine(key, text.hashes[unsafe_offset=after])
                var goes = (entry >> 31) & UInt64(after < Int(limits[unsafe_offset=word]))
                goes &= marked(index.longer, longer >> index.shift)
                keys[unsafe_offset=going] = longer
                words[unsafe_offset=going] = Int32(word)
                going += Int(goes)
            live = going
            length += 1
        for word in range(count):
            var reach = Int(best[unsafe_offset=word] >> 32)
            var here = begin + word
            put(rows, found, here, here + reach, Int(best[unsafe_offset=word] & PHRASE) - 1)
            var takes = reach > 0 and (overlapping or here >= resume)
            found += 1 if takes else 0
            resume = here + reach if takes else resume
    return found


def compare_all(index: Index, text: Text, rows: Ints, overlapping: Bool) -> Int:
    """The same search where every phrase is compared as it is met: slower, never misled."""
    var found = 0
    var stop = 0
    var begin = 0
    while begin < text.total:
        var limit = next_stop(text, begin, stop)
        var key = text.hashes[unsafe_offset=begin]
        var end = begin
        var at = begin
        while True:
            var entry = probe(index, key, home(index, key))
            at += 1
            var phrase = Int(entry & PHRASE) - 1
            if phrase >= 0 and same(index, text, begin, at, phrase):
                end = at
                put(rows, found, begin, end, phrase)
            if (entry & CONTINUES) == 0 or at >= limit:
                break
            key = combine(key, text.hashes[unsafe_offset=at])
        if end > begin:
            found += 1
        begin = end if end > begin and not overlapping else begin + 1
    return found


@always_inline
def all_true(index: Index, text: Text, rows: Ints, count: Int) -> Bool:
    """Whether every match is one to the byte."""
    for row in range(count):
        if row + 2 * AHEAD < count:
            var far = Int(rows[unsafe_offset=3 * (row + 2 * AHEAD) + 2])
            prefetch[ONCE](index.offsets.unsafe_offset(far))
            var near = Int(rows[unsafe_offset=3 * (row + AHEAD) + 2])
            prefetch[ONCE](index.phrases.unsafe_offset(Int(index.offsets[unsafe_offset=near])))
        var begin = Int(rows[unsafe_offset=3 * row])
        var end = Int(rows[unsafe_offset=3 * row + 1])
        if not equal(index, text, begin, end, Int(rows[unsafe_offset=3 * row + 2])):
            return False
    return True


@always_inline
def field(object: Int64, place: Int) -> Int64:
    """A field of a NumPy array (fastcall.py), in words of 8 bytes."""
    return Longs(unsafe_from_address=Int(object))[unsafe_offset=place]


@always_inline
def number(object: Int64) -> Int:
    """The value of a Python int."""
    return Int(external_call["PyLong_AsLongLong", Int64](object))


@export
def search(self: Longs, arguments: Longs, given: Int64) abi("C") -> Int64:
    """`search(index, tokens, size, wide, words, stops, rows, overlapping)`: the number of matches.

    In CPython's calling convention (fastcall.py); other threads run meanwhile if the text is long.
    `index` is an array of the addresses of table, first, longer, salt, bytes, offsets, the number of
    buckets and 64 minus the logarithm of the bits in `longer`; `tokens` the memory that text.mojo
    filled for a text of `size` bytes. Rows of start word, end word, phrase are written, up to
    `words` + 1. No match crosses one of the ascending word numbers `stops`. With `overlapping` the
    search goes on at the next word instead of after the match.
    """
    var arrays = Longs(unsafe_from_address=Int(field(arguments[unsafe_offset=0], DATA)))
    var tokens = Bytes(unsafe_from_address=Int(field(arguments[unsafe_offset=1], DATA)))
    var size = number(arguments[unsafe_offset=2])
    var wide = number(arguments[unsafe_offset=3])
    var stops = arguments[unsafe_offset=5]
    var rows = Ints(unsafe_from_address=Int(field(arguments[unsafe_offset=6], DATA)))
    var overlapping = number(arguments[unsafe_offset=7]) != 0
    var slots = (size // 2 + 1 + SLACK + 1) // 2 * 2
    var columns = tokens.unsafe_offset(8 * slots).unsafe_bitcast[Int32]()
    var index = Index(
        Words(unsafe_from_address=Int(arrays[unsafe_offset=0])),
        UInt64(arrays[unsafe_offset=6]),
        Words(unsafe_from_address=Int(arrays[unsafe_offset=1])),
        Words(unsafe_from_address=Int(arrays[unsafe_offset=2])),
        UInt64(arrays[unsafe_offset=7]),
        Words(unsafe_from_address=Int(arrays[unsafe_offset=3]))[],
        Bytes(unsafe_from_address=Int(arrays[unsafe_offset=4])),
        Longs(unsafe_from_address=Int(arrays[unsafe_offset=5])),
    )
    var text = Text(
        tokens.unsafe_bitcast[UInt64](),
        columns,
        columns.unsafe_offset(slots),
        tokens.unsafe_offset((20 if wide == 0 else 28) * slots),
        number(arguments[unsafe_offset=4]),
        Ints(unsafe_from_address=Int(field(stops, DATA))),
        Int(field(field(stops, SHAPE), 0)),
    )
    var state = external_call["PyEval_SaveThread", Int64]() if size > LONG else Int64(0)
    var found = sweep(index, text, rows, overlapping)
    if not all_true(index, text, rows, found):
        found = compare_all(index, text, rows, overlapping)
    if state != 0:
        external_call["PyEval_RestoreThread", NoneType](state)
    return external_call["PyLong_FromLongLong", Int64](Int64(found))
