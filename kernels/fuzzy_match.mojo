"""The matches of a query with 512 strings at once: the dynamic programme, one bit for each cell.

Rows are the query's symbols, columns the strings'. Between neighbouring cells of the table the value
differs by at most one, so a cell is a few `and`s and `or`s (as Hyyro 2004, there along a word of one
string, here across strings). Cells that no good enough alignment passes are left out.
"""
from fuzzy_bits import PLANES, TOGETHER, WIDTH, WORDS, Bits, Masks
from fuzzy_index import Ints, Words


@fieldwise_init
struct Table(Copyable, Movable):
    """The rows' state: one word of bits or two for each, and where each finds its symbol's masks."""

    var size: Int
    var places: Ints
    var a: Words
    var b: Words


@always_inline
def common(table: Table, masks: Masks, planes: Words, length: Int, fewest: Int):
    """Longest common subsequences: the bits of rows `a` that are set.

    Those below `fewest` may come out too small.
    """
    for row in range(table.size):
        table.a.unsafe_store(WIDTH * row, Bits(0))
    var column = 0
    while column < length:
        var first = max(column - (length - fewest), 0)
        var ahead = column + table.size - fewest
        if column + TOGETHER <= length:
            masks.read[TOGETHER](planes.unsafe_offset(WORDS * PLANES * column))
            common_columns[TOGETHER](table, masks, first, min(ahead + TOGETHER, table.size))
            column += TOGETHER
        else:
            masks.read[1](planes.unsafe_offset(WORDS * PLANES * column))
            common_columns[1](table, masks, first, min(ahead + 1, table.size))
            column += 1


@always_inline
def common_columns[COLUMNS: Int](table: Table, masks: Masks, first: Int, last: Int):
    """Some columns next to each other, of the rows in between."""
    var right = Array[Bits, COLUMNS](fill=Bits(0))
    for row in range(first, last):
        var down = table.a.unsafe_load[width=WIDTH](WIDTH * row)
        var found = masks.found.unsafe_offset(Int(table.places[unsafe_offset=row]))
        comptime for column in range(COLUMNS):
            var match_ = found.unsafe_load[width=WIDTH](WIDTH * column)
            var next = (down | match_) & ~right[column]
            right[column] = (right[column] | match_) & ~down
            down = next
        table.a.unsafe_store(WIDTH * row, down)


@always_inline
def edits(table: Table, masks: Masks, planes: Words, length: Int, most: Int):
    """Levenshtein distances: the length, and one for each bit of `a`, less one for each of `b`.

    Those above `most` may come out too large.
    """
    for row in range(table.size):
        table.a.unsafe_store(WIDTH * row, ~Bits(0))
        table.b.unsafe_store(WIDTH * row, Bits(0))
    var longer = length - table.size
    var aside = (most - abs(longer)) // 2
    var before = max(longer, 0) + aside
    var behind = max(-longer, 0) + aside
    var column = 0
    while column < length:
        var first = max(column - before, 0)
        if column + TOGETHER <= length:
            masks.read[TOGETHER](planes.unsafe_offset(WORDS * PLANES * column))
            edit_columns[TOGETHER](table, masks, first, min(column + behind + TOGETHER, table.size))
            column += TOGETHER
        else:
            masks.read[1](planes.unsafe_offset(WORDS * PLANES * column))
            edit_columns[1](table, masks, first, min(column + behind + 1, table.size))
            column += 1


@always_inline
def edit_columns[COLUMNS: Int](table: Table, masks: Masks, first: Int, last: Int):
    """Some columns next to each other, of the rows in between."""
    var more = Array[Bits, COLUMNS](fill=~Bits(0))
    var less = Array[Bits, COLUMNS](fill=Bits(0))
    for row in range(first, last):
        var up = table.a.unsafe_load[width=WIDTH](WIDTH * row)
        var down = table.b.unsafe_load[width=WIDTH](WIDTH * row)
        var found = masks.found.unsafe_offset(Int(table.places[unsafe_offset=row]))
        comptime for column in range(COLUMNS):
            var same = found.unsafe_load[width=WIDTH](WIDTH * column) | down | less[column]
            var next_more = down | ~(same | up)
            var next_less = same & up
            up = less[column] | ~(same | more[column])
            down = same & more[column]
            more[column] = next_more
            less[column] = next_less
        table.a.unsafe_store(WIDTH * row, up)
        table.b.unsafe_store(WIDTH * row, down)


@always_inline
def reach_of(size: Int, length: Int) -> Int:
    """How far apart Jaro lets equal symbols match."""
    return max(max(size, length) // 2 - 1, 0)


@always_inline
def prefixes(table: Table, masks: Masks, planes: Words, length: Int, same: Words):
    """Which strings have the query's first symbol, its first two, three, four: in `same`."""
    var alike = ~Bits(0)
    for column in range(4):
        if column < length and column < table.size:
            masks.read[1](planes.unsafe_offset(WORDS * PLANES * column))
            alike &= masks.found.unsafe_load[width=WIDTH](Int(table.places[unsafe_offset=column]))
        else:
            alike = Bits(0)
        same.unsafe_store(WIDTH * column, alike)


@always_inline
def jaro(table: Table, masks: Masks, planes: Words, reach: Int, until: Int, matched: Words):
    """Jaro's matches: the bits of rows `a`, and of the first `until` symbols in `matched`."""
    for row in range(table.size):
        table.a.unsafe_store(WIDTH * row, Bits(0))
    var column = 0
    while column < until:
        var its = matched.unsafe_offset(WIDTH * column)
        if column + TOGETHER <= until and 2 * reach >= TOGETHER:
            masks.read[TOGETHER](planes.unsafe_offset(WORDS * PLANES * column))
            jaro_columns[TOGETHER](table, masks, column, reach, its)
            column += TOGETHER
        else:
            masks.read[1](planes.unsafe_offset(WORDS * PLANES * column))
            jaro_columns[1](table, masks, column, reach, its)
            column += 1


@always_inline
def jaro_columns[
    COLUMNS: Int
](table: Table, masks: Masks, column: Int, reach: Int, matched: Words):
    """Some columns next to each other; each reaches a row farther than the one before."""
    comptime LESS = COLUMNS - 1
    var done = Array[Bits, COLUMNS](fill=Bits(0))
    var first = column - reach
    comptime for edge in range(LESS):
        if 0 <= first + edge < table.size:
            jaro_row[COLUMNS, 0, edge + 1](table, masks, first + edge, done)
    for row in range(max(first + LESS, 0), min(column + reach + 1, table.size)):
        jaro_row[COLUMNS, 0, COLUMNS](table, masks, row, done)
    comptime for edge in range(LESS):
        if column + reach + 1 + edge < table.size:
            jaro_row[COLUMNS, edge + 1, COLUMNS](table, masks, column + reach + 1 + edge, done)
    comptime for at in range(COLUMNS):
        matched.unsafe_store(WIDTH * at, done[at])


@always_inline
def jaro_row[
    COLUMNS: Int, FIRST: Int, LAST: Int
](table: Table, masks: Masks, row: Int, mut done: Array[Bits, COLUMNS]):
    """A row in those columns that reach it: what is free is taken by the first that wants it."""
    var taken = table.a.unsafe_load[width=WIDTH](WIDTH * row)
    var found = masks.found.unsafe_offset(Int(table.places[unsafe_offset=row]))
    comptime for at in range(FIRST, LAST):
        var match_ = found.unsafe_load[width=WIDTH](WIDTH * at)
        var next = taken | (match_ & ~done[at])
        done[at] = done[at] | (match_ & ~taken)
        taken = next
    table.a.unsafe_store(WIDTH * row, taken)


@always_inline
def begin_order(table: Table, reach: Int):
    """Makes `b` say of the corners left of the first column which are on the way.

    A corner of a cell is on the way where as many rows before it were matched as columns; there is one
    more than rows. The way to a pair of the same rank leads past no pair that is too far apart to match:
    farther corners need not be known.
    """
    var none = ~Bits(0)
    table.b.unsafe_store(0, none)
    for row in range(table.size):
        none &= ~table.a.unsafe_load[width=WIDTH](WIDTH * row)
        table.b.unsafe_store(WIDTH * (row + 1), none if row < reach else Bits(0))


@always_inline
def in_order(
    table: Table, masks: Masks, planes: Words, reach: Int, first: Int, last: Int, matched: Words
):
    """Leaves in `matched` which symbols differ from the query's matched symbol of the same rank."""
    var column = first
    while column < last:
        var its = matched.unsafe_offset(WIDTH * column)
        if column + TOGETHER <= last and 2 * reach >= TOGETHER:
            masks.read[TOGETHER](planes.unsafe_offset(WORDS * PLANES * column))
            order_columns[TOGETHER](table, masks, column, reach, its)
            column += TOGETHER
        else:
            masks.read[1](planes.unsafe_offset(WORDS * PLANES * column))
            order_columns[1](table, masks, column, reach, its)
            column += 1


@fieldwise_init
struct Way[COLUMNS: Int]:
    """The corners above a row: which are on the way; the columns' matched symbols, which in order."""

    var corners: Array[Bits, Self.COLUMNS + 1]
    var matched: Array[Bits, Self.COLUMNS]
    var hits: Array[Bits, Self.COLUMNS]


@always_inline
def order_columns[
    COLUMNS: Int
](table: Table, masks: Masks, column: Int, reach: Int, matched: Words):
    """Some columns next to each other; each reaches a row farther than the one before."""
    comptime LESS = COLUMNS - 1
    var first = column - reach
    var nothing = Array[Bits, COLUMNS](fill=Bits(0))
    var way = Way[COLUMNS](
        Array[Bits, COLUMNS + 1](fill=Bits(0)), nothing.copy(), nothing^
    )
    way.corners[0] = table.b.unsafe_load[width=WIDTH](WIDTH * max(first, 0))
    comptime for at in range(COLUMNS):
        way.matched[at] = matched.unsafe_load[width=WIDTH](WIDTH * at)
        if first + at < 0:
            way.corners[at + 1] = way.corners[at] & ~way.matched[at]
    if first < 0:
        table.b.unsafe_store(0, way.corners[COLUMNS])
    comptime for edge in range(LESS):
        if 0 <= first + edge < table.size:
            order_row[COLUMNS, 0, edge + 1](table, masks, first + edge, way)
    for row in range(max(first + LESS, 0), min(column + reach + 1, table.size)):
        order_row[COLUMNS, 0, COLUMNS](table, masks, row, way)
    comptime for edge in range(LESS):
        if column + reach + 1 + edge < table.size:
            order_row[COLUMNS, edge + 1, COLUMNS](table, masks, column + reach + 1 + edge, way)
    comptime for at in range(COLUMNS):
        matched.unsafe_store(WIDTH * at, way.matched[at] & ~way.hits[at])


@always_inline
def order_row[
    COLUMNS: Int, FIRST: Int, LAST: Int
](table: Table, masks: Masks, row: Int, mut way: Way[COLUMNS]):
    """A row in those columns that reach it."""
    var taken = table.a.unsafe_load[width=WIDTH](WIDTH * row)
    var found = masks.found.unsafe_offset(Int(table.places[unsafe_offset=row]))
    var below = table.b.unsafe_load[width=WIDTH](WIDTH * (row + 1))
    var corner = way.corners[FIRST]
    comptime if FIRST == 0:
        way.corners[0] = below
    comptime for at in range(FIRST, LAST):
        var both = corner & taken & way.matched[at]
        way.hits[at] = way.hits[at] | (both & found.unsafe_load[width=WIDTH](WIDTH * at))
        corner = way.corners[at + 1]
        below = both | (below & ~way.matched[at]) | (corner & ~taken)
        way.corners[at + 1] = below
    table.b.unsafe_store(WIDTH * (row + 1), below)
