"""Texts that are often long, read 64 bytes at a step: base64, XHTML. A yes is true, a no may be wrong.

The text has to end with a NUL; one shorter than 64 bytes is copied first.
"""
from std.bit import pop_count
from std.memory import stack_allocation

from schema_bytes import STEP, Block, Bytes, Words, ahead, below, between, bits, blank, block_at, is_blank
from schema_xhtml import safe

comptime MARKUP = 0
comptime BASE64_TEXT = 1


def encoded(text: Bytes, limit: Int, length: Int) -> Bool:
    """Whether it is base64 with its padding, white space wherever it may be."""
    var end = length
    var padding = 0
    while end > 0 and (is_blank(text[unsafe_offset=end - 1]) or text[unsafe_offset=end - 1] == 61):
        padding += 1 if text[unsafe_offset=end - 1] == 61 else 0
        end -= 1
    var symbols = padding
    var at = 0
    while at < end:
        var block = block_at(text, at, limit)
        var letter = between(block | Block(32), 97, 122)  # either case
        var symbol = letter | between(block, 47, 57) | block.eq(Block(43))
        var rest = end - at
        var asked = below(rest) if rest < STEP else ~UInt64(0)
        var here = ahead(bits(symbol), at, limit) & asked
        if (here | ahead(bits(blank(block)), at, limit)) & asked != asked:
            return False
        symbols += Int(pop_count(here))
        at += STEP
    return padding <= 2 and symbols > padding and symbols % 4 == 0


@no_inline
def is_long[KIND: Int](text: Bytes, length: Int, words: Words) -> Bool:
    """Whether it is of a kind; `words` are those of schema.py for XHTML."""
    var begin = text
    var limit = length
    var short = stack_allocation[2 * STEP, UInt8]()
    if length < STEP:
        short.unsafe_store(0, Block(0))
        short.unsafe_store(STEP, Block(0))
        for i in range(length):
            short[unsafe_offset=i] = text[unsafe_offset=i]
        begin = Bytes(unsafe_from_address=Int(short))
        limit = 2 * STEP
    comptime if KIND == MARKUP:
        return safe(begin, limit, length, words)
    else:
        return encoded(begin, limit, length)
