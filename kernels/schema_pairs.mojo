"""What two properties of a dict have to do with one another, where their texts tell it at once."""
from schema_bytes import Words
from schema_names import is_among
from schema_python import Text, utf8, within

comptime TO_SECONDS = 19  # characters of YYYY-MM-DDThh:mm:ss
comptime SLASH = UInt8(47)


@always_inline
def text_within(known: Words, owner: Int64, key: UInt64) -> Text:
    """The text of a dict's property."""
    var found = within(owner, key)
    return utf8(known, found) if found != 0 else Text(0, 0)


@always_inline
def is_ordered(known: Words, node: Words, owner: Int64) -> Bool:
    """Whether of two times that are of one zone, or days, the texts are in their order."""
    var first = text_within(known, owner, node[unsafe_offset=1])
    var second = text_within(known, owner, node[unsafe_offset=2])
    if not first.there() or not second.there() or first.length != second.length:
        return False
    var text = first.bytes()
    var later = second.bytes()
    for i in range(TO_SECONDS, first.length):
        if text[unsafe_offset=i] != later[unsafe_offset=i]:
            return False
    for i in range(min(TO_SECONDS, first.length)):
        if text[unsafe_offset=i] != later[unsafe_offset=i]:
            return text[unsafe_offset=i] < later[unsafe_offset=i]
    return True


@always_inline
def agrees(known: Words, node: Words, owner: Int64) -> Bool:
    """Whether a reference is relative, to a resource of the type that is told beside it."""
    var named = text_within(known, owner, node[unsafe_offset=1])
    var reference = text_within(known, owner, node[unsafe_offset=2])
    if not named.there() or not reference.there() or reference.length <= named.length:
        return False
    var kind = named.bytes()
    var text = reference.bytes()
    for i in range(named.length):
        if kind[unsafe_offset=i] != text[unsafe_offset=i]:
            return False
    var names = Words(unsafe_from_address=Int(node[unsafe_offset=3]))
    return text[unsafe_offset=named.length] == SLASH and is_among(names, kind, named.length)
