"""Whether markup is safe basic XHTML: names, attributes, links and styles, in one pass."""
from std.bit import count_trailing_zeros
from std.memory import bitcast, pack_bits, stack_allocation

from schema_bytes import (
    STEP,
    Block,
    Bytes,
    Words,
    ahead,
    begins,
    below,
    between,
    bits,
    blank,
    block_at,
    eight,
    first,
    is_blank,
)

comptime Start = SIMD[DType.uint8, 16]

comptime DEPTH = 64  # elements within one another; deeper ones are for the reader to judge
comptime NONE = -1

# where in the words that schema.py writes: the root's start tag, its length, then the names
comptime ROOT_SIZE = 8
comptime ELEMENTS = 9
comptime ATTRIBUTES = ELEMENTS + 128
comptime STYLE = 0  # attributes in the order of schema.py
comptime LINKS = 6  # the attributes before that, but for style, are links

comptime LT = UInt8(0x3C)
comptime GT = UInt8(0x3E)
comptime SLASH = UInt8(0x2F)
comptime AMP = UInt8(0x26)
comptime HASH = UInt8(0x23)

@always_inline
def name_at(text: Bytes, at: Int, limit: Int, mut head: UInt64, mut tail: UInt64) -> Int:
    """The length of the name at a place, up to 15; its first and second eight bytes, else 0."""
    var letters: Start
    if at + 16 <= limit:
        letters = text.unsafe_load[width=16](at)
    else:
        letters = Start(0)
        for i in range(limit - at):
            letters[i] = text[unsafe_offset=at + i]
    var inside = (
        (letters - Start(97)).lt(Start(26)) | (letters - Start(48)).lt(Start(11))  # digits and ":"
    )
    var size = Int(count_trailing_zeros(~UInt32(pack_bits[dtype=DType.uint16, width=1](inside)[0])))
    var words = bitcast[DType.uint64, 2](letters)
    head = first(words[0], size)
    tail = first(words[1], size - 8) if size > 8 else UInt64(0)
    return size

@always_inline
def index(names: Words, head: UInt64, tail: UInt64) -> Int:
    """Which of 64 names it is, NONE for none of them; unused rows are 0, as is no name at all."""
    if head == 0:
        return NONE
    comptime for part in range(8):
        var found = names.unsafe_load[width=8](8 * part).eq(SIMD[DType.uint64, 8](head))
        found &= names.unsafe_load[width=8](64 + 8 * part).eq(SIMD[DType.uint64, 8](tail))
        var mask = pack_bits[dtype=DType.uint8, width=1](found)[0]
        if mask != 0:
            return 8 * part + Int(count_trailing_zeros(mask))
    return NONE

@always_inline
def after_entity(text: Bytes, at: Int, length: Int) -> Int:
    """Where one of XML's five entities ends that begins at a place, NONE where none does."""
    if at + 9 > length:
        return NONE
    var word = eight(text, at + 1)
    if begins["amp;"](word):
        return at + 5
    if begins["lt;"](word) or begins["gt;"](word):
        return at + 4
    if begins["quot;"](word) or begins["apos;"](word):
        return at + 6
    return NONE

@always_inline
def after_number(text: Bytes, at: Int) -> Int:
    """Where a character by its number ends ("&#160;", up to U+9999), NONE where none does."""
    var number = 0
    for i in range(at + 2, at + 7):
        var digit = Int(text[unsafe_offset=i]) - 48
        if digit == 11:  # a semicolon
            return i + 1 if number >= 32 and number <= 9999 else NONE
        if digit < 0 or digit > 9:
            return NONE
        number = 10 * number + digit
    return NONE

@always_inline
def plain_style(text: Bytes, start: Int, end: Int, limit: Int) -> Bool:
    """Whether a style is made of names, numbers, and nothing that runs."""
    var at = start
    while at < end:
        var block = block_at(text, at, limit)
        var letter = between(block, 97, 122) | between(block, 48, 59)  # digits, ":" and ";"
        var mark = block.eq(Block(32)) | block.eq(Block(35)) | block.eq(Block(37))
        var asked = below(end - at) if end - at < STEP else ~UInt64(0)
        if ahead(bits(letter | mark | between(block, 44, 46)), at, limit) & asked != asked:
            return False
        var heads = ahead(bits(block.eq(Block(98)) | block.eq(Block(106)) | block.eq(Block(45))), at, limit)
        heads &= asked
        while heads != 0:  # b, j and "-"
            var place = at + Int(count_trailing_zeros(heads))
            heads &= heads - 1
            if place + 8 <= end:
                var word = eight(text, place)
                if begins["javascri"](word) or begins["-moz-bin"](word) or begins["behavior"](word):
                    return False
        at += STEP
    return True

@always_inline
def after_value(text: Bytes, at: Int, limit: Int, length: Int, kind: Int) -> Int:
    """Where an attribute's value in double quotes ends that begins at a place; NONE unless safe."""
    var place = at
    var colon = False
    while True:
        if place >= length:
            return NONE
        var block = block_at(text, place, limit)
        var odd = ~(between(block, 32, 126)) | block.eq(Block(34)) | block.eq(Block(AMP))
        var stops = ahead(bits(odd | block.eq(Block(LT)) | block.eq(Block(GT))), place, limit)
        var colons = ahead(bits(block.eq(Block(58))), place, limit)
        if stops == 0:
            colon = colon or colons != 0
            place = min(place + STEP, max(limit, place + 1))
            continue
        var size = Int(count_trailing_zeros(stops))
        colon = colon or (colons & below(size)) != 0
        place += size
        var sign = text[unsafe_offset=place]
        if sign == 34:
            break
        if sign != AMP or kind == STYLE:
            return NONE
        place = after_entity(text, place, length)
        if place == NONE:
            return NONE
    if kind == STYLE:
        return place + 1 if plain_style(text, at, place, limit) else NONE
    if kind < LINKS and colon:
        if at + 8 > place:
            return NONE
        var word = eight(text, at)
        var web = begins["http://"](word) or begins["https://"](word)
        if not (web or begins["mailto:"](word) or begins["tel:"](word)):
            return NONE
    return place + 1

@always_inline
def after_attributes(text: Bytes, at: Int, limit: Int, length: Int, names: Words) -> Int:
    """Where the attributes end that begin at a place: at ">" or "/"; NONE where one isn't safe."""
    var place = at
    var given = UInt64(0)
    while True:
        var sign = text[unsafe_offset=place]
        if sign == GT or sign == SLASH:
            return place
        if not is_blank(sign):
            return NONE
        while is_blank(text[unsafe_offset=place]):
            place += 1
        sign = text[unsafe_offset=place]
        if sign == GT or sign == SLASH:
            continue
        var head = UInt64(0)
        var tail = UInt64(0)
        place += name_at(text, place, limit, head, tail)
        var kind = index(names, head, tail)
        if kind == NONE or (given >> UInt64(kind)) & 1 == 1:
            return NONE
        given |= UInt64(1) << UInt64(kind)
        if text[unsafe_offset=place] != 61 or text[unsafe_offset=place + 1] != 34:  # ="
            return NONE
        place = after_value(text, place + 2, limit, length, kind)
        if place == NONE:
            return NONE

def safe(text: Bytes, limit: Int, length: Int, words: Words) -> Bool:
    """Whether it is a <div> of well-formed, safe XHTML with some content."""
    var heads = stack_allocation[DEPTH, UInt64]()
    var tails = stack_allocation[DEPTH, UInt64]()
    var root = Int(words[unsafe_offset=ROOT_SIZE])
    var wanted = words.unsafe_bitcast[UInt8]().unsafe_load[width=64](0)
    var alike = bits(text.unsafe_load[width=64](0).eq(wanted)) & below(root)
    if length < root or alike != below(root):
        return False
    var elements = words.unsafe_offset(ELEMENTS)
    var attributes = words.unsafe_offset(ATTRIBUTES)
    var head = UInt64(0)
    var tail = UInt64(0)
    _ = name_at(text, 1, limit, head, tail)
    heads[unsafe_offset=0] = head
    tails[unsafe_offset=0] = tail
    var depth = 1
    var content = False
    var at = after_attributes(text, root, limit, length, attributes)
    if at == NONE or text[unsafe_offset=at] != GT:
        return False
    at += 1
    while at < length:
        var sign = text[unsafe_offset=at]
        if sign == AMP:
            content = True
            var end = after_entity(text, at, length)
            if end == NONE and text[unsafe_offset=at + 1] == HASH:
                content = False
                end = after_number(text, at)
            if end == NONE:
                return False
            at = end
        elif sign != LT:
            var block = block_at(text, at, limit)
            var odd = block.lt(Block(32)) & ~blank(block) | block.eq(Block(0xEF)) | block.eq(Block(GT))
            var stops = ahead(bits(odd | block.eq(Block(LT)) | block.eq(Block(AMP))), at, limit)
            var ink = ahead(bits(between(block, 33, 126)), at, limit)
            var size = Int(count_trailing_zeros(stops)) if stops != 0 else min(STEP, length - at)
            if stops != 0:
                ink &= below(size)
                if size == 0:
                    return False
            content = content or ink != 0
            at += size
        elif text[unsafe_offset=at + 1] == SLASH:
            var size = name_at(text, at + 2, limit, head, tail)
            depth -= 1
            if heads[unsafe_offset=depth] != head or tails[unsafe_offset=depth] != tail:
                return False
            if text[unsafe_offset=at + 2 + size] != GT:
                return False
            at += size + 3
            if depth == 0:
                return content and at == length
        else:
            var size = name_at(text, at + 1, limit, head, tail)
            if index(elements, head, tail) == NONE or depth == DEPTH:
                return False
            at = after_attributes(text, at + 1 + size, limit, length, attributes)
            if at == NONE:
                return False
            if text[unsafe_offset=at] == SLASH:
                if text[unsafe_offset=at + 1] != GT:
                    return False
                at += 2
            else:
                heads[unsafe_offset=depth] = head
                tails[unsafe_offset=depth] = tail
                depth += 1
                at += 1
    return False
