"""The quick yes of `validate`: schemas that hold the invariants too, no explanations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from capability.acceptor import acceptor, second
from capability.constraints import orphans
from capability.definitions import RESOURCE_TYPES
from capability.within import HERE, NOTHING

Json = dict[str, Any]
Quick = Callable[[Json], bool]
KNOWN = frozenset(RESOURCE_TYPES)
CARRIERS = ("Bundle", "Parameters")


def accepted(resource: Any, conditional: bool = False) -> bool:
    """The quick yes; a no means only that `structure` has to look."""
    tests = _SEARCHING if conditional else _PLAIN
    try:
        quick = tests[resource["resourceType"]]
        if "contained" in resource:
            return _container(resource, conditional)
    except (KeyError, TypeError):  # no resource, of no known type, or one that contains no such
        return False
    return quick(resource) or _again(resource, conditional)


class _Tests(dict[str, Quick]):
    """The test of each resource type, made when it is first asked for."""

    def __init__(self, conditional: bool) -> None:
        super().__init__()
        self._conditional = conditional

    def __missing__(self, name: str) -> Quick:
        if name not in KNOWN:
            raise KeyError(name)
        fits = acceptor(name, self._conditional)
        made = self[name] = _carrier(name, fits, self._conditional) if name in CARRIERS else fits
        return made


_PLAIN, _SEARCHING = _Tests(False), _Tests(True)


def _carrier(name: str, fits: Quick, conditional: bool) -> Quick:
    inner = _entries if name == "Bundle" else _parameters
    return lambda resource: fits(resource) and inner(resource, conditional)


def _again(resource: Json, conditional: bool) -> bool:
    """The second look, which knows siblings wherever they stand."""
    name = resource["resourceType"]
    return name not in CARRIERS and second(name, conditional)(resource)


def _container(resource: Json, conditional: bool) -> bool:
    """Of a resource that contains others: each is tested alone, told what is contained.

    Without meta and contained of their own these can't break an invariant of DomainResource.
    Raises KeyError or TypeError where the walk has to look.
    """
    tests = _SEARCHING if conditional else _PLAIN
    given = resource["contained"]
    kinds: dict[str, str] = {}
    for one in given:
        if "contained" in one or "meta" in one or one["resourceType"] in CARRIERS:
            return False
        kinds["#" + one["id"]] = one["resourceType"]
    if not kinds or len(kinds) != len(given):
        return False
    named: set[str] = set()
    HERE.within = kinds, named
    try:
        for one in (resource, *given):
            if not tests[one["resourceType"]](one) and not _again(one, conditional):
                return False
        return len(named) == len(kinds) or not any(orphans(resource, ""))
    finally:
        HERE.within = NOTHING


def _entries(bundle: Json, conditional: bool) -> bool:
    """The resources of a Bundle whose own structure is sound."""
    within = conditional or bundle["type"] in ("transaction", "batch")
    for entry in bundle.get("entry", ()):
        if "resource" in entry and not accepted(entry["resource"], within):
            return False
        outcome = entry["response"].get("outcome") if "response" in entry else None
        if outcome is not None and not accepted(outcome, conditional):
            return False
    return True


def _parameters(resource: Json, conditional: bool) -> bool:
    return _parts(resource.get("parameter", ()), conditional)


def _parts(given: Iterable[Json], conditional: bool) -> bool:
    """The resources of parameters and of their parts."""
    for one in given:
        if "resource" in one and not accepted(one["resource"], conditional):
            return False
        if "part" in one and not _parts(one["part"], conditional):
            return False
    return True
