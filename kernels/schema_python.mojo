"""Python's objects as the kernel sees them: their types, texts, numbers, and functions to ask."""
from std.ffi import external_call
from std.memory import stack_allocation

from schema_bytes import Bytes, Words

comptime Fields = MutPointer[Int64, MutUntrackedOrigin]

# what schema.py tells of this Python: addresses of types and of True, then where a str has its bytes
comptime DICT = 0
comptime LIST = 1
comptime STR = 2
comptime INT = 3
comptime FLOAT = 4
comptime TRUE = 7
comptime HEADER = 8  # bytes before the text of an ASCII str, 0 where they aren't known
comptime ROOT = 9

comptime TYPE = 1  # fields of objects, in words of 8 bytes
comptime LENGTH = 2
comptime STATE = 4
comptime COMPACT_ASCII = Int64(0x60)


@always_inline
def fields(value: Int64) -> Fields:
    """The words that an object is made of."""
    return Fields(unsafe_from_address=Int(value))


@always_inline
def is_a(known: Words, kind: Int, value: Int64) -> Bool:
    """Whether a value is of a type itself, not of a subclass."""
    return UInt64(fields(value)[unsafe_offset=TYPE]) == known[unsafe_offset=kind]


@fieldwise_init
struct Text(Copyable, Movable, TrivialRegisterPassable):
    """The UTF-8 of a str, borrowed; at 0 where the value is none, or has half a surrogate pair."""

    var address: Int
    var length: Int

    @always_inline
    def there(self) -> Bool:
        """Whether there is some."""
        return self.address != 0

    @always_inline
    def bytes(self) -> Bytes:
        """Where it is, if there is some."""
        return Bytes(unsafe_from_address=self.address)


@always_inline
def utf8(known: Words, value: Int64) -> Text:
    """The text of a str."""
    if not is_a(known, STR, value):
        return Text(0, 0)
    var header = Int(known[unsafe_offset=HEADER])
    if header != 0 and fields(value)[unsafe_offset=STATE] & COMPACT_ASCII == COMPACT_ASCII:
        return Text(Int(value) + header, Int(fields(value)[unsafe_offset=LENGTH]))
    return encoded_by_python(value)


@no_inline
def encoded_by_python(value: Int64) -> Text:
    """As utf8(), of any str."""
    var room = stack_allocation[1, Int64]()
    var found = external_call["PyUnicode_AsUTF8AndSize", Int64](value, room)
    if found == 0:
        external_call["PyErr_Clear", NoneType]()
        return Text(0, 0)
    return Text(Int(found), Int(room[unsafe_offset=0]))


@no_inline
def yes(known: Words, asked: UInt64, value: Int64) -> Bool:
    """Whether a function of Python says True of a value; what it raises is a no."""
    external_call["Py_IncRef", NoneType](value)
    var answer = external_call["PyObject_CallOneArg", Int64](Int64(asked), value)
    external_call["Py_DecRef", NoneType](value)
    if answer == 0:
        external_call["PyErr_Clear", NoneType]()
        return False
    var said = UInt64(answer) == known[unsafe_offset=TRUE]
    external_call["Py_DecRef", NoneType](answer)
    return said


@no_inline
def within(owner: Int64, key: UInt64) -> Int64:
    """A dict's value, borrowed; 0 where there is none."""
    var found = external_call["PyDict_GetItemWithError", Int64](owner, Int64(key))
    if found == 0:
        external_call["PyErr_Clear", NoneType]()
    return found


@no_inline
def is_whole(known: Words, value: Int64, least: Int64, most: Int64) -> Bool:
    """Whether it is an int from `least` to `most`."""
    if not is_a(known, INT, value):
        return False
    var overflow = stack_allocation[1, Int64]()
    var number = external_call["PyLong_AsLongLongAndOverflow", Int64](value, overflow)
    return overflow[unsafe_offset=0] & 0xFFFFFFFF == 0 and number >= least and number <= most


@always_inline
def is_number(known: Words, value: Int64) -> Bool:
    """Whether it is an int, or a float that JSON can have."""
    if is_a(known, INT, value):
        return True
    if not is_a(known, FLOAT, value):
        return False
    var number = external_call["PyFloat_AsDouble", Float64](value)
    return number - number == 0


@no_inline
def is_between(known: Words, value: Int64, least: Float64, most: Float64, above: Bool) -> Bool:
    """Whether a number is from `least` (`above`: not that itself) to `most`; of others, yes."""
    var number: Float64
    if is_a(known, INT, value):
        number = external_call["PyLong_AsDouble", Float64](value)
        if number == -1 and external_call["PyErr_Occurred", Int64]() != 0:
            external_call["PyErr_Clear", NoneType]()
            return False
    elif is_a(known, FLOAT, value):
        number = external_call["PyFloat_AsDouble", Float64](value)
    else:
        return True
    return number >= least and number <= most and not (above and number == least)
