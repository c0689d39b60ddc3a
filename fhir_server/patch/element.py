"""Elements that a FHIRPath Patch puts in and takes out: their values, their JSON properties."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass

from capability.fhirpath import Budget, Node
from capability.shape import Field, shape
from fhir_server.patch.operation import Json, Operation, rows, unfit


@dataclass(frozen=True, slots=True)
class Value:
    """An element to put in: its JSON and, of a primitive, the id and extensions beside it."""

    json: Json
    type: str = ""  # FHIR type, "" for one made of parts
    sibling: Json = None


def fields_of(type: str) -> Mapping[str, Field]:
    """The JSON properties of a type; none of a primitive."""
    try:
        return shape(type).fields
    except KeyError:
        return {}


def slot(type: str, name: str, value: Value, operation: Operation) -> tuple[str, Field]:
    """The JSON property that takes an element of a name: that of the value's type for a choice."""
    known = fields_of(type)
    if not known:
        raise unfit(operation, f"a {type} has no elements: give it as a value")
    name = name.removesuffix("[x]")
    fields = {k: f for k, f in known.items() if f.kind != "sibling" and name in (f.name, k)}
    if name in fields:
        return name, fields[name]
    suited = value.type[:1].upper() + value.type[1:]
    if (key := name + suited) in fields:
        return key, fields[key]
    if not fields:
        raise unfit(operation, f"{type} has no element {name}")
    raise unfit(operation, f"{type}.{name} can't be a {value.type or 'backbone element'}")


def value_of(part: Json, type: str) -> Value:
    """The value of a part, for an element of a type (the path of a nested one takes parts)."""
    for key, value in part.items():
        if key.startswith("value"):
            kind = key.removeprefix("value")
            primitive = kind[:1].lower() + kind[1:]
            value = deepcopy(value)  # the patch stays as it is, whatever becomes of the element
            return Value(
                value, kind if isinstance(value, dict) else primitive, deepcopy(part.get(f"_{key}"))
            )
    if "resource" in part:
        return Value(deepcopy(part["resource"]), "Resource")
    for key in part:
        if key.startswith("_value"):
            return Value(None, key[6:7].lower() + key[7:], deepcopy(part[key]))
    return Value(_parts(rows(part, "part", "part"), type))


def _parts(nested: Json, type: str) -> Json:
    """The JSON of a nested element made of parts."""
    made: Json = {}
    place = Operation("add", {}, f"part of {type}" if type else "part")
    for row in nested if type else ():
        own = value_of(row, "")
        key, field = slot(type, str(row.get("name")), own, place)
        value = value_of(row, field.type)
        if field.many:
            splice(made, key, value)
        else:
            put(made, key, value)
    return made


def put(owner: Json, key: str, value: Value) -> None:
    """Puts a value in the place of what is there, if anything."""
    for name, given in ((key, value.json), (f"_{key}", value.sibling)):
        if given is not None:
            owner[name] = given
        else:
            owner.pop(name, None)


def even(owner: Json, key: str) -> int:
    """How long a list is: that of a primitive, and that of what is beside it, are made so."""
    lists = [owner[name] for name in (key, f"_{key}") if name in owner]
    size = max(map(len, lists), default=0)
    for each in lists:
        each += [None] * (size - len(each))
    return size


def splice(owner: Json, key: str, value: Value, at: int | None = None) -> None:
    """Puts an item into a list, without a place at its end."""
    size = even(owner, key)
    for name, given in ((key, value.json), (f"_{key}", value.sibling)):
        if name in owner or given is not None:
            owner.setdefault(name, [None] * size).insert(size if at is None else at, given)


def swap(owner: Json, key: str, value: Value, at: int) -> None:
    """Puts a value in the place of an item of a list."""
    size = even(owner, key)
    for name, given in ((key, value.json), (f"_{key}", value.sibling)):
        owner.setdefault(name, [None] * size)[at] = given
        _drop_bare(owner, name)


def beside(node: Node) -> Json:
    """What a primitive has besides its value, made where there is nothing yet."""
    name = f"_{node.key}"
    if node.at < 0:
        return node.owner.setdefault(name, {})
    rows = node.owner.setdefault(name, [None] * even(node.owner, node.key))
    rows[node.at] = rows[node.at] or {}
    return rows[node.at]


def take(owner: Json, key: str, at: int) -> None:
    """Takes an element out, with what is beside it, and its list where nothing else is in it."""
    if at < 0:
        owner.pop(key, None)
        owner.pop(f"_{key}", None)
        return
    even(owner, key)
    for name in (key, f"_{key}"):
        if name in owner:
            del owner[name][at]
            _drop_bare(owner, name)


def _drop_bare(owner: Json, name: str) -> None:
    if all(each is None for each in owner[name]):
        del owner[name]


def prune(root: Json, empty: Json, budget: Budget) -> None:
    """Takes away an object that a deletion left empty, and what is empty around it then.

    The way to the object is paid for; raises PathError where the budget is used up.
    """
    for owner, key, at in reversed(_way(root, empty, budget)):
        plain = key.removeprefix("_")
        value = owner.get(plain) if plain != key else None
        if isinstance(value, list):
            even(owner, plain)
            value = value[at]
        if value is None:
            take(owner, plain, at)
        elif at < 0:
            del owner[key]
        else:
            owner[key][at] = None  # others stay beside their values
            _drop_bare(owner, key)
        if owner:
            return


def _way(owner: Json, sought: Json, budget: Budget) -> list[tuple[Json, str, int]]:
    """The places (owner, key, index or -1) from an object down to one within it."""
    budget.spend(len(owner))
    for key, value in owner.items():
        if isinstance(value, list):
            budget.spend(len(value))
        for at, item in enumerate(value) if isinstance(value, list) else ((-1, value),):
            if item is sought:
                return [(owner, key, at)]
            if isinstance(item, dict) and (below := _way(item, sought, budget)):
                return [(owner, key, at), *below]
    return []
