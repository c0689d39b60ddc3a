"""What a text certainly is: safe basic XHTML, base64, plain text. A yes is true, a no may be wrong.

So short a job that ctypes would cost more than it: these are functions in CPython's own calling
convention (METH_FASTCALL), made callable by fastcall.py. They read the UTF-8 of a str, which ends
with a NUL, 64 bytes at a step; a text shorter than that is copied first. No heap.
"""
from std.bit import pop_count
from std.ffi import external_call
from std.memory import stack_allocation

from lexical_bytes import STEP, Block, Bytes, ahead, below, between, bits, blank, block_at, is_blank
from lexical_xhtml import Words, safe

comptime Fields = MutPointer[Int64, MutUntrackedOrigin]

comptime DATA = 2  # field of a NumPy array, in words of 8 bytes


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


def plain(text: Bytes, limit: Int, length: Int) -> Bool:
    """Whether it has a visible ASCII character, and no control characters but blanks."""
    var ink = False
    var at = 0
    while at < length:
        var block = block_at(text, at, limit)
        var rest = length - at
        var asked = below(rest) if rest < STEP else ~UInt64(0)
        if ahead(bits(block.lt(Block(32)) & ~blank(block)), at, limit) & asked != 0:
            return False
        ink = ink or ahead(bits(between(block, 33, 126)), at, limit) & asked != 0
        at += STEP
    return ink


@always_inline
def answer[WHAT: Int](known: Fields, arguments: Fields, count: Int64) -> Int64:
    """Reads the one argument, a str, and asks one of the three questions of it; a Python bool."""
    var room = stack_allocation[1, Int64]()
    var found = external_call["PyUnicode_AsUTF8AndSize", Int64](arguments[unsafe_offset=0], room)
    var holds = False
    if found == 0:  # no str, or one with half a surrogate pair
        external_call["PyErr_Clear", NoneType]()
    else:
        var text = Bytes(unsafe_from_address=Int(found))
        var length = Int(room[unsafe_offset=0])
        var limit = length
        var short = stack_allocation[2 * STEP, UInt8]()
        if length < STEP:
            short.unsafe_store(0, Block(0))
            short.unsafe_store(STEP, Block(0))
            for i in range(length):
                short[unsafe_offset=i] = text[unsafe_offset=i]
            text = Bytes(unsafe_from_address=Int(short))
            limit = 2 * STEP
        comptime if WHAT == 0:
            var words = Words(unsafe_from_address=Int(known[unsafe_offset=DATA]))
            holds = safe(text, limit, length, words)
        elif WHAT == 1:
            holds = encoded(text, limit, length)
        else:
            holds = plain(text, limit, length)
    return external_call["PyBool_FromLong", Int64](Int64(1) if holds else Int64(0))


@export
def xhtml(known: Fields, arguments: Fields, count: Int64) abi("C") -> Int64:
    """`xhtml(text)`: whether it certainly is safe XHTML; `known` are the words of lexical.py."""
    return answer[0](known, arguments, count)


@export
def base64(known: Fields, arguments: Fields, count: Int64) abi("C") -> Int64:
    """`base64(text)`: whether it certainly is base64."""
    return answer[1](known, arguments, count)


@export
def text(known: Fields, arguments: Fields, count: Int64) abi("C") -> Int64:
    """`text(text)`: whether it certainly is text without control characters, and not blank."""
    return answer[2](known, arguments, count)
