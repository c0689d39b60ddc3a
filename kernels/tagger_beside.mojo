"""What the lexicon tells of words, and what stands around and elsewhere in the text."""
from tagger_words import Bytes, Hashes, Ints, LOWER, SUFFIX

comptime COLUMNS = 24  # of the word itself
comptime FACETS = 3
comptime LEXICAL = COLUMNS  # the facets, then the phrase
comptime PHRASE = LEXICAL + FACETS
comptime GAP = 28
comptime AROUND = 29
comptime INSIDE = 30
comptime OPENED = 31
comptime BEFORE = 32  # five columns
comptime AFTER = 37
comptime EARLY = 42
comptime COUNT = 43
comptime LONG_FORM = 44  # three of the word, then those of the lexicon
comptime WIDTH = 51
comptime MARGIN = 4  # rows of ones before and after the text

comptime LONGEST = 4  # words of a phrase
comptime TITLE = 25  # tokens that may be an article's title
comptime NONE = 255  # no phrase has this number


struct Sorted(Copyable, Movable):
    """Hashes in rising order; `first` tells where those with the same upper 16 bits begin."""

    var hashes: Hashes
    var first: Ints

    def __init__(out self, hashes: Hashes, first: Ints):
        self.hashes = hashes
        self.first = first

    @always_inline
    def find(self, wanted: UInt32) -> Int:
        """Where a hash stands, -1 where it is unknown."""
        var bucket = Int(wanted >> 16)
        var at = Int(self.first[unsafe_offset=bucket])
        var end = Int(self.first[unsafe_offset = bucket + 1])
        while at < end:
            if self.hashes[unsafe_offset=at] == wanted:
                return at
            at += 1
        return -1


@always_inline
def put_facets(words: Sorted, facets: Bytes, rows: Hashes, count: Int):
    """The facets of every word; zeros for unknown ones."""
    for token in range(count):
        var row = rows.unsafe_offset(token * WIDTH)
        var at = words.find(row[unsafe_offset=LOWER])
        for facet in range(FACETS):
            var told = UInt8(0) if at < 0 else facets[unsafe_offset = at * FACETS + facet]
            row[unsafe_offset = LEXICAL + facet] = told.cast[DType.uint32]()
        row[unsafe_offset=PHRASE] = 0


@always_inline
def cover(phrases: Sorted, kinds: Bytes, rows: Hashes, count: Int):
    """Phrases over the text: 4 x kind + 0 single, 1 first, 2 inner, 3 last; the longer ones win."""
    for size in range(min(LONGEST, count), 0, -1):
        for start in range(count - size + 1):
            var rolled = UInt32(size)
            var free = True
            for token in range(start, start + size):
                var row = rows.unsafe_offset(token * WIDTH)
                rolled = (rolled ^ row[unsafe_offset=LOWER]) * 0x9E3779B1
                rolled ^= rolled >> 15
                free = free and row[unsafe_offset=PHRASE] == 0
            if not free:
                continue
            var at = phrases.find(rolled)
            if at < 0:
                continue
            var kind = 4 * kinds[unsafe_offset=at].cast[DType.uint32]()
            for token in range(start, start + size):
                var part = UInt32(2)
                if token == start:
                    part = 1 if size > 1 else 0
                elif token == start + size - 1:
                    part = 3
                rows[unsafe_offset = token * WIDTH + PHRASE] = kind + part


@always_inline
def put_layout(rows: Hashes, places: Ints, count: Int, opening: UInt32, closing: UInt32):
    """White space and brackets: the run of characters around a token, and its place in it."""
    var begun = 0
    var whole = UInt32(0)
    var opened = 0
    for token in range(count):
        var row = rows.unsafe_offset(token * WIDTH)
        var low = row[unsafe_offset=LOWER]
        var parted = token > 0 and places[unsafe_offset = 2 * token] > places[unsafe_offset = 2 * token - 1]
        if parted:
            put_run(rows, begun, token, whole)
            begun = token
            whole = 0
        whole += low
        opened += Int(low == opening) - Int(low == closing)
        row[unsafe_offset=GAP] = 2 if parted else 1
        row[unsafe_offset=INSIDE] = UInt32(min(token - begun, 6))
        row[unsafe_offset=OPENED] = UInt32(max(0, min(opened, 2)))
    put_run(rows, begun, count, whole)


@always_inline
def put_run(rows: Hashes, first: Int, end: Int, whole: UInt32):
    """Tells the tokens of a run what it is."""
    for token in range(first, end):
        rows[unsafe_offset = token * WIDTH + AROUND] = whole


@always_inline
def put_elsewhere(rows: Hashes, count: Int, links: Ints, table: Ints, size: Int):
    """What stands beside the same word where it comes before and again in the text.

    `links` [count, 4] gets of each token the word's first token, its tokens, the one before and the
    one after, -1 where there is none; `table` [size] is scratch, a power of two above 2 x count.
    """
    for at in range(size):
        table[unsafe_offset=at] = -1
    for token in range(count):
        var low = rows[unsafe_offset = token * WIDTH + LOWER]
        var at = Int(low * 0x9E3779B1) & (size - 1)
        while True:
            var other = Int(table[unsafe_offset=at])
            if other < 0:
                break
            if rows[unsafe_offset = other * WIDTH + LOWER] == low:
                break
            at = (at + 1) & (size - 1)
        var link = links.unsafe_offset(4 * token)
        var latest = Int(table[unsafe_offset=at])
        link[unsafe_offset=0] = Int32(token) if latest < 0 else links[unsafe_offset = 4 * latest]
        link[unsafe_offset=1] = 0
        link[unsafe_offset=2] = Int32(latest)
        link[unsafe_offset=3] = -1
        if latest >= 0:
            links[unsafe_offset = 4 * latest + 3] = Int32(token)
        var first = Int(link[unsafe_offset=0])
        links[unsafe_offset = 4 * first + 1] = links[unsafe_offset = 4 * first + 1] + 1
        table[unsafe_offset=at] = Int32(token)
    for token in range(count):
        var link = links.unsafe_offset(4 * token)
        var row = rows.unsafe_offset(token * WIDTH)
        var first = Int(link[unsafe_offset=0])
        link[unsafe_offset=1] = links[unsafe_offset = 4 * first + 1]
        put_neighbours(rows, Int(link[unsafe_offset=2]), row.unsafe_offset(BEFORE))
        put_neighbours(rows, Int(link[unsafe_offset=3]), row.unsafe_offset(AFTER))
        row[unsafe_offset=EARLY] = UInt32(1 if first < TITLE else 0)
        row[unsafe_offset=COUNT] = UInt32(min(6, Int(link[unsafe_offset=1])))


@always_inline
def put_neighbours(rows: Hashes, other: Int, row: Hashes):
    """The words beside another token, and the phrase that it stands in."""
    if other < 0:
        for column in range(4):
            row[unsafe_offset=column] = 0
        row[unsafe_offset=4] = NONE
        return
    var near = rows.unsafe_offset((other - 1) * WIDTH)
    row[unsafe_offset=0] = near[unsafe_offset=LOWER]
    row[unsafe_offset=1] = near[unsafe_offset = SUFFIX + 1]
    row[unsafe_offset=2] = near[unsafe_offset = 2 * WIDTH + LOWER]
    row[unsafe_offset=3] = near[unsafe_offset = 2 * WIDTH + SUFFIX + 1]
    row[unsafe_offset=4] = near[unsafe_offset = WIDTH + PHRASE]


@always_inline
def put_long_forms(rows: Hashes, count: Int, last: Ints):
    """The last word of the long form, at every short form; `last` [count], -1 where there is none."""
    for token in range(count):
        var to = rows.unsafe_offset(token * WIDTH + LONG_FORM)
        var at = Int(last[unsafe_offset=token])
        var of = rows.unsafe_offset(max(at, 0) * WIDTH)
        to[unsafe_offset=0] = of[unsafe_offset=LOWER] if at >= 0 else 0
        to[unsafe_offset=1] = of[unsafe_offset = SUFFIX + 1] if at >= 0 else 0
        to[unsafe_offset=2] = of[unsafe_offset = SUFFIX + 2] if at >= 0 else 0
        for facet in range(FACETS + 1):
            to[unsafe_offset = 3 + facet] = of[unsafe_offset = LEXICAL + facet] + 1 if at >= 0 else 0


@always_inline
def clear_long_forms(rows: Hashes, count: Int):
    """No token is a short form."""
    for token in range(count):
        for column in range(LONG_FORM, WIDTH):
            rows[unsafe_offset = token * WIDTH + column] = 0


@always_inline
def put_margins(columns: Hashes, count: Int):
    """Ones around the text."""
    var end = (count + MARGIN) * WIDTH
    for at in range(MARGIN * WIDTH):
        columns[unsafe_offset=at] = 1
        columns[unsafe_offset = end + at] = 1
