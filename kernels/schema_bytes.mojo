"""Bytes of UTF-8, 64 at a step: where a kind of them stands, as bits, and the next few as a word."""
from std.memory import pack_bits

comptime Bytes = MutPointer[UInt8, MutUntrackedOrigin]
comptime Words = MutPointer[UInt64, MutUntrackedOrigin]
comptime Block = SIMD[DType.uint8, 64]
comptime Mask = SIMD[DType.bool, 64]

comptime STEP = 64


@always_inline
def bits(mask: Mask) -> UInt64:
    """The mask as an integer, byte i as bit i."""
    return pack_bits[dtype=DType.uint64, width=1](mask)[0]


@always_inline
def between(
    block: SIMD[DType.uint8, _], first: Int, last: Int
) -> SIMD[DType.bool, block.length]:
    """The bytes from first to last."""
    comptime Many = SIMD[DType.uint8, block.length]
    return (block - Many(UInt8(first))).le(Many(UInt8(last - first)))


@always_inline
def blank(block: Block) -> Mask:
    """Spaces, tabs, new lines, carriage returns."""
    return block.eq(Block(32)) | block.eq(Block(9)) | block.eq(Block(10)) | block.eq(Block(13))


@always_inline
def block_at(text: Bytes, at: Int, limit: Int) -> Block:
    """The 64 bytes at a place; where they would pass `limit`, the last 64 before it."""
    return text.unsafe_load[width=64](min(at, limit - STEP))


@always_inline
def ahead(mask: UInt64, at: Int, limit: Int) -> UInt64:
    """The mask of block_at() from `at` on."""
    return mask >> UInt64(max(0, at + STEP - limit))


@always_inline
def below(count: Int) -> UInt64:
    """As many of the lowest bits, 63 at most."""
    return (UInt64(1) << UInt64(count)) - 1


@always_inline
def eight(text: Bytes, at: Int) -> UInt64:
    """Eight bytes that are known to be there."""
    return text.unsafe_offset(at).unsafe_bitcast[UInt64]().unsafe_load[width=1, alignment=1](0)


@always_inline
def four(text: Bytes, at: Int) -> UInt64:
    """Four bytes that are known to be there."""
    return UInt64(
        text.unsafe_offset(at).unsafe_bitcast[UInt32]().unsafe_load[width=1, alignment=1](0)
    )


@always_inline
def first(word: UInt64, size: Int) -> UInt64:
    """The first bytes of eight, the others 0."""
    return word if size >= 8 else word & below(8 * size)


@always_inline
def begins[LITERAL: StaticString](word: UInt64) -> Bool:
    """Whether eight bytes begin so."""
    comptime size = LITERAL.byte_length()
    var wanted = UInt64(0)
    comptime for i in range(size):
        wanted |= UInt64(LITERAL.as_bytes()[i]) << UInt64(8 * i)
    return first(word, size) == wanted


@always_inline
def is_blank(sign: UInt8) -> Bool:
    """A space, tab, new line or carriage return."""
    return sign == 32 or sign == 10 or sign == 9 or sign == 13
