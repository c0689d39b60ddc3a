"""Which of 512 strings may still match a query often enough, by the bags of symbols that they have.

However the rest of a string is aligned with a rest of the query, it matches no more symbols than both
have in common, in whatever order.
"""
from std.sys.intrinsics import PrefetchOptions, prefetch

from fuzzy_bits import MOST_BITS, WIDTH, WORDS, Bits, Counter
from fuzzy_index import INDEL, Bytes, Ints, Words
from fuzzy_match import Block, Table

comptime LEVELS = 8  # counts of a symbol that are told apart
comptime MOST_SYMBOLS = 56


def bag_places(symbols: Bytes, size: Int, alphabet: Int, places: Ints):
    """Where a bag says whether a string has each row's symbol, and those alike of rows behind it, too."""
    var seen = Array[Int, MOST_SYMBOLS](fill=0)
    for row in range(size - 1, -1, -1):
        var symbol = Int(symbols[unsafe_offset=row])
        var place = 0
        if symbol < alphabet:
            place = 1 + LEVELS * symbol + min(seen[symbol], LEVELS - 1)
            seen[symbol] += 1
        places[unsafe_offset=row] = Int32(WORDS * place)


@always_inline
def middle(length: Int) -> Int:
    """The column from which strings have a second bag."""
    return (length + 4) // 8 * 4


@fieldwise_init
struct Bag(Copyable, Movable):
    """A bag of each string of a part of a block, as a query's rows ask for it."""

    var places: Ints
    var planes: Words

    @always_inline
    def has(self, row: Int) -> Bits:
        """Which strings have a row's symbol, besides those of rows behind it."""
        return self.planes.unsafe_load[width=WIDTH](Int(self.places[unsafe_offset=row]))

    @always_inline
    def ask(self, size: Int):
        """Asks for what will be wanted of it soon."""
        comptime options = PrefetchOptions().for_read().high_locality().to_data_cache()
        for row in range(size):
            prefetch[options](self.planes.unsafe_offset(Int(self.places[unsafe_offset=row])))


@always_inline
def common_counts(table: Table, bag: Bag) -> Counter:
    """How many symbols strings have in common with the query, in any order; takes rows `a`."""
    for row in range(table.size):
        table.a.unsafe_store(WIDTH * row, bag.has(row))
    var counter = Counter(table.size)
    counter.add[False](table.a, table.size)
    return counter^


@always_inline
def may_reach[KIND: Int](table: Table, block: Block, bag: Bag, fewest: Int) -> Bits:
    """Which strings may have `fewest` matches, by the table up to their middle and the bag behind it."""
    var most = table.size if KIND == INDEL else table.size + block.length
    if most < 64:
        return walk[KIND, 7](table, block, bag, fewest)
    if most < 128:
        return walk[KIND, 8](table, block, bag, fewest)
    return walk[KIND, MOST_BITS](table, block, bag, fewest)


@always_inline
def walk[KIND: Int, BITS: Int](table: Table, block: Block, bag: Bag, fewest: Int) -> Bits:
    """The same: with each count of rows that go to the first half, how many matches are to spare.

    That number has BITS - 1 bits and is not negative where the one above them is set.
    """
    var size = table.size
    var half = middle(block.length)
    var first = max(half - (block.length - fewest), 0)
    var last = min(half + size - fewest, size)
    var counter = Counter((1 << BITS) - 1)
    counter.begin((1 << (BITS - 1)) - fewest)
    for row in range(last, size):
        table.a.unsafe_store(WIDTH * row, bag.has(row))
    counter.add[False](table.a, size)
    for row in range(last, size):
        table.a.unsafe_store(WIDTH * row, Bits(0))
    var planes = Array[Bits, BITS](fill=Bits(0))
    comptime for plane in range(BITS):
        planes[plane] = counter.planes[plane]
    var those = planes[BITS - 1]
    for row in range(last - 1, first - 1, -1):
        var down = table.a.unsafe_load[width=WIDTH](WIDTH * row)
        step[BITS](planes, bag.has(row), down)
        those |= planes[BITS - 1]
    return those


@always_inline
def step[BITS: Int](mut planes: Array[Bits, BITS], up: Bits, down: Bits):
    """Adds one to the numbers of `up` and takes one from those of `down`."""
    var over = up ^ down
    comptime for plane in range(BITS):
        var now = planes[plane]
        planes[plane] = now ^ over
        over = over & (now ^ down)
