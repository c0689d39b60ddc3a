"""Names in open tables: property names, codes, resource types. schema.py writes the tables.

A table is entries of five words: tag (the hash, with the length in its lowest byte; 0 for none), address
of the bytes, two for who asks, and the address of the entry that was met after it when last it was
met. The first entry is none: its tag says by how many bits a hash is shifted, what comes after it was
met first. So the names of objects that are alike are found in their order, without their hashes.
"""
from schema_bytes import Bytes, Words, eight, four

comptime K1 = UInt64(0x9E3779B97F4A7C15)
comptime K2 = UInt64(0xD6E8FEB86659FD93)
comptime ENTRY = 5
comptime NEXT = 4
comptime LONGEST = 255


@always_inline
def ends_of(text: Bytes, length: Int, mut head: UInt64, mut tail: UInt64):
    """The first and the last eight bytes of a name (four, or all of up to three, of short ones).

    Together with the length they tell all of up to 16 bytes.
    """
    if length >= 8:
        head = eight(text, 0)
        tail = eight(text, length - 8)
    elif length >= 4:
        head = four(text, 0)
        tail = four(text, length - 4)
    else:
        head = UInt64(text[unsafe_offset=0])
        head |= UInt64(text[unsafe_offset=length >> 1]) << 8
        tail = UInt64(text[unsafe_offset=length - 1])


@always_inline
def is_of(entry: Words, text: Bytes, length: Int) -> Bool:
    """Whether an entry is that of a name."""
    if Int(entry[unsafe_offset=0] & 255) != length or length == 0:
        return False
    var known = Bytes(unsafe_from_address=Int(entry[unsafe_offset=1]))
    var head = UInt64(0)
    var tail = UInt64(0)
    var begin = UInt64(0)
    var end = UInt64(0)
    ends_of(text, length, head, tail)
    ends_of(known, length, begin, end)
    if begin != head or end != tail:
        return False
    for at in range(8, length - 8, 8):
        if eight(text, at) != eight(known, at):
            return False
    return True


@always_inline
def find_after(before: Words, table: Words, text: Bytes, length: Int) -> Words:
    """As find(), of the name that is met after another one; learns which it is."""
    var entry = Words(unsafe_from_address=Int(before[unsafe_offset=NEXT]))
    if is_of(entry, text, length):
        return entry
    entry = find(table, text, length)
    before[unsafe_offset=NEXT] = UInt64(Int(entry))
    return entry


@no_inline
def find(table: Words, text: Bytes, length: Int) -> Words:
    """The entry of a name; its tag is 0 where there is none."""
    var shift = table[unsafe_offset=0]
    var last = ~UInt64(0) >> shift
    if length == 0 or length > LONGEST:
        return table.unsafe_offset(ENTRY * Int(last + 2))  # the table ends with such a one
    var head = UInt64(0)
    var tail = UInt64(0)
    ends_of(text, length, head, tail)
    var hash = head * K1 ^ tail * K2
    hash = (hash ^ (hash >> 29)) * K1
    var tag = (hash & ~UInt64(255)) | UInt64(length)
    var place = hash >> shift
    while True:
        var entry = table.unsafe_offset(ENTRY * Int(place + 1))
        var there = entry[unsafe_offset=0]
        if there == 0:
            return entry
        if there == tag and is_of(entry, text, length):
            return entry
        place = (place + 1) & last


@always_inline
def is_among(table: Words, text: Bytes, length: Int) -> Bool:
    """Whether a name is in the table."""
    return find(table, text, length)[unsafe_offset=0] != 0
