"""Whether a text is a value of one of R4's primitive types, as capability/patterns.py has them."""
from schema_bytes import Bytes, begins, between, eight, is_blank

# kinds of bytes
comptime UNBROKEN = 0  # no blanks, no control characters, ASCII
comptime VISIBLE = 1  # as that, without DEL
comptime NAMING = 2  # of ids: letters, digits, "-", "."
comptime PRINTED = 3  # no control characters but tab, new line and carriage return


@always_inline
def fits[KIND: Int](block: SIMD[DType.uint8, _]) -> SIMD[DType.bool, block.length]:
    """Which bytes are of a kind."""
    comptime if KIND == UNBROKEN:
        return between(block, 33, 127)
    elif KIND == VISIBLE:
        return between(block, 33, 126)
    elif KIND == NAMING:
        var letters = between(block | SIMD[DType.uint8, block.length](32), 97, 122)
        return letters | between(block, 48, 57) | between(block, 45, 46)
    else:
        return ~between(block, 0, 31) | between(block, 9, 10) | between(block, 13, 13)


@always_inline
def every[KIND: Int](text: Bytes, length: Int) -> Bool:
    """Whether all bytes are of a kind; the last step looks again at some that it has seen."""
    if length >= 16:
        for at in range(0, length - 16, 16):
            if not fits[KIND](text.unsafe_load[width=16](at)).reduce_and():
                return False
        return fits[KIND](text.unsafe_load[width=16](length - 16)).reduce_and()
    if length >= 8:
        var both = text.unsafe_load[width=8](0).join(text.unsafe_load[width=8](length - 8))
        return fits[KIND](both).reduce_and()
    if length >= 4:
        var both = text.unsafe_load[width=4](0).join(text.unsafe_load[width=4](length - 4))
        return fits[KIND](both).reduce_and()
    for at in range(length):
        if not fits[KIND](text.unsafe_load[width=1](at)).reduce_and():
            return False
    return True


def space_at(text: Bytes, at: Int, length: Int) -> Bool:
    """Whether a character beyond ASCII is white space (Unicode, property White_Space)."""
    var sign = text[unsafe_offset=at]
    if sign != 0xC2 and (sign < 0xE1 or sign > 0xE3):
        return False
    var second = text[unsafe_offset=at + 1]  # UTF-8 is whole, and such a sign has others after it
    if sign == 0xC2:
        return second == 0x85 or second == 0xA0
    var third = text[unsafe_offset=at + 2]
    if sign == 0xE1:
        return second == 0x9A and third == 0x80
    if sign == 0xE3:
        return second == 0x80 and third == 0x80
    if second == 0x81:
        return third == 0x9F
    return second == 0x80 and (third <= 0x8A or third == 0xA8 or third == 0xA9 or third == 0xAF)


@always_inline
def is_text(text: Bytes, length: Int) -> Bool:
    """No control characters but blanks, and something else than blanks before other spaces."""
    var at = 0
    while at < length and is_blank(text[unsafe_offset=at]):
        at += 1
    if at == length or text[unsafe_offset=at] >= 128 and space_at(text, at, length):
        return False
    return every[PRINTED](text, length)


@always_inline
def is_uri(text: Bytes, length: Int) -> Bool:
    """No white space and no control characters."""
    return length > 0 and (every[UNBROKEN](text, length) or unbroken(text, length))


def unbroken(text: Bytes, length: Int) -> Bool:
    """As is_uri(), of text beyond ASCII too."""
    for at in range(length):
        var sign = text[unsafe_offset=at]
        if sign <= 32 or sign >= 128 and space_at(text, at, length):
            return False
    return True


@always_inline
def is_code(text: Bytes, length: Int) -> Bool:
    """Visible ASCII with single spaces between."""
    return length > 0 and (every[VISIBLE](text, length) or single_spaced(text, length))


def single_spaced(text: Bytes, length: Int) -> Bool:
    """As is_code(), with spaces."""
    var space = True
    for at in range(length):
        var sign = text[unsafe_offset=at]
        if sign > 126 or sign < 32 or sign == 32 and space:
            return False
        space = sign == 32
    return not space


@always_inline
def is_id(text: Bytes, length: Int) -> Bool:
    """One to 64 letters, digits, "-" and "."."""
    return length > 0 and length <= 64 and every[NAMING](text, length)


def is_oid(text: Bytes, length: Int) -> Bool:
    """The form urn:oid:1.2.3."""
    if length < 11 or not begins["urn:oid:"](eight(text, 0)):
        return False
    if text[unsafe_offset=8] < 48 or text[unsafe_offset=8] > 50:
        return False
    var digits = 1
    var zero = False
    for at in range(9, length):
        var sign = text[unsafe_offset=at]
        if sign == 46:
            if digits == 0:
                return False
            digits = 0
        elif sign < 48 or sign > 57 or at == 9 or digits == 1 and zero:
            return False
        else:
            zero = sign == 48
            digits += 1
    return digits > 0


def is_uuid(text: Bytes, length: Int) -> Bool:
    """The form urn:uuid:, and 36 hyphens and hexadecimal digits."""
    if length != 45 or not begins["urn:uuid"](eight(text, 0)) or text[unsafe_offset=8] != 58:
        return False
    for at in range(9, 45):
        var sign = text[unsafe_offset=at]
        if at == 17 or at == 22 or at == 27 or at == 32:
            if sign != 45:
                return False
        elif not (sign >= 48 and sign <= 57 or sign >= 97 and sign <= 102):
            return False
    return True
