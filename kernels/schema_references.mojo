"""References whose syntax tells that they are fine, as the regex in capability/patterns.py has them."""
from schema_bytes import Bytes, Words, begins, eight
from schema_names import is_among
from schema_values import VISIBLE, every, is_id

comptime SLASH = UInt8(47)


@always_inline
def is_type(names: Words, text: Bytes, begin: Int, end: Int) -> Bool:
    """Whether that part of the text is one of the names."""
    return is_among(names, text.unsafe_offset(begin), end - begin)


@always_inline
def is_reference(text: Bytes, length: Int, names: Words, conditional: Bool) -> Bool:
    """Whether it names a resource by type and id, at another place, or by a URN.

    `names` are the resource types that it may name; `conditional` allows "Type?search".
    """
    if length < 3 or not every[VISIBLE](text, length):
        return False
    if length > 8:
        var word = eight(text, 0)
        if begins["urn:"](word):
            return length > 9 and begins["urn:uuid"](word) and text[unsafe_offset=8] == 58 or begins["urn:oid:"](word)
        if begins["http://"](word):
            return at_other_place(text, 7, length, names)
        if begins["https://"](word):
            return at_other_place(text, 8, length, names)
    var at = 0
    while at < length and text[unsafe_offset=at] != SLASH and text[unsafe_offset=at] != 63:
        at += 1
    if at + 1 >= length or not is_type(names, text, 0, at):
        return False
    if text[unsafe_offset=at] == 63:
        return conditional
    return is_id(text.unsafe_offset(at + 1), length - at - 1)


def at_other_place(text: Bytes, begin: Int, length: Int, names: Words) -> Bool:
    """Of a URL's part after the scheme: whether it ends in Type/id, or in a small name and more."""
    var last = length - 1
    while last > begin and text[unsafe_offset=last] != SLASH:
        last -= 1
    if last <= begin:
        return False
    var start = last
    while start > begin and text[unsafe_offset=start - 1] != SLASH:
        start -= 1
    if start > begin + 1 and is_type(names, text, start, last):
        if is_id(text.unsafe_offset(last + 1), length - last - 1):
            return True
    var sign = text[unsafe_offset=start] if start < last else SLASH
    if last + 1 == length or not (sign >= 97 and sign <= 122 or sign >= 48 and sign <= 57):
        return False
    for at in range(begin, length):  # no empty part of the path
        if text[unsafe_offset=at] == SLASH and (at == begin or text[unsafe_offset=at - 1] == SLASH):
            return False
    return True
