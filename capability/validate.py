"""validate: what is wrong with a resource by FHIR R4 4.0.1, with the place of each fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from capability import constraints, structure
from capability.definitions import RESOURCE_TYPES
from capability.invariants import BY_PATH
from capability.issue import Issue, error
from capability.references import Scope
from capability.rule import Rule
from capability.schema import acceptor

__all__ = ["Issue", "validate"]

Json = dict[str, Any]
KNOWN = frozenset(RESOURCE_TYPES)
CARRIERS = ("Bundle", "Parameters")


def validate(resource: Json, *, conditional: bool = False, warnings: bool = False) -> list[Issue]:
    """The issues of a resource (parsed JSON); empty where it is valid.

    `conditional` allows references by search ("Patient?identifier=…"), as transactions have them;
    the entries of a transaction Bundle are given that by themselves. `warnings` asks for the
    specification's warnings and recommendations too, which make no resource invalid.
    """
    try:
        if (
            not warnings
            and isinstance(resource, dict)
            and accepted(resource, conditional=conditional)
        ):
            return []
        return list(explain(resource, conditional=conditional, warnings=warnings))
    except RecursionError:
        text = "expected nesting that a resource can have, found far deeper"
        return [error("too-costly", _type(resource), text)]


def explain(
    resource: Json, *, conditional: bool = False, warnings: bool = False
) -> Iterator[Issue]:
    """Every issue, found without the schemas: first the structure, then (if sound) invariants."""
    sound = True
    for issue in _whole(resource, "", conditional):
        sound = False
        yield issue
    if sound:
        yield from _invariants(resource, "", warnings)


def accepted(resource: Json, *, conditional: bool = False) -> bool:
    """The quick yes; a no means only that `structure` has to look."""
    name = resource.get("resourceType")
    if not isinstance(name, str) or name not in KNOWN:
        return False
    test, rules = _tests(name, conditional)
    if name in CARRIERS:
        return test(_hollow(resource)) and _inner(resource, conditional) and _hold(resource, rules)
    return test(resource) and _hold(resource, rules)


@cache
def _tests(name: str, conditional: bool) -> tuple[Callable[[Json], bool], tuple[Rule, ...]]:
    rules = tuple(rule for rule in BY_PATH.get(name, ()) if rule.severity == "error")
    return acceptor(name, conditional), rules


def _hold(resource: Json, rules: tuple[Rule, ...]) -> bool:
    for rule in rules:
        if all(name in resource for name in rule.when) and not rule.holds(resource):
            return False
    return True


def _inner(resource: Json, conditional: bool) -> bool:
    return all(
        isinstance(one, dict) and accepted(one, conditional=conditional or of_transaction)
        for _, one, of_transaction in carried(resource, "")
    )


def _hollow(bundle: Json) -> Json:
    """A Bundle without the content of its resources, which are tested one by one."""
    if not isinstance(bundle.get("entry"), list):
        return bundle
    entries = [
        {**entry, "resource": {}} if isinstance(entry, dict) and "resource" in entry else entry
        for entry in bundle["entry"]
    ]
    return {**bundle, "entry": entries}


def _whole(resource: Any, at: str, conditional: bool) -> Iterator[Issue]:
    """The structure of a resource that is its own container, and of all that is in it."""
    within = _rows(resource, "contained")
    ids = {c["id"]: c.get("resourceType", "") for _, c in within if isinstance(c.get("id"), str)}
    scope = Scope(ids, conditional)
    yield from structure.resource(resource, at, scope)
    root = at or _type(resource)
    for index, inner in within:
        yield from structure.resource(inner, f"{root}.contained[{index}]", scope)
    for place, inner, of_transaction in carried(resource, root):
        yield from _whole(inner, place, conditional or of_transaction)


def _invariants(resource: Json, at: str, warnings: bool) -> Iterator[Issue]:
    root = at or _type(resource)
    yield from constraints.broken(resource, root, warnings=warnings)
    for index, inner in _rows(resource, "contained"):
        yield from constraints.broken(inner, f"{root}.contained[{index}]")
    for place, inner, _ in carried(resource, root):
        yield from _invariants(inner, place, warnings)


def carried(resource: Any, root: str) -> Iterator[tuple[str, Any, bool]]:
    """The resources that a Bundle or Parameters carries: (place, resource, in a transaction)."""
    if _type(resource) == "Bundle":
        of_transaction = resource.get("type") in ("transaction", "batch")
        for index, entry in _rows(resource, "entry"):
            place = f"{root}.entry[{index}]"
            if "resource" in entry:
                yield f"{place}.resource", entry["resource"], of_transaction
            response = entry.get("response")
            if isinstance(response, dict) and "outcome" in response:
                yield f"{place}.response.outcome", response["outcome"], False
    elif _type(resource) == "Parameters":
        yield from _parameters(_rows(resource, "parameter"), f"{root}.parameter")


def _parameters(rows: list[tuple[int, Json]], at: str) -> Iterator[tuple[str, Any, bool]]:
    for index, row in rows:
        if "resource" in row:
            yield f"{at}[{index}].resource", row["resource"], False
        yield from _parameters(_rows(row, "part"), f"{at}[{index}].part")


def _type(resource: Any) -> str:
    return str(resource.get("resourceType", "")) if isinstance(resource, dict) else ""


def _rows(owner: Any, key: str) -> list[tuple[int, Json]]:
    """The objects of an array with their indexes, where there is one."""
    rows = owner.get(key) if isinstance(owner, dict) else None
    if not isinstance(rows, list):
        return []
    return [(index, row) for index, row in enumerate(rows) if isinstance(row, dict)]
