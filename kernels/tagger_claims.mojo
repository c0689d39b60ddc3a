"""What stands around a mention, and what a trained classifier says is claimed of it."""
from tagger_beside import WIDTH
from tagger_sums import BITS, K1, K2, Floats, Ranked, Row, row_of
from tagger_words import LOWER, Hashes, Ints

comptime K0 = 0x9E3779B1
comptime LEFT = 12  # words read before a mention
comptime RIGHT = 8  # and behind it
comptime MOST_STOPS = 2  # words that end a scope, counted up to here
comptime PLACE = 5  # numbers of a mention
comptime NEAR = SIMD[DType.uint32, 16](0, 1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4)  # classes of distance


@fieldwise_init
struct Claims(Copyable, Movable):
    """Weights of hashed features, and the words that end a scope."""

    var ranked: Ranked
    var weights: Floats
    var outcomes: Int
    var stops: Hashes
    var stop_count: Int

    @always_inline
    def weight(self, kind: UInt32, word: UInt32, more: UInt32) -> Row:
        """What a feature says of each outcome; `more` tells those of one word apart."""
        var mixed = (word ^ (kind * 64 + more) * K0) * K1
        mixed = (mixed ^ mixed >> 15) * K2
        var row = row_of(mixed >> (32 - BITS) | 1, self.ranked)
        return self.weights.unsafe_load[width=16](row * self.outcomes)

    @always_inline
    def is_stop(self, word: UInt32) -> Bool:
        """Whether a word ends a scope."""
        for at in range(self.stop_count):
            if self.stops[unsafe_offset=at] == word:
                return True
        return False

    @always_inline
    def side(self, kind: UInt32, words: Hashes, first: Int, step: Int, count: Int, mut sum: Row):
        """Adds three features of each of the words on one side, the nearest first."""
        var before = UInt32(1)
        var stops = 0
        for at in range(count):
            var word = words[unsafe_offset = (first + step * at) * WIDTH]
            var passed = UInt32(min(stops, MOST_STOPS))
            sum += self.weight(kind, word, 8 + passed)
            sum += self.weight(kind, word, 16 + NEAR[at])
            sum += self.weight(kind, word * 31 + before, 32 + passed)
            stops += Int(self.is_stop(word))
            before = word


@always_inline
def put_claims(claims: Claims, columns: Hashes, mentions: Ints, count: Int, scores: Floats):
    """Scores [count, outcomes]; 16 floats are written for each, the surplus being overwritten.

    Of a mention stand its first and last token, the half-open range of its sentence's tokens, and the
    hash of its section. The weights are added in the order of the reference.
    """
    var words = columns.unsafe_offset(LOWER)
    for number in range(count):
        var its = mentions.unsafe_offset(PLACE * number)
        var first = Int(its[unsafe_offset=0])
        var last = Int(its[unsafe_offset=1])
        var low = Int(its[unsafe_offset=2])
        var high = Int(its[unsafe_offset=3])
        var sum = claims.weight(3, its[unsafe_offset=4].cast[DType.uint32](), 0)
        sum += claims.weight(4, words[unsafe_offset = low * WIDTH], UInt32(Int(first == low)))
        sum += claims.weight(5, words[unsafe_offset = first * WIDTH], 0)
        claims.side(1, words, first - 1, -1, min(LEFT, first - low), sum)
        claims.side(2, words, last + 1, 1, min(RIGHT, high - last - 1), sum)
        scores.unsafe_store(number * claims.outcomes, sum)
