"""A linear tagger of words: tokens, hashed columns, sums of weights, chains of tags.

Each export does one step of `nlp.engines.tagger` for a whole text: what NumPy does there in hundreds
of passes over columns. Rows of a text are WIDTH numbers, with MARGIN rows of ones before and after,
so that a neighbour outside the text reads as 1. Plain C ABI, caller-owned memory, no heap.
"""
from tagger_beside import (
    MARGIN,
    WIDTH,
    Sorted,
    clear_long_forms,
    cover,
    put_elsewhere,
    put_facets,
    put_layout,
    put_long_forms,
    put_margins,
)
from tagger_chain import Doubles, Moves, Work, decode_all
from tagger_claims import Claims, put_claims
from tagger_sums import Floats, Ranked, put_scores
from tagger_words import Bytes, Hashes, Ints, Word, put_columns, split_narrow

comptime Fields = MutPointer[Int64, MutUntrackedOrigin]


@always_inline
def ints(fields: Fields, at: Int) -> Ints:
    """The array whose address stands in a field."""
    return Ints(unsafe_from_address=Int(fields[unsafe_offset=at]))


@always_inline
def hashes(fields: Fields, at: Int) -> Hashes:
    """The array whose address stands in a field."""
    return Hashes(unsafe_from_address=Int(fields[unsafe_offset=at]))


@always_inline
def bytes(fields: Fields, at: Int) -> Bytes:
    """The array whose address stands in a field."""
    return Bytes(unsafe_from_address=Int(fields[unsafe_offset=at]))


@export
def split(text: Bytes, length: Int64, places: Ints) abi("C") -> Int64:
    """Writes the tokens of text[length] into places [length, 2]; gives how many there are."""
    return Int64(split_narrow(text, Int(length), places))


@export
def describe(
    lexicon: Fields,
    text: Bytes,
    count: Int64,
    places: Ints,
    columns: Hashes,
    links: Ints,
    table: Ints,
    size: Int64,
    last: Int64,
) abi("C") -> Int64:
    """Writes the columns [MARGIN + count + MARGIN, WIDTH] of `count` tokens, and their links.

    Of a token with bytes beyond ASCII the first 24 are there already. `lexicon` names words, their
    buckets, facets, phrases, buckets, kinds, the table of CRC-32, and has the hashes of both
    brackets. `last`, where it isn't 0, is the address of what put_long_forms() reads.
    """
    var rows = columns.unsafe_offset(MARGIN * WIDTH)
    var tokens = Int(count)
    put_margins(columns, tokens)
    var crc = hashes(lexicon, 6)
    for token in range(tokens):
        var start = Int(places[unsafe_offset = 2 * token])
        var word = Word(text.unsafe_offset(start), Int(places[unsafe_offset = 2 * token + 1]) - start, crc)
        if word.is_ascii():
            put_columns(word, rows.unsafe_offset(token * WIDTH))
    put_facets(Sorted(hashes(lexicon, 0), ints(lexicon, 1)), bytes(lexicon, 2), rows, tokens)
    cover(Sorted(hashes(lexicon, 3), ints(lexicon, 4)), bytes(lexicon, 5), rows, tokens)
    var opening = lexicon[unsafe_offset=7].cast[DType.uint32]()
    put_layout(rows, places, tokens, opening, lexicon[unsafe_offset=8].cast[DType.uint32]())
    put_elsewhere(rows, tokens, links, table, Int(size))
    if last != 0:
        put_long_forms(rows, tokens, Ints(unsafe_from_address=Int(last)))
    else:
        clear_long_forms(rows, tokens)
    return count


@export
def sums(table: Fields, columns: Hashes, count: Int64, scores: Floats) abi("C") -> Int64:
    """Writes scores [count, tags], with room for 16 more floats.

    `table` names blocks of templates, places and weights (rows of `tags`, 16 more floats at the end),
    then has the number of blocks, of templates and of tags.
    """
    put_scores(
        columns,
        Int(count),
        ints(table, 0),
        Int(table[unsafe_offset=3]),
        Int(table[unsafe_offset=4]),
        Ranked(unsafe_from_address=Int(table[unsafe_offset=1])),
        Floats(unsafe_from_address=Int(table[unsafe_offset=2])),
        Int(table[unsafe_offset=5]),
        scores,
    )
    return count


@export
def decode(
    moves: Doubles,
    bias: Float64,
    agreement: Float64,
    scores: Floats,
    count: Int64,
    links: Ints,
    doubles: Doubles,
    integers: Ints,
    found: Ints,
    chances: Doubles,
) abi("C") -> Int64:
    """Writes the mentions into found [count, 3] with their probabilities; gives how many there are.

    Scratch: doubles [4 x count x 16], integers [19 x count].
    """
    var work = Work(doubles, integers, Int(count))
    return Int64(
        decode_all(scores, Int(count), links, Moves(moves), bias, agreement, work, found, chances)
    )


@export
def claims(
    table: Fields, columns: Hashes, mentions: Ints, count: Int64, scores: Floats
) abi("C") -> Int64:
    """Writes scores [count, outcomes], with room for 16 more floats.

    `table` names places, weights (rows of outcomes, 16 more floats at the end) and the hashes of stops,
    then has the number of outcomes and of stops.
    """
    var its = Claims(
        Ranked(unsafe_from_address=Int(table[unsafe_offset=0])),
        Floats(unsafe_from_address=Int(table[unsafe_offset=1])),
        Int(table[unsafe_offset=3]),
        hashes(table, 2),
        Int(table[unsafe_offset=4]),
    )
    put_claims(its, columns.unsafe_offset(MARGIN * WIDTH), mentions, Int(count), scores)
    return count
