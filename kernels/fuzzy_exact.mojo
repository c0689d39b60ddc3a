"""The exact scores of one string against a query of any length."""
from std.bit import count_trailing_zeros, pop_count

from fuzzy_index import Bytes, Query, Words


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
