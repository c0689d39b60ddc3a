"""Whether a Python value is as a schema says: the schema as nodes, the value walked as it lies there.

A node is words of 8 bytes: an operation (schema.py tells what each needs), then numbers and the
addresses of nodes, tables and Python objects. A yes is true; a no may be wrong where a value is of a
subclass, nested very deep, or not to be had as UTF-8. A function in CPython's own calling convention,
which holds the GIL. Nothing is allocated. What is read is borrowed, but for the values that the walk
is within or comes back to: a function that is asked may let other threads run.
"""
from std.bit import pop_count
from std.ffi import external_call
from std.memory import bitcast, stack_allocation

from schema_bytes import Words
from schema_names import find_after, is_among
from schema_operations import Operation
from schema_pairs import agrees, is_ordered
from schema_python import (
    DICT,
    LIST,
    ROOT,
    STR,
    Fields,
    is_a,
    is_between,
    is_number,
    is_whole,
    utf8,
    within,
    yes,
)
from schema_texts import is_text_of

comptime DEEPEST = 200  # dicts and lists within one another


@fieldwise_init
struct Given(Copyable, Movable, TrivialRegisterPassable):
    """The properties of a dict that nodes ask for, as bits, and those met twice or more."""

    var once: UInt64
    var twice: UInt64


comptime NOTHING = Given(0, 0)


@always_inline
def at(address: UInt64) -> Words:
    """The node or table at an address."""
    return Words(unsafe_from_address=Int(address))


def holds(known: Words, node: Words, value: Int64, given: Given, depth: Int) -> Bool:
    """Whether a value is as a node says; `given` is of the dict itself, if its own node asks."""
    var operation = node[unsafe_offset=0]
    if operation == Operation.TEXT:
        return is_text_of(known, node, value)
    if operation == Operation.OBJECT:
        return is_object(known, node, value, depth)
    if operation == Operation.ARRAY:
        return is_a(known, LIST, value) and every_item(known, node, value, depth)
    if operation == Operation.AMONG:
        var text = utf8(known, value)
        return text.there() and is_among(at(node[unsafe_offset=1]), text.bytes(), text.length)
    if operation == Operation.COUNT:
        return in_bounds(Int(pop_count(given.once & node[unsafe_offset=1])), node, 2)
    if operation == Operation.NEEDS:
        return needs(known, node, value, given, depth)
    if operation == Operation.ALL or operation == Operation.ANY or operation == Operation.ONE:
        if given.once != 0:  # a dict that its own node holds
            return several(known, node, value, given, depth)
        external_call["Py_IncRef", NoneType](value)
        var said = several(known, node, value, given, depth)
        external_call["Py_DecRef", NoneType](value)
        return said
    if operation == Operation.NOT:
        return not holds(known, at(node[unsafe_offset=1]), value, given, depth)
    if operation == Operation.KIND:
        return is_a(known, Int(node[unsafe_offset=1]), value)
    if operation == Operation.WHOLE:
        return is_whole(known, value, Int64(node[unsafe_offset=1]), Int64(node[unsafe_offset=2]))
    if operation == Operation.NUMBER:
        return is_number(known, value)
    if operation == Operation.ASK:
        return yes(known, node[unsafe_offset=1], value)
    if operation == Operation.MATCH:
        return not is_a(known, STR, value) or is_text_of(known, node, value)
    if operation == Operation.EACH:
        return not is_a(known, LIST, value) or every_item(known, node, value, depth)
    if operation == Operation.ANYTHING:
        return True
    if operation == Operation.RANGE:
        var least = bitcast[DType.float64](node[unsafe_offset=1])
        var most = bitcast[DType.float64](node[unsafe_offset=2])
        return is_between(known, value, least, most, node[unsafe_offset=3] != 0)
    return operation != Operation.NEVER and is_dict_with(known, node, value, given, depth)


@no_inline
def several(known: Words, node: Words, value: Int64, given: Given, depth: Int) -> Bool:
    """Whether all, any or one of a node's nodes hold."""
    var operation = node[unsafe_offset=0]
    var count = 0
    for i in range(Int(node[unsafe_offset=1])):
        if holds(known, at(node[unsafe_offset=2 + i]), value, given, depth):
            count += 1
            if operation == Operation.ANY:
                return True
        elif operation == Operation.ALL:
            return False
    return operation == Operation.ALL or count == 1 and operation == Operation.ONE


@always_inline
def in_bounds(count: Int, node: Words, place: Int) -> Bool:
    """Whether a count is from one word of a node to the next."""
    return count >= Int(node[unsafe_offset=place]) and count <= Int(node[unsafe_offset=place + 1])


@no_inline
def is_object(known: Words, node: Words, value: Int64, depth: Int) -> Bool:
    """Whether it is a dict of known properties, each as its own node says, and all together."""
    if depth == 0 or not is_a(known, DICT, value):
        return False
    external_call["Py_IncRef", NoneType](value)
    var given = NOTHING
    var said = every_property(known, node, value, given, depth - 1)
    if said and node[unsafe_offset=5] != 0:
        said = holds(known, at(node[unsafe_offset=5]), value, given, depth)
    external_call["Py_DecRef", NoneType](value)
    return said


@always_inline
def every_property(
    known: Words, node: Words, value: Int64, mut given: Given, depth: Int
) -> Bool:
    """Whether a dict's properties are known and right, and as many and those as there have to be."""
    var names = at(node[unsafe_offset=1])
    var place = stack_allocation[3, Int64]()  # where in the dict, key, item
    place[unsafe_offset=0] = 0
    var entry = names
    var size = 0
    while external_call["PyDict_Next", Int32](value, place, place.unsafe_offset(1), place.unsafe_offset(2)) != 0:
        var key = utf8(known, place[unsafe_offset=1])
        if not key.there():
            return False
        entry = find_after(entry, names, key.bytes(), key.length)
        if entry[unsafe_offset=0] == 0:
            return False
        var bits = entry[unsafe_offset=3]
        given.twice |= given.once & bits
        given.once |= bits
        size += 1
        if not holds(known, at(entry[unsafe_offset=2]), place[unsafe_offset=2], NOTHING, depth):
            return False
    var wanted = node[unsafe_offset=2]
    return given.once & wanted == wanted and in_bounds(size, node, 3)


@no_inline
def every_item(known: Words, node: Words, value: Int64, depth: Int) -> Bool:
    """Whether a list has as many items as it should, each as a node says."""
    var size = external_call["PyList_Size", Int64](value)
    if depth == 0 or not in_bounds(Int(size), node, 2):
        return False
    external_call["Py_IncRef", NoneType](value)
    var said = True
    var place = Int64(0)
    while said and place < external_call["PyList_Size", Int64](value):
        var item = external_call["PyList_GetItem", Int64](value, place)
        said = holds(known, at(node[unsafe_offset=1]), item, NOTHING, depth - 1)
        place += 1
    external_call["Py_DecRef", NoneType](value)
    return said


@always_inline
def needs(known: Words, node: Words, value: Int64, given: Given, depth: Int) -> Bool:
    """Whether of each property that is there what it needs holds too."""
    if given.once & node[unsafe_offset=1] == 0:
        return True
    for i in range(Int(node[unsafe_offset=2])):
        if given.once & node[unsafe_offset=3 + 2 * i] != 0:
            if not holds(known, at(node[unsafe_offset=4 + 2 * i]), value, given, depth):
                return False
    return True


@no_inline
def is_dict_with(known: Words, node: Words, value: Int64, given: Given, depth: Int) -> Bool:
    """What is asked of a dict's size and of its properties by name; of other values, a yes."""
    if not is_a(known, DICT, value):
        return True
    var operation = node[unsafe_offset=0]
    if operation == Operation.SIZE:
        return in_bounds(Int(external_call["PyDict_Size", Int64](value)), node, 1)
    if operation == Operation.KEYS:
        var count = 0
        for i in range(Int(node[unsafe_offset=3])):
            count += 1 if within(value, node[unsafe_offset=4 + i]) != 0 else 0
        return in_bounds(count, node, 1)
    if operation == Operation.WITHIN:
        var item = within(value, node[unsafe_offset=1])
        return item == 0 or holds(known, at(node[unsafe_offset=2]), item, NOTHING, depth)
    if operation == Operation.ONCE:
        return given.twice & node[unsafe_offset=1] == 0
    if operation == Operation.ORDERED:
        return is_ordered(known, node, value) or yes(known, node[unsafe_offset=3], value)
    if operation == Operation.AGREES:
        return agrees(known, node, value) or yes(known, node[unsafe_offset=4], value)
    return False


@export
def accepts(self: Fields, arguments: Fields, count: Int64) abi("C") -> Int64:
    """`accepts(value)`: whether it is as the root node says; `self` is an array of schema.py."""
    var known = at(UInt64(self[unsafe_offset=2]))
    var root = at(known[unsafe_offset=ROOT])
    var said = count == 1 and holds(known, root, arguments[unsafe_offset=0], NOTHING, DEEPEST)
    return external_call["PyBool_FromLong", Int64](Int64(1) if said else Int64(0))
