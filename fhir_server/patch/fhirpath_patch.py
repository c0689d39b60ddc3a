"""FHIRPath Patch: a Parameters resource of operations on elements (R4 fhirpatch)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from capability.fhirpath import Env, Node, PathError, children, compiled
from capability.shape import shape
from fhir_server.errors import BadRequest
from fhir_server.patch.document import dump, load
from fhir_server.patch.element import beside, prune, put, slot, splice, take, value_of
from fhir_server.patch.operation import (
    Json,
    Operation,
    number_of,
    operation_of,
    rows,
    text_of,
    unfit,
)


def read(patch: bytes) -> Callable[[bytes], bytes]:
    """What the patch does to a resource's bytes; raises BadRequest where it is no patch.

    The function raises Invalid where a path does not lead to what an operation needs.
    """
    body = load(patch)
    if not isinstance(body, dict) or body.get("resourceType") != "Parameters":
        raise BadRequest("a FHIRPath Patch is a Parameters resource", "Parameters")
    operations = [
        operation_of(row, f"Parameters.parameter[{at}]")
        for at, row in enumerate(rows(body, "parameter", "Parameters"))
    ]

    def apply(body: bytes) -> bytes:
        root = load(body)
        for operation in operations:
            _DO[operation.type](root, operation)
        return dump(root)

    return apply


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
    found = nodes(root, text_of(operation, "path"))
    if len(found) != 1:
        raise unfit(operation, f"the path leads to {len(found)} elements, one is needed")
    return found[0]


def _add(root: Json, operation: Operation) -> None:
    node, name = _one(root, operation), text_of(operation, "name")
    if isinstance(node.value, dict):
        owner, type = node.value, node.type
    elif node.owner is None:
        raise unfit(operation, "the path leads to a value that is no element")
    else:
        owner, type = beside(node), "Element"
    key, field = slot(type, name, value_of(operation.parts["value"], ""), operation)
    value = value_of(operation.parts["value"], field.type)
    if field.many:
        splice(owner, key, len(owner.get(key, ())), value)
    elif any(True for _ in children(node, field.name)):
        raise unfit(operation, f"{name} is there already and is no list: replace it")
    else:
        put(owner, key, value)


def _insert(root: Json, operation: Operation) -> None:
    owner, key, size, type = _list(root, operation)
    at = number_of(operation, "index")
    if at > size:
        raise unfit(operation, f"the list has {size} items, it can't be inserted at {at}")
    splice(owner, key, at, value_of(operation.parts["value"], type))


def _delete(root: Json, operation: Operation) -> None:
    found = nodes(root, text_of(operation, "path"))
    if len(found) > 1:
        raise unfit(operation, f"the path leads to {len(found)} elements, one is needed")
    for node in found:
        if node.owner is None:
            raise unfit(operation, "the resource itself is ended by DELETE")
        take(node)
        prune(root)


def _replace(root: Json, operation: Operation) -> None:
    node = _one(root, operation)
    value = value_of(operation.parts["value"], node.type)
    if node.owner is None:
        raise unfit(operation, "the resource itself is replaced by PUT")
    if node.at < 0:
        name = shape(node.within).fields[node.key].name
        key, _ = slot(node.within, name, value, operation)
        if key != node.key:  # the choice takes another type
            node.owner.pop(node.key, None)
        node.owner.pop(f"_{node.key}", None)
        put(node.owner, key, value)
        return
    take(node, prune=False)
    splice(node.owner, node.key, node.at, value)


def _move(root: Json, operation: Operation) -> None:
    owner, key, size, _ = _list(root, operation)
    source, target = number_of(operation, "source"), number_of(operation, "destination")
    if max(source, target) >= size:
        raise unfit(operation, f"the list has {size} items")
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
    found = nodes(root, text_of(operation, "path"))
    if not found:
        return _empty(root, operation)
    first = found[0]
    if first.at < 0 or any(n.owner is not first.owner or n.key != first.key for n in found):
        raise unfit(operation, "the path does not lead to one list")
    size = len(first.owner.get(first.key) or first.owner[f"_{first.key}"])
    return first.owner, first.key, size, first.type


def _empty(root: Json, operation: Operation) -> tuple[Json, str, int, str]:
    """The list that a path names where there is nothing in it yet."""
    above, _, name = text_of(operation, "path").rpartition(".")
    owners = nodes(root, above) if above else []
    if len(owners) == 1 and isinstance(owners[0].value, dict):
        field = shape(owners[0].type).fields.get(name)
        if field is not None and field.many:
            return owners[0].value, name, 0, field.type
    raise unfit(operation, "the path leads to no list")
