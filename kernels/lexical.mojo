"""What a text certainly is: safe basic XHTML, base64, plain text. A yes is true, a no may be wrong.

So short a job that ctypes would cost more than it: these are functions in CPython's own calling
convention (METH_FASTCALL), made callable by fastcall.py. They read the UTF-8 of a str, which ends
with a NUL, 64 bytes at a step; a text shorter than that is copied first. No heap.
"""
from std.bit import count_trailing_zeros, pop_count
from std.ffi import external_call
from std.memory import bitcast, pack_bits, stack_allocation

comptime Bytes = MutPointer[UInt8, MutUntrackedOrigin]
comptime Fields = MutPointer[Int64, MutUntrackedOrigin]
comptime Words = MutPointer[UInt64, MutUntrackedOrigin]
comptime Block = SIMD[DType.uint8, 64]
comptime Mask = SIMD[DType.bool, 64]
comptime Start = SIMD[DType.uint8, 16]

comptime DATA = 2  # field of a NumPy array, in words of 8 bytes
comptime STEP = 64
comptime DEPTH = 64  # elements within one another; deeper ones are for the reader to judge
comptime NONE = -1

# where in the words that lexical.py writes: the root's start tag, its length, then the names
comptime ROOT_SIZE = 8
comptime ELEMENTS = 9
comptime ATTRIBUTES = ELEMENTS + 128
comptime STYLE = 0  # attributes in the order of lexical.py
comptime LINKS = 6  # the attributes before that, but for style, are links

comptime LT = UInt8(0x3C)
comptime GT = UInt8(0x3E)
comptime SLASH = UInt8(0x2F)
comptime AMP = UInt8(0x26)
comptime HASH = UInt8(0x23)


@always_inline
def bits(mask: Mask) -> UInt64:
    """The mask as an integer, byte i as bit i."""
    return pack_bits[dtype=DType.uint64, width=1](mask)[0]


@always_inline
def between(block: Block, first: Int, last: Int) -> Mask:
    """The bytes from first to last."""
    return (block - Block(UInt8(first))).le(Block(UInt8(last - first)))


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
def is_blank(sign: UInt8) -> Bool:
    """A space, tab, new line or carriage return."""
    return sign == 32 or sign == 10 or sign == 9 or sign == 13


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
