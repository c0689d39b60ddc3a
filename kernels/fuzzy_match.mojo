"""The matches of a query with 512 strings at once: the dynamic programme, one bit for each cell.

Rows are the query's symbols, columns the strings'. Between neighbouring cells of the table the value
differs by at most one, so a cell is a few `and`s and `or`s (as Hyyro 2004, there along a word of one
string, here across strings). Cells that no good enough alignment passes are left out.
"""
from std.sys.intrinsics import PrefetchOptions, prefetch

from fuzzy_bits import PLANES, TOGETHER, WIDTH, WORDS, Bits
from fuzzy_index import Words

comptime COLUMN = WORDS * PLANES  # words
comptime AHEAD = 8  # columns


@fieldwise_init
struct Table(Copyable, Movable):
    """The rows' state, one word of bits or two for each; and where each finds its symbol in a column.

    That is in three of the column's planes: a symbol has three bits, and no other has all of them.
    """

    var size: Int
    var places: Words
    var a: Words
    var b: Words

    @always_inline
    def symbol(self, planes: Words, row: Int) -> Array[Words, 3]:
        """The planes that strings with a row's symbol have, in the column where `planes` begin."""
        var its = Array[Words, 3](fill=planes)
        # together in one word, as loads are what the rows wait for
        var places = self.places[unsafe_offset=row]
        comptime for plane in range(3):
            its[plane] = planes.unsafe_offset(Int((places >> UInt64(16 * plane)) & 0xFFFF))
        return its^


@always_inline
def same[COLUMN_AHEAD: Int](symbol: Array[Words, 3]) -> Bits:
    """Which strings have a symbol, in one of the columns ahead."""
    comptime at = COLUMN * COLUMN_AHEAD
    var one = symbol[0].unsafe_load[width=WIDTH](at)
    var two = symbol[1].unsafe_load[width=WIDTH](at)
    return one & two & symbol[2].unsafe_load[width=WIDTH](at)


@fieldwise_init
struct Block(Copyable, Movable):
    """A part of the strings of one length: their columns, and those of the block that comes next."""

    var planes: Words
    var length: Int
    var next: Words

    @always_inline
    def column(self, number: Int) -> Words:
        """Where a column begins."""
        return self.planes.unsafe_offset(COLUMN * number)

    @always_inline
    def soon(self, column: Int) -> Words:
        """The columns that will be wanted soon, which may be far away."""
        var number = column + AHEAD
        if number >= self.length:
            return self.next.unsafe_offset(COLUMN * (number - self.length))
        return self.column(number)


@always_inline
def ask(mut soon: Words):
    """Asks for one more line of what will be wanted soon: of many at once, most would have to wait."""
    comptime options = PrefetchOptions().for_read().high_locality().to_data_cache()
    prefetch[options](soon)
    soon = soon.unsafe_offset(WORDS)


@always_inline
def common(table: Table, block: Block, fewest: Int):
    """Longest common subsequences: the bits of rows `a` that are set.

    Those below `fewest` may come out too small.
    """
    for row in range(table.size):
        table.a.unsafe_store(WIDTH * row, Bits(0))
    var column = 0
    comptime for halved in range(3):
        comptime columns = TOGETHER >> halved
        while column + columns <= block.length:
            var first = max(column - (block.length - fewest), 0)
            var last = min(column + columns + table.size - fewest, table.size)
            common_columns[columns](table, block.column(column), first, last, block.soon(column))
            column += columns


@always_inline
def common_columns[
    COLUMNS: Int
](table: Table, planes: Words, first: Int, last: Int, var soon: Words):
    """Some columns next to each other, of the rows in between."""
    var right = Array[Bits, COLUMNS](fill=Bits(0))
    for _ in range(last - first, PLANES * COLUMNS):
        ask(soon)
    for row in range(first, last):
        ask(soon)
        var down = table.a.unsafe_load[width=WIDTH](WIDTH * row)
        var symbol = table.symbol(planes, row)
        comptime for column in range(COLUMNS):
            var match_ = same[column](symbol)
            var next = (down | match_) & ~right[column]
            right[column] = (right[column] | match_) & ~down
            down = next
        table.a.unsafe_store(WIDTH * row, down)


@always_inline
def edits(table: Table, block: Block, most: Int):
    """Levenshtein distances: the length, and one for each bit not in `a`, less one for each not in `b`.

    Those above `most` may come out too large.
    """
    for row in range(table.size):
        table.a.unsafe_store(WIDTH * row, Bits(0))
        table.b.unsafe_store(WIDTH * row, ~Bits(0))
    var longer = block.length - table.size
    var aside = (most - abs(longer)) // 2
    var before = max(longer, 0) + aside
    var behind = max(-longer, 0) + aside
    var column = 0
    comptime for halved in range(3):
        comptime columns = TOGETHER >> halved
        while column + columns <= block.length:
            var first = max(column - before, 0)
            var last = min(column + columns + behind, table.size)
            edit_columns[columns](table, block.column(column), first, last, block.soon(column))
            column += columns


@always_inline
def edit_columns[
    COLUMNS: Int
](table: Table, planes: Words, first: Int, last: Int, var soon: Words):
    """Some columns next to each other, of the rows in between.

    It is kept which differences are not there: so no result is itself negated, which would keep the
    compiler from making one instruction of two operations.
    """
    for _ in range(last - first, PLANES * COLUMNS):
        ask(soon)
    var not_more = Array[Bits, COLUMNS](fill=Bits(0))
    var not_less = Array[Bits, COLUMNS](fill=~Bits(0))
    for row in range(first, last):
        ask(soon)
        var not_up = table.a.unsafe_load[width=WIDTH](WIDTH * row)
        var not_down = table.b.unsafe_load[width=WIDTH](WIDTH * row)
        var symbol = table.symbol(planes, row)
        comptime for column in range(COLUMNS):
            var unlike = not_down & not_less[column] & ~same[column](symbol)
            var next_more = not_down & ~(unlike & not_up)
            var next_less = unlike | not_up
            not_up = not_less[column] & ~(unlike & not_more[column])
            not_down = unlike | not_more[column]
            not_more[column] = next_more
            not_less[column] = next_less
        table.a.unsafe_store(WIDTH * row, not_up)
        table.b.unsafe_store(WIDTH * row, not_down)


@always_inline
def reach_of(size: Int, length: Int) -> Int:
    """How far apart Jaro lets equal symbols match."""
    return max(max(size, length) // 2 - 1, 0)


@always_inline
def prefixes(table: Table, block: Block, shared: Words):
    """Which strings have the query's first symbol, its first two, three, four: in `shared`."""
    var alike = ~Bits(0)
    for column in range(4):
        if column < block.length and column < table.size:
            alike &= same[0](table.symbol(block.column(column), column))
        else:
            alike = Bits(0)
        shared.unsafe_store(WIDTH * column, alike)


@always_inline
def jaro(table: Table, block: Block, reach: Int, until: Int, matched: Words):
    """Jaro's matches: the bits of rows `a`, and of the first `until` symbols in `matched`."""
    for row in range(table.size):
        table.a.unsafe_store(WIDTH * row, Bits(0))
    var column = 0
    comptime for halved in range(3):
        comptime columns = TOGETHER >> halved
        while column + columns <= until and (columns == 1 or columns <= 2 * reach):
            var its = matched.unsafe_offset(WIDTH * column)
            var soon = block.soon(column)
            jaro_columns[columns](table, block.column(column), column, reach, its, soon)
            column += columns


@always_inline
def jaro_columns[
    COLUMNS: Int
](table: Table, planes: Words, column: Int, reach: Int, matched: Words, var soon: Words):
    """Some columns next to each other; each reaches a row farther than the one before."""
    comptime LESS = COLUMNS - 1
    var done = Array[Bits, COLUMNS](fill=Bits(0))
    var first = column - reach
    comptime for edge in range(LESS):
        if 0 <= first + edge < table.size:
            jaro_row[COLUMNS, 0, edge + 1](table, planes, first + edge, done)
    var begin = max(first + LESS, 0)
    var end = min(column + reach + 1, table.size)
    for _ in range(end - begin, PLANES * COLUMNS):
        ask(soon)
    for row in range(begin, end):
        ask(soon)
        jaro_row[COLUMNS, 0, COLUMNS](table, planes, row, done)
    comptime for edge in range(LESS):
        if column + reach + 1 + edge < table.size:
            jaro_row[COLUMNS, edge + 1, COLUMNS](table, planes, column + reach + 1 + edge, done)
    comptime for at in range(COLUMNS):
        matched.unsafe_store(WIDTH * at, done[at])


@always_inline
def jaro_row[
    COLUMNS: Int, FIRST: Int, LAST: Int
](table: Table, planes: Words, row: Int, mut done: Array[Bits, COLUMNS]):
    """A row in those columns that reach it: what is free is taken by the first that wants it."""
    var taken = table.a.unsafe_load[width=WIDTH](WIDTH * row)
    var symbol = table.symbol(planes, row)
    comptime for at in range(FIRST, LAST):
        var match_ = same[at](symbol)
        var next = taken | (match_ & ~done[at])
        done[at] = done[at] | (match_ & ~taken)
        taken = next
    table.a.unsafe_store(WIDTH * row, taken)


@always_inline
def begin_order(table: Table, reach: Int):
    """Makes `b` say of the corners left of the first column which are off the way.

    A corner of a cell is on the way where as many rows before it were matched as columns; there is one
    more than rows. The way to a pair of the same rank leads past no pair that is too far apart to match:
    farther corners need not be known.
    """
    var some = Bits(0)
    table.b.unsafe_store(0, some)
    for row in range(table.size):
        some |= table.a.unsafe_load[width=WIDTH](WIDTH * row)
        table.b.unsafe_store(WIDTH * (row + 1), some if row < reach else ~Bits(0))


@always_inline
def in_order(
    table: Table, block: Block, reach: Int, first: Int, last: Int, matched: Words
):
    """Leaves in `matched` which symbols differ from the query's matched symbol of the same rank."""
    var column = first
    comptime for halved in range(3):
        comptime columns = TOGETHER >> halved
        while column + columns <= last and (columns == 1 or columns <= 2 * reach):
            var its = matched.unsafe_offset(WIDTH * column)
            order_columns[columns](table, block.column(column), column, reach, its)
            column += columns


@fieldwise_init
struct Way[COLUMNS: Int]:
    """The corners above a row: which are off the way; the columns' matched symbols, which in order."""

    var corners: Array[Bits, Self.COLUMNS + 1]
    var matched: Array[Bits, Self.COLUMNS]
    var hits: Array[Bits, Self.COLUMNS]


@always_inline
def order_columns[
    COLUMNS: Int
](table: Table, planes: Words, column: Int, reach: Int, matched: Words):
    """Some columns next to each other; each reaches a row farther than the one before."""
    comptime LESS = COLUMNS - 1
    var first = column - reach
    var nothing = Array[Bits, COLUMNS](fill=Bits(0))
    var way = Way[COLUMNS](
        Array[Bits, COLUMNS + 1](fill=~Bits(0)), nothing.copy(), nothing^
    )
    way.corners[0] = table.b.unsafe_load[width=WIDTH](WIDTH * max(first, 0))
    comptime for at in range(COLUMNS):
        way.matched[at] = matched.unsafe_load[width=WIDTH](WIDTH * at)
        if first + at < 0:
            way.corners[at + 1] = way.corners[at] | way.matched[at]
    if first < 0:
        table.b.unsafe_store(0, way.corners[COLUMNS])
    comptime for edge in range(LESS):
        if 0 <= first + edge < table.size:
            order_row[COLUMNS, 0, edge + 1](table, planes, first + edge, way)
    for row in range(max(first + LESS, 0), min(column + reach + 1, table.size)):
        order_row[COLUMNS, 0, COLUMNS](table, planes, row, way)
    comptime for edge in range(LESS):
        if column + reach + 1 + edge < table.size:
            order_row[COLUMNS, edge + 1, COLUMNS](table, planes, column + reach + 1 + edge, way)
    comptime for at in range(COLUMNS):
        matched.unsafe_store(WIDTH * at, way.matched[at] & ~way.hits[at])


@always_inline
def order_row[
    COLUMNS: Int, FIRST: Int, LAST: Int
](table: Table, planes: Words, row: Int, mut way: Way[COLUMNS]):
    """A row in those columns that reach it."""
    var taken = table.a.unsafe_load[width=WIDTH](WIDTH * row)
    var symbol = table.symbol(planes, row)
    var below = table.b.unsafe_load[width=WIDTH](WIDTH * (row + 1))
    var corner = way.corners[FIRST]
    comptime if FIRST == 0:
        way.corners[0] = below
    comptime for at in range(FIRST, LAST):
        var both = taken & way.matched[at] & ~corner
        way.hits[at] = way.hits[at] | (both & same[at](symbol))
        corner = way.corners[at + 1]
        below = ((below | way.matched[at]) & ~both) & (corner | taken)
        way.corners[at + 1] = below
    table.b.unsafe_store(WIDTH * (row + 1), below)
