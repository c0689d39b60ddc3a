"""Of what kind a text is: the primitive types of R4, references, texts with a literal in them."""
from std.ffi import external_call

from schema_bytes import Bytes, Words
from schema_long import BASE64_TEXT, MARKUP, is_long
from schema_python import utf8
from schema_references import is_reference
from schema_times import is_date, is_date_time, is_instant, is_time
from schema_values import is_code, is_id, is_oid, is_text, is_uri, is_uuid

comptime MAX_STRING = 1 << 20  # characters

# kinds of text, in the order of schema.py
comptime STRING = 0
comptime URI = 1
comptime CODE = 2
comptime ID = 3
comptime DATE = 4
comptime DATE_TIME = 5
comptime INSTANT = 6
comptime TIME = 7
comptime OID = 8
comptime UUID = 9
comptime BASE64 = 10
comptime XHTML = 11
comptime REFERENCE = 12
comptime LITERAL = 13


@always_inline
def is_text_of(known: Words, node: Words, value: Int64) -> Bool:
    """Whether a value is text of the kind that a node names."""
    var found = utf8(known, value)
    if not found.there():
        return False
    var text = found.bytes()
    var length = found.length
    var kind = node[unsafe_offset=1]
    if kind == STRING:
        return is_text(text, length) and (length <= MAX_STRING or is_short(value))
    if kind == URI:
        return is_uri(text, length)
    if kind == CODE:
        return is_code(text, length)
    if kind == DATE_TIME:
        return is_date_time(text, length)
    if kind == ID:
        return is_id(text, length)
    if kind == REFERENCE:
        var names = Words(unsafe_from_address=Int(node[unsafe_offset=2]))
        return is_reference(text, length, names, node[unsafe_offset=3] != 0)
    return is_rare(node, text, length)


@no_inline
def is_rare(node: Words, text: Bytes, length: Int) -> Bool:
    """As is_text_of(), of the kinds met less often."""
    var kind = node[unsafe_offset=1]
    var words = Words(unsafe_from_address=Int(node[unsafe_offset=2]))
    if kind == DATE:
        return is_date(text, length)
    if kind == INSTANT:
        return is_instant(text, length)
    if kind == TIME:
        return is_time(text, length)
    if kind == OID:
        return is_oid(text, length)
    if kind == UUID:
        return is_uuid(text, length)
    if kind == BASE64:
        return is_long[BASE64_TEXT](text, length, words)
    if kind == XHTML:
        return is_long[MARKUP](text, length, words)
    var size = Int(node[unsafe_offset=3])  # of a literal
    return external_call["memmem", Int64](text, length, words, size) != 0


@no_inline
def is_short(value: Int64) -> Bool:
    """Whether a str has no more characters than a string may have."""
    return external_call["PyUnicode_GetLength", Int64](value) <= MAX_STRING
