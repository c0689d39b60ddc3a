"""The matches of a query with one string, for the few of a block that a bound leaves.

A word has a bit for each of 64 rows, which are the query's symbols; a table of words says for each symbol
where the query has it. After Hyyro 2004 (longest common subsequence), Hyyro 2003 (Levenshtein).
"""
from std.bit import count_trailing_zeros, pop_count

from fuzzy_index import Bytes, Words
from fuzzy_match import reach_of

comptime SYMBOLS = 56  # of an index, and one that no string has


@fieldwise_init
struct Query(Copyable, Movable):
    """A query for comparing it with one string at a time."""

    var symbols: Bytes
    var size: Int
    var words: Int
    var masks: Words  # [SYMBOLS, words]
    var state: Words  # [2, words] and a byte for each row

    def __init__(out self, symbols: Bytes, size: Int, memory: Words):
        """Lays the table out in memory of 66 words for each 64 rows."""
        self.symbols = symbols
        self.size = size
        self.words = (size + 63) // 64
        self.masks = memory
        self.state = memory.unsafe_offset(SYMBOLS * self.words)
        for word in range(SYMBOLS * self.words):
            memory[unsafe_offset=word] = 0
        for row in range(size):
            var at = Int(symbols[unsafe_offset=row]) * self.words + row // 64
            memory[unsafe_offset=at] |= UInt64(1) << UInt64(row % 64)

    @always_inline
    def mask(self, symbol: UInt8) -> Words:
        """Where the query has a symbol."""
        return self.masks.unsafe_offset(Int(symbol) * self.words)

    def common(self, string: Bytes, length: Int) -> Int:
        """The length of the longest common subsequence."""
        if self.words == 1:
            var free = ~UInt64(0)
            for column in range(length):
                var match_ = free & self.masks[unsafe_offset=Int(string[unsafe_offset=column])]
                free = (free + match_) | (free - match_)
            return Int(pop_count(~free))
        for word in range(self.words):
            self.state[unsafe_offset=word] = ~UInt64(0)
        for column in range(length):
            var mask = self.mask(string[unsafe_offset=column])
            var carry = UInt64(0)
            for word in range(self.words):
                var free = self.state[unsafe_offset=word]
                var match_ = free & mask[unsafe_offset=word]
                var sum = free + match_
                var over = sum + carry
                carry = UInt64(sum < free) | UInt64(over < sum)
                self.state[unsafe_offset=word] = over | (free - match_)
        var count = 0
        for word in range(self.words):
            count += Int(pop_count(~self.state[unsafe_offset=word]))
        return count

    def edits(self, string: Bytes, length: Int) -> Int:
        """The Levenshtein distance."""
        var mores = self.state
        var lesses = self.state.unsafe_offset(self.words)
        for word in range(self.words):
            mores[unsafe_offset=word] = ~UInt64(0)
            lesses[unsafe_offset=word] = 0
        var last = UInt64((self.size - 1) % 64)
        var distance = self.size
        for column in range(length):
            var mask = self.mask(string[unsafe_offset=column])
            var more_in = UInt64(1)
            var less_in = UInt64(0)
            var right_more = UInt64(0)
            var right_less = UInt64(0)
            for word in range(self.words):
                var more = mores[unsafe_offset=word]
                var less = lesses[unsafe_offset=word]
                var alike = mask[unsafe_offset=word] | less_in
                var same = (((alike & more) + more) ^ more) | alike | less
                right_more = less | ~(same | more)
                right_less = same & more
                var down_more = (right_more << 1) | more_in
                var down_less = (right_less << 1) | less_in
                more_in = right_more >> 63
                less_in = right_less >> 63
                mores[unsafe_offset=word] = down_less | ~(same | down_more)
                lesses[unsafe_offset=word] = same & down_more
            distance += Int((right_more >> last) & 1) - Int((right_less >> last) & 1)
        return distance

    def jaro(self, string: Bytes, length: Int) -> Tuple[Int, Int]:
        """Jaro's matches, and how many of them are out of order."""
        var reach = reach_of(self.size, length)
        var found = self.state.unsafe_offset(2 * self.words).unsafe_bitcast[UInt8]()
        for word in range(self.words):
            self.state[unsafe_offset=word] = 0
        var matches = 0
        for column in range(min(length, self.size + reach)):
            var symbol = string[unsafe_offset=column]
            var mask = self.mask(symbol)
            found[unsafe_offset=matches] = symbol
            var first = max(column - reach, 0)
            var last = min(column + reach, self.size - 1)
            var these = ~UInt64(0) << UInt64(first % 64)
            var matched = UInt64(0)
            for word in range(first // 64, last // 64 + 1):
                if word == last // 64:
                    these &= ~UInt64(0) >> UInt64(63 - last % 64)
                var taken = self.state[unsafe_offset=word]
                var free = mask[unsafe_offset=word] & these & ~taken & (matched - 1)
                self.state[unsafe_offset=word] = taken | (free & (~free + 1))
                matched |= UInt64(free != 0)
                these = ~UInt64(0)
            matches += Int(matched)
        var misses = 0
        var rank = 0
        for word in range(self.words):
            var rows = self.state[unsafe_offset=word]
            while rows:
                var row = 64 * word + Int(count_trailing_zeros(rows))
                rows &= rows - 1
                misses += Int(self.symbols[unsafe_offset=row] != found[unsafe_offset=rank])
                rank += 1
        return matches, misses
