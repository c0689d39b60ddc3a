"""FHIRPath Patch: a Parameters resource of operations on elements (R4 fhirpatch)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from capability import structure
from capability.fhirpath import Budget, Env, Node, PathError, children, compiled
from capability.references import Scope
from capability.shape import shape
from fhir_server.errors import BadRequest
from fhir_server.patch.document import dump, load
from fhir_server.patch.element import (
    beside,
    even,
    fields_of,
    prune,
    put,
    slot,
    splice,
    swap,
    take,
    value_of,
)
from fhir_server.patch.limits import MOST_ELEMENTS, check_number
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
    given = rows(body, "parameter", "Parameters")
    check_number(len(given))
    operations = [operation_of(row, f"Parameters.parameter[{n}]") for n, row in enumerate(given)]
    for issue in structure.resource(body, "", Scope(conditional=True, typed=False)):
        # a value may lack what a further operation adds, but not be of another shape
        if issue.code == "structure" and issue.text.startswith("expected an "):
            raise BadRequest(issue.text, issue.expression)

    def apply(body: bytes) -> bytes:
        target = _Target(load(body), Budget(MOST_ELEMENTS))
        for operation in operations:
            _DO[operation.type](target, operation)
        return dump(target.root)

    return apply


@dataclass(frozen=True, slots=True)
class _Target:
    """A resource at work; all operations of the patch together may look at `budget` elements."""

    root: Json
    budget: Budget

    def nodes(self, path: str) -> Sequence[Node]:
        """The elements that a path names; raises BadRequest where it can't be read or evaluated."""
        try:
            found = compiled(path)(replace(Env.of(self.root), budget=self.budget))
        except PathError as fault:
            raise BadRequest(f"the path of a patch is a FHIRPath: {fault}", path) from None
        if any(node.away for node in found):
            raise BadRequest("the path leads out of the resource", path)
        return found

    def prune(self, owner: Json) -> None:
        """Takes an owner away that lost its last element; raises BadRequest."""
        if owner:
            return
        try:
            prune(self.root, owner, self.budget)
        except PathError as fault:
            raise BadRequest(f"the patch takes too much work: {fault}") from None


def _one(target: _Target, operation: Operation) -> Node:
    found = target.nodes(text_of(operation, "path"))
    if len(found) != 1:
        raise unfit(operation, f"the path leads to {len(found)} elements, one is needed")
    return found[0]


def _add(target: _Target, operation: Operation) -> None:
    node, name = _one(target, operation), text_of(operation, "name")
    if isinstance(node.value, dict):
        owner, type = node.value, node.type
    elif node.owner is None:
        raise unfit(operation, "the path leads to a value that is no element")
    else:
        owner, type = beside(node), "Element"
    key, field = slot(type, name, value_of(operation.parts["value"], ""), operation)
    value = value_of(operation.parts["value"], field.type)
    if field.many:
        splice(owner, key, value)
    elif any(True for _ in children(node, field.name)):
        raise unfit(operation, f"{name} is there already and is no list: replace it")
    else:
        put(owner, key, value)


def _insert(target: _Target, operation: Operation) -> None:
    owner, key, size, type = _list(target, operation)
    at = number_of(operation, "index")
    if at > size:
        raise unfit(operation, f"the list has {size} items, it can't be inserted at {at}")
    splice(owner, key, value_of(operation.parts["value"], type), at)


def _delete(target: _Target, operation: Operation) -> None:
    found = target.nodes(text_of(operation, "path"))
    if len(found) > 1:
        raise unfit(operation, f"the path leads to {len(found)} elements, one is needed")
    for node in found:
        if node.owner is None:
            raise unfit(operation, "the resource itself is ended by DELETE")
        take(node.owner, node.key, node.at)
        target.prune(node.owner)


def _replace(target: _Target, operation: Operation) -> None:
    node = _one(target, operation)
    value = value_of(operation.parts["value"], node.type)
    if node.owner is None:
        raise unfit(operation, "the resource itself is replaced by PUT")
    if node.at < 0:
        name = shape(node.within).fields[node.key].name
        key, _ = slot(node.within, name, value, operation)
        if key != node.key:  # the choice takes another type
            take(node.owner, node.key, -1)
        put(node.owner, key, value)
        return
    swap(node.owner, node.key, value, node.at)


def _move(target: _Target, operation: Operation) -> None:
    owner, key, size, _ = _list(target, operation)
    source, end = number_of(operation, "source"), number_of(operation, "destination")
    if max(source, end) >= size:
        raise unfit(operation, f"the list has {size} items")
    for name in (key, f"_{key}"):
        if name in owner:
            owner[name].insert(end, owner[name].pop(source))


_DO: Mapping[str, Callable[[_Target, Operation], None]] = {
    "add": _add,
    "insert": _insert,
    "delete": _delete,
    "replace": _replace,
    "move": _move,
}


def _list(target: _Target, operation: Operation) -> tuple[Json, str, int, str]:
    """Owner, key, length and type of the list that a path names."""
    found = target.nodes(text_of(operation, "path"))
    if not found:
        return _empty(target, operation)
    first = found[0]
    if first.at < 0 or any(n.owner is not first.owner or n.key != first.key for n in found):
        raise unfit(operation, "the path does not lead to one list")
    return first.owner, first.key, even(first.owner, first.key), first.type


def _empty(target: _Target, operation: Operation) -> tuple[Json, str, int, str]:
    """The list that a path names where there is nothing in it yet."""
    above, _, name = text_of(operation, "path").rpartition(".")
    owners = target.nodes(above) if above else []
    if len(owners) == 1 and isinstance(owners[0].value, dict):
        field = fields_of(owners[0].type).get(name)
        if field is not None and field.many:
            return owners[0].value, name, 0, field.type
    raise unfit(operation, "the path leads to no list")
