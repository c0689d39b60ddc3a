"""Linear chains of tags: probabilities by forward and backward sums, the best tags by Viterbi."""
from std.math import exp, log

from tagger_sums import Floats
from tagger_words import Ints

comptime Doubles = MutPointer[Float64, MutUntrackedOrigin]
comptime State = SIMD[DType.float64, 16]

comptime TAGS = 9
comptime LANES = 16  # a row of tags, padded
comptime OUTSIDE = 0
comptime BEGIN = 1
comptime END = 3
comptime SINGLE = 4
comptime SURE = 9.0  # margin of OUTSIDE that no neighbour overturns
comptime ENOUGH = 3  # other places of a word that count in full
comptime LEAST = 0.02  # probability below which places are alike
comptime NEVER = -1e9


struct Moves(Copyable, Movable):
    """Transitions [tags, 16]: logarithms, their exponentials and those transposed."""

    var logs: Doubles
    var ahead: Doubles
    var back: Doubles

    def __init__(out self, moves: Doubles):
        self.logs = moves
        self.ahead = moves.unsafe_offset(TAGS * LANES)
        self.back = moves.unsafe_offset(2 * TAGS * LANES)


@always_inline
def row_of(table: Doubles, at: Int) -> State:
    """A row of a table of states."""
    return table.unsafe_load[width=LANES](at * LANES)


@always_inline
def mixed(state: State, moves: Doubles) -> State:
    """A row of tags times a table of transitions."""
    var sum = State(0)
    comptime for tag in range(TAGS):
        sum = row_of(moves, tag).fma(State(state[tag]), sum)
    return sum


@always_inline
def is_unsure(scores: Floats, bias: Float64) -> Bool:
    """Whether a token may belong to a mention."""
    var rest = scores[unsafe_offset=1]
    for tag in range(2, TAGS):
        rest = max(rest, scores[unsafe_offset=tag])
    var outside = scores[unsafe_offset=OUTSIDE].cast[DType.float64]() - bias
    return outside - rest.cast[DType.float64]() < SURE


@always_inline
def put_state(scores: Floats, bias: Float64, table: Doubles, at: Int):
    """A token's scores as a row of a table, those of no tag far below."""
    for tag in range(LANES):
        var score = NEVER
        if tag < TAGS:
            score = scores[unsafe_offset=tag].cast[DType.float64]()
        table[unsafe_offset = at * LANES + tag] = score - bias if tag == OUTSIDE else score


@always_inline
def put_chances(scores: Doubles, first: Int, end: Int, moves: Moves, chances: Doubles, likely: Doubles):
    """Each tag's probability in one chain, which stands between two tokens outside of mentions."""
    var state = row_of(moves.ahead, OUTSIDE)
    for at in range(first, end):
        var row = row_of(scores, at)
        var share = exp(row - State(row.reduce_max()))
        if at > first:
            state = mixed(state, moves.ahead)
        state *= share
        var total = State(state.reduce_add())
        state /= total
        chances.unsafe_store(at * LANES, state)
        likely.unsafe_store(at * LANES, share / total)
    var closing = row_of(moves.back, OUTSIDE)
    var back = closing / State((state * closing).reduce_add())
    for at in range(end - 1, first - 1, -1):
        chances.unsafe_store(at * LANES, row_of(chances, at) * back)
        back = mixed(row_of(likely, at) * back, moves.back)


@always_inline
def put_best(scores: Doubles, first: Int, end: Int, moves: Moves, came: Ints, tags: Ints):
    """The likeliest well-formed tags of one chain; the first of those that are alike."""
    var sums = row_of(scores, first) + row_of(moves.logs, OUTSIDE)
    for at in range(first + 1, end):
        var best = State(sums[0]) + row_of(moves.logs, 0)
        var way = SIMD[DType.int32, LANES](0)
        comptime for tag in range(1, TAGS):
            var other = State(sums[tag]) + row_of(moves.logs, tag)
            var better = other.gt(best)
            best = better.select(other, best)
            way = better.select(SIMD[DType.int32, LANES](tag), way)
        came.unsafe_store(at * LANES, way)
        sums = best + row_of(scores, at)
    var last = 0
    for tag in range(1, TAGS):
        var this = sums[tag] + moves.logs[unsafe_offset = tag * LANES + OUTSIDE]
        if this > sums[last] + moves.logs[unsafe_offset = last * LANES + OUTSIDE]:
            last = tag
    for at in range(end - 1, first - 1, -1):
        tags[unsafe_offset=at] = Int32(last)
        if at > first:
            last = Int(came[unsafe_offset = at * LANES + last])


@always_inline
def agree(scores: Doubles, chances: Doubles, total: State, at: Int, others: Int, weight: Float64):
    """Adds to a token's scores what its word's other places say, in log odds."""
    if others == 0:
        return
    var chance = row_of(chances, at)
    var mean = (total - chance) / State(Float64(others))
    var trust = Float64(min(others, ENOUGH)) / Float64(ENOUGH)
    var difference = log(max(mean, State(LEAST))) - log(max(chance, State(LEAST)))
    var agreed = row_of(scores, at) + State(weight) * (State(trust) * difference)
    var lanes = State(0)
    comptime for tag in range(LANES):
        lanes[tag] = agreed[tag] if tag < TAGS else Float64(NEVER)
    scores.unsafe_store(at * LANES, lanes)


struct Work(Copyable, Movable):
    """Scratch for the tokens that may belong to mentions, one after the other."""

    var scores: Doubles
    var chances: Doubles
    var likely: Doubles
    var totals: Doubles
    var came: Ints
    var tokens: Ints
    var tags: Ints
    var groups: Ints

    def __init__(out self, doubles: Doubles, ints: Ints, count: Int):
        self.scores = doubles
        self.chances = doubles.unsafe_offset(count * LANES)
        self.likely = doubles.unsafe_offset(2 * count * LANES)
        self.totals = doubles.unsafe_offset(3 * count * LANES)
        self.came = ints
        self.tokens = ints.unsafe_offset(count * LANES)
        self.tags = self.tokens.unsafe_offset(count)
        self.groups = self.tags.unsafe_offset(count)


@always_inline
def put_totals(work: Work, unsure: Int, count: Int, links: Ints):
    """The sum of each word's probabilities over its places, for words that may be in a mention."""
    for token in range(count):
        work.groups[unsafe_offset=token] = -1
    var groups = 0
    for at in range(unsure):
        var first = Int(links[unsafe_offset = 4 * Int(work.tokens[unsafe_offset=at])])
        if work.groups[unsafe_offset=first] < 0:
            work.groups[unsafe_offset=first] = Int32(groups)
            work.totals.unsafe_store(groups * LANES, State(0))
            groups += 1
    var at = 0
    for token in range(count):
        var group = Int(work.groups[unsafe_offset=Int(links[unsafe_offset = 4 * token])])
        var is_unsure = at < unsure and Int(work.tokens[unsafe_offset=at]) == token
        if group >= 0:
            var chance = State(0)
            if is_unsure:
                chance = row_of(work.chances, at)
            else:
                chance[OUTSIDE] = 1
            work.totals.unsafe_store(group * LANES, row_of(work.totals, group) + chance)
        at += Int(is_unsure)


@always_inline
def chain_end(work: Work, first: Int, unsure: Int) -> Int:
    """Where the chain that begins at `first` ends: at a token that is surely outside."""
    var end = first + 1
    while end < unsure and work.tokens[unsafe_offset=end] == work.tokens[unsafe_offset = end - 1] + 1:
        end += 1
    return end


@always_inline
def put_mentions(work: Work, unsure: Int, found: Ints, chances: Doubles) -> Int:
    """Writes (first token, last token, kind) and the probability of each mention."""
    var count = 0
    var first = 0
    var least = 1.0
    for at in range(unsure):
        var tag = Int(work.tags[unsafe_offset=at])
        if tag == OUTSIDE:
            continue
        var part = (tag - 1) % 4 + 1
        if part == BEGIN or part == SINGLE:
            first = Int(work.tokens[unsafe_offset=at])
            least = 1.0
        least = min(least, work.chances[unsafe_offset = at * LANES + tag])
        if part == END or part == SINGLE:
            found[unsafe_offset = 3 * count] = Int32(first)
            found[unsafe_offset = 3 * count + 1] = work.tokens[unsafe_offset=at]
            found[unsafe_offset = 3 * count + 2] = Int32((tag - 1) // 4)
            chances[unsafe_offset=count] = least
            count += 1
    return count


@always_inline
def decode_all(
    scores: Floats,
    count: Int,
    links: Ints,
    moves: Moves,
    bias: Float64,
    agreement: Float64,
    work: Work,
    found: Ints,
    chances: Doubles,
) -> Int:
    """The mentions of a text; gives how many there are."""
    var unsure = 0
    for token in range(count):
        var own = scores.unsafe_offset(token * TAGS)
        if is_unsure(own, bias):
            put_state(own, bias, work.scores, unsure)
            work.tokens[unsafe_offset=unsure] = Int32(token)
            unsure += 1
    var first = 0
    while first < unsure:
        var end = chain_end(work, first, unsure)
        put_chances(work.scores, first, end, moves, work.chances, work.likely)
        first = end
    put_totals(work, unsure, count, links)
    for at in range(unsure):
        var link = links.unsafe_offset(4 * Int(work.tokens[unsafe_offset=at]))
        var group = Int(work.groups[unsafe_offset=Int(link[unsafe_offset=0])])
        agree(work.scores, work.chances, row_of(work.totals, group), at, Int(link[unsafe_offset=1]) - 1, agreement)
    first = 0
    while first < unsure:
        var end = chain_end(work, first, unsure)
        put_best(work.scores, first, end, moves, work.came, work.tags)
        put_chances(work.scores, first, end, moves, work.chances, work.likely)
        first = end
    return put_mentions(work, unsure, found, chances)
