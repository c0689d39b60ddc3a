"""The quick yes of `validate`: schemas and the rules at a resource's root, no explanations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from capability.carried import carried
from capability.constraints import orphans
from capability.definitions import RESOURCE_TYPES
from capability.invariants import BY_PATH
from capability.schema import acceptor
from capability.shape import shape
from capability.within import HERE

Json = dict[str, Any]
Quick = Callable[[Json], bool]
Rules = tuple[tuple[tuple[str, ...], Quick], ...]  # when, holds
KNOWN = frozenset(RESOURCE_TYPES)
CARRIERS = ("Bundle", "Parameters")


def accepted(resource: Any, conditional: bool = False) -> bool:
    """The quick yes; a no means only that `structure` has to look."""
    try:
        quick = (_SEARCHING if conditional else _PLAIN)[resource["resourceType"]]
    except (KeyError, TypeError):  # no resource, or of no known type
        return False
    return quick(resource)


class _Tests(dict[str, Quick]):
    """The test of each resource type, made when it is first asked for."""

    def __init__(self, conditional: bool) -> None:
        super().__init__()
        self._conditional = conditional

    def __missing__(self, name: str) -> Quick:
        if name not in KNOWN:
            raise KeyError(name)
        make = _carrier if name in CARRIERS else _one
        made = self[name] = make(name, self._conditional)
        return made


_PLAIN, _SEARCHING = _Tests(False), _Tests(True)


def _one(name: str, conditional: bool) -> Quick:
    fits, rules = acceptor(name, conditional), _rules(name)
    contains = _container(fits, rules, conditional) if "contained" in shape(name).fields else None

    def quick(resource: Json) -> bool:
        if "contained" in resource:
            return contains is not None and contains(resource)
        return fits(resource) and (not rules or _hold(resource, rules))

    return quick


def _carrier(name: str, conditional: bool) -> Quick:
    fits, rules = acceptor(name, conditional), _rules(name)
    inner = _entries if name == "Bundle" else _parameters

    def quick(resource: Json) -> bool:
        return fits(resource) and inner(resource, conditional) and _hold(resource, rules)

    return quick


def _container(fits: Quick, rules: Rules, conditional: bool) -> Quick:
    """Of a resource that contains others: each is tested alone, told what is contained."""

    def quick(resource: Json) -> bool:
        kinds = _contained(resource["contained"])
        if kinds is None:
            return False
        HERE.kinds, HERE.named = kinds, set()
        try:
            return (
                fits(resource)
                and all(accepted(one, conditional) for one in resource["contained"])
                and _hold(resource, rules)
                and (HERE.named >= kinds.keys() or not any(orphans(resource, "")))
            )
        finally:
            HERE.kinds = {}

    return quick


def _contained(given: Any) -> dict[str, str] | None:
    """The types of what is contained, by "#id"; None where the walk has to look.

    Without meta and contained of their own they can't break an invariant of DomainResource.
    """
    if not isinstance(given, list) or not given:
        return None
    kinds: dict[str, str] = {}
    for one in given:
        if not isinstance(one, dict) or "contained" in one or "meta" in one:
            return None
        id, kind = one.get("id"), one.get("resourceType")
        if not isinstance(id, str) or not isinstance(kind, str) or kind in CARRIERS:
            return None
        kinds["#" + id] = kind
    return kinds


def _rules(path: str) -> Rules:
    return tuple((r.when, r.holds) for r in BY_PATH.get(path, ()) if r.severity == "error")


def _hold(resource: Json, rules: Rules) -> bool:
    for when, holds in rules:
        for name in when:
            if name not in resource:
                break
        else:
            if not holds(resource):
                return False
    return True


def _entries(bundle: Json, conditional: bool) -> bool:
    """The resources of a Bundle whose own structure is sound."""
    within = conditional or bundle["type"] in ("transaction", "batch")
    for entry in bundle.get("entry", ()):
        if "resource" in entry and not accepted(entry["resource"], within):
            return False
        outcome = entry.get("response", {}).get("outcome")
        if outcome is not None and not accepted(outcome, conditional):
            return False
    return True


def _parameters(resource: Json, conditional: bool) -> bool:
    return all(accepted(one, conditional) for _, one, _ in carried(resource, ""))
