"""FHIRPath Patch: a Parameters resource of operations on elements (R4 fhirpatch)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from capability.fhirpath import Env, Node, PathError, children, compiled
from capability.issue import error
from capability.shape import Field, shape
from fhir_server.errors import BadRequest, Invalid
from fhir_server.patch.document import dump, load

NEEDS = {  # by operation, the parts that it must have besides type
    "add": ("path", "name", "value"),
    "insert": ("path", "index", "value"),
    "delete": ("path",),
    "replace": ("path", "value"),
    "move": ("path", "source", "destination"),
}
Json = Any


@dataclass(frozen=True, slots=True)
class Value:
    """An element to put in: its JSON and, of a primitive, the id and extensions beside it."""

    json: Json
    type: str = ""  # FHIR type, "" for one made of parts
    sibling: Json = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; `place` says where it stands in the patch."""

    type: str
    parts: Mapping[str, Json]
    place: str


def read(patch: bytes) -> Callable[[bytes], bytes]:
    """What the patch does to a resource's bytes; raises BadRequest where it is no patch.

    The function raises Invalid where a path does not lead to what an operation needs.
    """
    body = load(patch)
    if not isinstance(body, dict) or body.get("resourceType") != "Parameters":
        raise BadRequest("a FHIRPath Patch is a Parameters resource", "Parameters")
    operations = [
        _operation(row, f"Parameters.parameter[{at}]")
        for at, row in enumerate(_rows(body, "parameter", "Parameters"))
    ]

    def apply(body: bytes) -> bytes:
        root = load(body)
        for operation in operations:
            _DO[operation.type](root, operation)
        return dump(root)

    return apply


def _operation(row: Json, place: str) -> Operation:
    if row.get("name") != "operation":
        raise BadRequest("every parameter of a FHIRPath Patch is an operation", place)
    parts = {str(part.get("name")): part for part in _rows(row, "part", place)}
    kind = _scalar(parts.get("type"))
    if not isinstance(kind, str) or kind not in NEEDS:
        raise BadRequest(f"type is one of {', '.join(NEEDS)}", place)
    for name in NEEDS[kind]:
        if name not in parts:
            raise BadRequest(f"{kind} needs the part {name}", place)
    return Operation(kind, parts, place)


def _rows(owner: Json, key: str, place: str) -> list[Json]:
    rows = owner.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadRequest(f"{key} is an array of objects", place)
    return rows


def _scalar(part: Json) -> Json:
    """The primitive value of a part, None where there is none."""
    values = [v for k, v in (part or {}).items() if k.startswith("value")]
    return values[0] if values else None


def _text(operation: Operation, name: str) -> str:
    value = _scalar(operation.parts[name])
    if not isinstance(value, str):
        raise BadRequest(f"{name} is a string", operation.place)
    return value


def _number(operation: Operation, name: str) -> int:
    value = _scalar(operation.parts[name])
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadRequest(f"{name} is a whole number from 0 on", operation.place)
    return value


def nodes(root: Json, path: str) -> Sequence[Node]:
    """The elements that a path names; raises BadRequest where it can't be read or evaluated."""
    try:
        found = compiled(path)(Env.of(root))
    except PathError as fault:
        raise BadRequest(f"the path of a patch is a FHIRPath: {fault}", path) from None
    if any(node.away for node in found):
        raise BadRequest("the path leads out of the resource", path)
    return found


def _one(root: Json, operation: Operation) -> Node:
    found = nodes(root, _text(operation, "path"))
    if len(found) != 1:
        raise _unfit(operation, f"the path leads to {len(found)} elements, one is needed")
    return found[0]


def _add(root: Json, operation: Operation) -> None:
    node, name = _one(root, operation), _text(operation, "name")
    if not isinstance(node.value, dict):
        raise _unfit(operation, "the path leads to a primitive, which has no elements")
    key, field = _slot(node.type, name, _value(operation.parts["value"], ""), operation)
    value = _value(operation.parts["value"], field.type)
    if field.many:
        _splice(node.value, key, len(node.value.get(key, ())), value)
    elif any(True for _ in children(node, field.name)):
        raise _unfit(operation, f"{name} is there already and is no list: replace it")
    else:
        _set(node.value, key, value)


def _insert(root: Json, operation: Operation) -> None:
    owner, key, size, type = _list(root, operation)
    at = _number(operation, "index")
    if at > size:
        raise _unfit(operation, f"the list has {size} items, it can't be inserted at {at}")
    _splice(owner, key, at, _value(operation.parts["value"], type))


def _delete(root: Json, operation: Operation) -> None:
    found = nodes(root, _text(operation, "path"))
    if len(found) > 1:
        raise _unfit(operation, f"the path leads to {len(found)} elements, one is needed")
    for node in found:
        if node.owner is None:
            raise _unfit(operation, "the resource itself is ended by DELETE")
        _take(node)
        _prune(root)


def _replace(root: Json, operation: Operation) -> None:
    node = _one(root, operation)
    value = _value(operation.parts["value"], node.type)
    if node.owner is None:
        raise _unfit(operation, "the resource itself is replaced by PUT")
    if node.at < 0:
        name = shape(node.within).fields[node.key].name
        key, _ = _slot(node.within, name, value, operation)
        if key != node.key:  # the choice takes another type
            node.owner.pop(node.key, None)
        node.owner.pop(f"_{node.key}", None)
        _set(node.owner, key, value)
        return
    _take(node, prune=False)
    _splice(node.owner, node.key, node.at, value)


def _move(root: Json, operation: Operation) -> None:
    owner, key, size, _ = _list(root, operation)
    source, target = _number(operation, "source"), _number(operation, "destination")
    if max(source, target) >= size:
        raise _unfit(operation, f"the list has {size} items")
    for name in (key, f"_{key}"):
        if name in owner:
            owner[name].insert(target, owner[name].pop(source))


_DO: Mapping[str, Callable[[Json, Operation], None]] = {
    "add": _add,
    "insert": _insert,
    "delete": _delete,
    "replace": _replace,
    "move": _move,
}


def _list(root: Json, operation: Operation) -> tuple[Json, str, int, str]:
    """Owner, key, length and type of the list that a path names."""
    found = nodes(root, _text(operation, "path"))
    if not found:
        return _empty(root, operation)
    first = found[0]
    if first.at < 0 or any(n.owner is not first.owner or n.key != first.key for n in found):
        raise _unfit(operation, "the path does not lead to one list")
    size = len(first.owner.get(first.key) or first.owner[f"_{first.key}"])
    return first.owner, first.key, size, first.type


def _empty(root: Json, operation: Operation) -> tuple[Json, str, int, str]:
    """The list that a path names where there is nothing in it yet."""
    above, _, name = _text(operation, "path").rpartition(".")
    owners = nodes(root, above) if above else []
    if len(owners) == 1 and isinstance(owners[0].value, dict):
        field = shape(owners[0].type).fields.get(name)
        if field is not None and field.many:
            return owners[0].value, name, 0, field.type
    raise _unfit(operation, "the path leads to no list")


def _slot(type: str, name: str, value: Value, operation: Operation) -> tuple[str, Field]:
    """The JSON property that takes an element of a name: that of the value's type for a choice."""
    try:
        known = shape(type).fields.items()
    except KeyError:
        raise _unfit(operation, f"a {type} has no elements: give it as a value") from None
    fields = {k: f for k, f in known if f.kind != "sibling" and name in (f.name, k)}
    if name in fields:
        return name, fields[name]
    suited = value.type[:1].upper() + value.type[1:]
    if (key := name.removesuffix("[x]") + suited) in fields:
        return key, fields[key]
    if not fields:
        raise _unfit(operation, f"{type} has no element {name}")
    raise _unfit(operation, f"{type}.{name} can't be a {value.type or 'backbone element'}")


def _value(part: Json, type: str) -> Value:
    """The value of a part, for an element of a type (the path of a nested one takes parts)."""
    for key, value in part.items():
        if key.startswith("value"):
            kind = key.removeprefix("value")
            primitive = kind[:1].lower() + kind[1:]
            return Value(value, kind if isinstance(value, dict) else primitive, part.get(f"_{key}"))
    if "resource" in part:
        return Value(part["resource"], "Resource")
    for key in part:
        if key.startswith("_value"):
            return Value(None, key[6:7].lower() + key[7:], part[key])
    return Value(_parts(_rows(part, "part", "part"), type))


def _parts(rows: Json, type: str) -> Json:
    """The JSON of a nested element made of parts."""
    made: Json = {}
    place = Operation("add", {}, f"part of {type}" if type else "part")
    for row in rows if type else ():
        own = _value(row, "")
        key, field = _slot(type, str(row.get("name")), own, place)
        value = _value(row, field.type)
        if field.many:
            _splice(made, key, len(made.get(key, ())), value)
        else:
            _set(made, key, value)
    return made


def _set(owner: Json, key: str, value: Value) -> None:
    if value.json is not None:
        owner[key] = value.json
    if value.sibling is not None:
        owner[f"_{key}"] = value.sibling


def _splice(owner: Json, key: str, at: int, value: Value) -> None:
    """Puts an item into a list, and null where the list of siblings has to keep pace."""
    siblings = f"_{key}"
    if siblings in owner or value.sibling is not None:
        size = len(owner.get(key, ()))
        owner.setdefault(siblings, [None] * size).insert(at, value.sibling)
    owner.setdefault(key, []).insert(at, value.json)


def _take(node: Node, *, prune: bool = True) -> None:
    for name in (node.key, f"_{node.key}"):
        if name not in node.owner:
            continue
        if node.at < 0:
            del node.owner[name]
        else:
            del node.owner[name][node.at]
            if prune and not any(each is not None for each in node.owner[name]):
                del node.owner[name]


def _prune(value: Json) -> bool:
    """Takes away what a deletion left empty; whether something is left."""
    if isinstance(value, dict):
        for key in [k for k, v in value.items() if isinstance(v, dict | list) and not _prune(v)]:
            del value[key]
    elif isinstance(value, list):
        value[:] = [v for v in value if not isinstance(v, dict | list) or _prune(v)]
    return bool(value)


def _unfit(operation: Operation, text: str) -> Invalid:
    return Invalid([error("processing", operation.place, text)])
