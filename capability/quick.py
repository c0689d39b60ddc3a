"""The quick yes of `validate`: schemas and the rules at a resource's root, no explanations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from capability.carried import carried
from capability.constraints import orphans
from capability.definitions import RESOURCE_TYPES
from capability.invariants import BY_PATH
from capability.schema import acceptor
from capability.shape import shape

Json = dict[str, Any]
Rules = tuple[tuple[frozenset[str], Callable[[Json], bool]], ...]  # when, holds
KNOWN = frozenset(RESOURCE_TYPES)
CARRIERS = ("Bundle", "Parameters")


def accepted(resource: Json, *, conditional: bool = False) -> bool:
    """The quick yes; a no means only that `structure` has to look."""
    name = resource.get("resourceType")
    if not isinstance(name, str) or name not in KNOWN:
        return False
    if "contained" in resource:
        return _container(resource, name, conditional)
    test, rules = _tests(name, conditional)
    if name in CARRIERS:
        return test(_hollow(resource)) and _inner(resource, conditional) and _hold(resource, rules)
    return test(resource) and (not rules or _hold(resource, rules))


@cache
def _tests(name: str, conditional: bool) -> tuple[Callable[[Json], bool], Rules]:
    return acceptor(name, conditional), _rules(name)


@cache
def _rules(path: str) -> Rules:
    rules = (rule for rule in BY_PATH.get(path, ()) if rule.severity == "error")
    return tuple((frozenset(rule.when), rule.holds) for rule in rules)


def _hold(resource: Json, rules: Rules) -> bool:
    present = resource.keys()
    return all(holds(resource) for when, holds in rules if when <= present)


def _container(resource: Json, name: str, conditional: bool) -> bool:
    """A resource that contains others: each is tested alone, with references to it spelled out."""
    within = resource["contained"]
    if "contained" not in shape(name).fields or not isinstance(within, list) or not within:
        return False
    ids: dict[str, str] = {}
    for one in within:
        if not isinstance(one, dict) or not isinstance(one.get("id"), str) or "contained" in one:
            return False
        ids["#" + one["id"]] = f"{one.get('resourceType')}/{one['id']}"
    named: set[str] = set()
    outer = {key: value for key, value in resource.items() if key != "contained"}
    return (
        accepted(_spelled(outer, ids, named), conditional=conditional)
        and all(accepted(_spelled(one, ids, named), conditional=conditional) for one in within)
        and _hold(resource, _rules("DomainResource"))
        and (named >= ids.keys() or not any(orphans(resource, "")))
    )


def _spelled(value: Json, ids: Mapping[str, str], named: set[str]) -> Json:
    """A copy in which references to what is contained name its type; `named` takes them up."""
    made = {}
    for key, item in value.items():
        if isinstance(item, dict):
            item = _spelled(item, ids, named)
        elif isinstance(item, list):
            item = [_spelled(one, ids, named) if isinstance(one, dict) else one for one in item]
        elif key == "reference" and isinstance(item, str) and item in ids:
            named.add(item)
            item = ids[item]
        made[key] = item
    return made


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
