"""What an invariant asks of an element: is it there, is it coded so, which date is first."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from capability.definitions import elements

Json = dict[str, Any]
DAY = timedelta(days=1)
TYPES = next(e.types for e in elements("Extension") if e.name == "value[x]")


def has(owner: Json, name: str) -> bool:
    """FHIRPath `name.exists()`: a value, or an extension in the place of one."""
    return name in owner or "_" + name in owner


def count(owner: Json, *names: str) -> int:
    """How many of the elements are there."""
    return sum(has(owner, name) for name in names)


def any_of(owner: Json, *names: str) -> bool:
    """Whether one of the elements is there."""
    return any(has(owner, name) for name in names)


def among(owner: Json, name: str, *codes: str) -> bool:
    """Whether an element's value is one of `codes`."""
    return owner.get(name) in codes


def chosen(owner: Json, stem: str) -> bool:
    """Whether a choice such as value[x] is there in any type."""
    return not _choices(stem).isdisjoint(owner)


@cache
def _choices(stem: str) -> frozenset[str]:
    names = {stem + kind[0].upper() + kind[1:] for kind in TYPES}
    return frozenset(names | {"_" + name for name in names})


def each(owner: Json, *path: str) -> list[Any]:
    """The entries at a path of elements, through arrays and single values, without nulls."""
    found: list[Any] = [owner]
    for name in path:
        step: list[Any] = []
        for value in found:
            item = value.get(name) if isinstance(value, dict) else None
            step += item if isinstance(item, list) else [item]
        found = [value for value in step if value is not None]
    return found


def deep(owner: Json, branch: str, leaf: str) -> list[Any]:
    """Values of `leaf` in a tree that repeats itself under `branch`."""
    found = []
    for child in owner.get(branch, ()):
        found += [child[leaf]] if leaf in child else []
        found += deep(child, branch, leaf)
    return found


def coded(owner: Json, name: str, system: str, *codes: str) -> bool:
    """Whether a CodeableConcept (one or many) has a coding of `system` that is one of `codes`."""
    concepts = owner.get(name, ())
    for concept in concepts if isinstance(concepts, list) else (concepts,):
        for coding in concept.get("coding", ()) if concept else ():
            if coding.get("code") in codes and coding.get("system") == system:
                return True
    return False


def distinct(values: Iterable[Hashable]) -> bool:
    """Whether no value comes twice."""
    seen = list(values)
    return len(seen) == len(set(seen))


def in_order(first: object, second: object) -> bool:
    """Whether `first` may be at or before `second`: dates, dateTimes or instants.

    Precisions and missing time zones are given the benefit of the doubt; so is anything absent.
    """
    if not (isinstance(first, str) and isinstance(second, str)):
        return True
    if first[:10] < second[:10] and (len(first) < 11 or len(second) < 11):
        return True
    size = min(len(first), len(second), 10)
    if size < 10:
        return first[:size] <= second[:size]
    if len(first) > 10 and len(second) > 10:
        if _zone(first) == _zone(second) and first[:19] != second[:19]:
            return first[:19] < second[:19]
        return _instant(first) <= _instant(second)
    if first[:10] <= second[:10]:
        return True
    if len(first) == len(second):
        return False
    return date.fromisoformat(first[:10]) <= date.fromisoformat(second[:10]) + DAY


def _zone(text: str) -> str:
    return text[-1] if text.endswith("Z") else text[-6:]


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace(":60", ":59"))
