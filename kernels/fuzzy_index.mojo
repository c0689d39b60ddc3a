"""What a fuzzy search works on: the dictionary, the query, the best so far, and the scores."""
from std.sys.intrinsics import llvm_intrinsic

comptime Bytes = MutPointer[UInt8, MutUntrackedOrigin]
comptime Ints = MutPointer[Int32, MutUntrackedOrigin]
comptime Longs = MutPointer[Int64, MutUntrackedOrigin]
comptime Words = MutPointer[UInt64, MutUntrackedOrigin]
comptime Floats = MutPointer[Float64, MutUntrackedOrigin]

comptime INDEL = 0
comptime LEVENSHTEIN = 1
comptime JARO_WINKLER = 2

@fieldwise_init
struct Index(Copyable, Movable):
    """The dictionary's arrays."""

    var planes: Words
    var offsets: Longs
    var lengths: Ints
    var counts: Ints
    var ids: Ints
    var blocks: Int


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


@always_inline
def winkler(jaro: Float64, prefix: Int) -> Float64:
    """Jaro-Winkler from Jaro, as rapidfuzz computes it."""
    # the fence keeps the product from being fused with the sum, which would round otherwise
    var more = Float64(prefix) * 0.1 * (1.0 - jaro)
    var whole = jaro + llvm_intrinsic["llvm.arithmetic.fence.f64", Float64](more)
    return whole if jaro > 0.7 else jaro


@always_inline
def jaro_winkler(matches: Int, swaps: Int, size: Int, length: Int, prefix: Int) -> Float64:
    """Jaro-Winkler of strings with so many matches and transpositions."""
    if matches == 0:
        return 0.0
    var count = Float64(matches)
    var sum = count / Float64(size) + count / Float64(length)
    return winkler((sum + (count - Float64(swaps)) / count) / 3.0, prefix)


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
