"""Codes found by one probe, and whether one stands above another by a second.

A block of words of 8 bytes, which codes.py makes: a header, then entries of four words, which end
with an empty one, then lists of words of 4 bytes. An entry stands at the slot of its key or soon
after it, what stands between being of other keys; two share a cache line. Functions in CPython's
own calling convention, which hold the GIL and get the block as `self`. Nothing is allocated but the
int that is given. Who changes the key or the slot here changes them in codes.py.
"""
from std.ffi import external_call
from std.memory import stack_allocation
from std.sys.intrinsics import PrefetchOptions, prefetch

comptime Words = MutPointer[UInt64, MutUntrackedOrigin]
comptime Halves = MutPointer[UInt32, MutUntrackedOrigin]
comptime Bytes = MutPointer[UInt8, MutUntrackedOrigin]

comptime DATA = 2  # field of a NumPy array, in words of 8 bytes
comptime SLOTS = 0  # fields of the header
comptime LISTS = 1
comptime HEADER = 8
comptime ENTRY = 4  # words: the key's two, number and first, last and list

comptime SHORT = 15  # bytes of a code that is its own key
comptime LONG = UInt64(255) << 56  # of keys that don't tell the code
comptime K1 = UInt64(0x9E3779B97F4A7C15)
comptime K2 = UInt64(0xD6E8FEB86659FD93)
comptime NONE = 0  # no entry stands at this address


@fieldwise_init
struct Code(Copyable, Movable, TrivialRegisterPassable):
    """A code that is looked for: its bytes, its key, the address from which on it may stand."""

    var text: Bytes
    var length: Int
    var low: UInt64
    var high: UInt64
    var entry: Int


@always_inline
def words(address: Int) -> Words:
    """What stands at an address."""
    return Words(unsafe_from_address=address)


@always_inline
def eight(text: Bytes, at: Int, length: Int) -> UInt64:
    """The next eight bytes of a text, zeros behind its end."""
    if at + 8 <= length:
        return text.unsafe_offset(at).unsafe_bitcast[UInt64]().unsafe_load[width=1, alignment=1](0)
    var word = UInt64(0)
    for place in range(at, length):
        word |= UInt64(text[unsafe_offset=place]) << UInt64(8 * (place - at))
    return word


@always_inline
def read(block: Words, value: Int64) -> Code:
    """A code from Python; of what isn't a text in UTF-8 the entry is NONE."""
    var room = stack_allocation[1, Int64]()
    var found = external_call["PyUnicode_AsUTF8AndSize", Int64](value, room)
    var text = Bytes(unsafe_from_address=Int(found))
    if found == 0:
        external_call["PyErr_Clear", NoneType]()
        return Code(text, 0, 0, 0, NONE)
    var length = Int(room[unsafe_offset=0])
    var low = eight(text, 0, length)
    var high = eight(text, 8, length) | UInt64(length + 1) << 56
    if length > SHORT:
        low = UInt64(length)
        high = LONG
        for at in range(0, length, 8):
            low = (low ^ eight(text, at, length)) * K2
            low ^= low >> 32
    var mixed = (low ^ high * K1) * K2
    mixed = (mixed ^ mixed >> 32) * K1
    var slot = Int((mixed >> 32) * block[unsafe_offset=SLOTS] >> 32)
    var entry = Int(block.unsafe_offset(HEADER + ENTRY * slot))
    return Code(text, length, low, high, entry)


@always_inline
def list_at(block: Words, place: UInt64) -> Halves:
    """A list: how many there are, then they."""
    var lists = block.unsafe_offset(Int(block[unsafe_offset=LISTS])).unsafe_bitcast[UInt32]()
    return lists.unsafe_offset(Int(place))


@no_inline
def is_spelled(block: Words, place: UInt64, code: Code) -> Bool:
    """Whether a long code is the one whose length and bytes are a list."""
    var list = list_at(block, place)
    if Int(list[unsafe_offset=0]) != code.length:
        return False
    var own = list.unsafe_offset(1).unsafe_bitcast[UInt8]()
    for at in range(code.length):
        if own[unsafe_offset=at] != code.text[unsafe_offset=at]:
            return False
    return True


@always_inline
def find(block: Words, code: Code) -> Int:
    """The address of a code's entry, or NONE."""
    if code.entry == NONE:
        return NONE
    var entry = words(code.entry)
    while entry[unsafe_offset=1] != 0:
        if entry[unsafe_offset=0] == code.low:
            var high = entry[unsafe_offset=1]
            if high == code.high and code.length <= SHORT:
                return Int(entry)
            if high & LONG == LONG and code.high == LONG and is_spelled(block, high & ~LONG, code):
                return Int(entry)
        entry = entry.unsafe_offset(ENTRY)
    return NONE


@always_inline
def half(entry: Words, place: Int) -> UInt32:
    """A field of 4 bytes after an entry's key."""
    return entry.unsafe_bitcast[UInt32]()[unsafe_offset=4 + place]


@no_inline
def is_listed(block: Words, place: UInt64, number: UInt32) -> Bool:
    """Whether a list, which ascends, has a number."""
    var list = list_at(block, place)
    var low = 1
    var high = Int(list[unsafe_offset=0]) + 1
    while low < high:
        var middle = (low + high) // 2
        if list[unsafe_offset=middle] < number:
            low = middle + 1
        else:
            high = middle
    return low <= Int(list[unsafe_offset=0]) and list[unsafe_offset=low] == number


@export
def number(known: Words, arguments: Words, count: Int64) abi("C") -> Int64:
    """`number(code)`: the number of a code, -1 where there is no such code."""
    var found = Int64(-1)
    if count == 1:
        var block = words(Int(known[unsafe_offset=DATA]))
        var entry = find(block, read(block, Int64(arguments[unsafe_offset=0])))
        if entry != NONE:
            found = Int64(half(words(entry), 0))
    return external_call["PyLong_FromLong", Int64](found)


@export
def subsumes(known: Words, arguments: Words, count: Int64) abi("C") -> Int64:
    """`subsumes(a, b)`: 1 where a is b or stands above it, else 0; -1 where either is no code."""
    var found = Int64(-1)
    if count == 2:
        var block = words(Int(known[unsafe_offset=DATA]))
        var a = read(block, Int64(arguments[unsafe_offset=0]))
        prefetch[PrefetchOptions().for_read()](words(a.entry))
        var b = read(block, Int64(arguments[unsafe_offset=1]))
        prefetch[PrefetchOptions().for_read()](words(b.entry))
        var high = find(block, a)
        var low = find(block, b)
        if high != NONE and low != NONE:
            var above = words(high)
            var below = words(low)
            var place = half(below, 1)
            var within = half(above, 1) <= place and place < half(above, 2)
            if not within and half(below, 3) != 0:
                within = is_listed(block, UInt64(half(below, 3)), half(above, 0))
            found = Int64(within)
    return external_call["PyLong_FromLong", Int64](found)
