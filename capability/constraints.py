"""Ask the invariants of a resource whose structure is sound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from capability.definitions import elements
from capability.invariants import BY_PATH
from capability.issue import Issue, error
from capability.rule import Rule
from capability.shape import Shape, shape

Json = dict[str, Any]


def broken(resource: Json, at: str, *, warnings: bool = False) -> Iterator[Issue]:
    """The invariants that a resource does not hold, with their places; `at` is the resource's."""
    name = resource["resourceType"]
    if any(element.name == "contained" for element in elements(name)):
        yield from _broken(resource, BY_PATH["DomainResource"], at, warnings)
        yield from orphans(resource, at)
    yield from _walk(resource, shape(name), at, warnings)


def _walk(value: Json, form: Shape, at: str, warnings: bool) -> Iterator[Issue]:
    yield from _broken(value, BY_PATH.get(form.path, ()), at, warnings)
    for key, item in value.items():
        field = form.fields.get(key)
        if field is None or field.kind not in ("object", "sibling"):
            continue
        inner = shape(field.type)
        if not isinstance(item, list):
            yield from _walk(item, inner, f"{at}.{field.name}", warnings)
            continue
        for index, entry in enumerate(item):
            if entry is not None:
                yield from _walk(entry, inner, f"{at}.{field.name}[{index}]", warnings)


def _broken(value: Json, rules: tuple[Rule, ...], at: str, warnings: bool) -> Iterator[Issue]:
    for rule in rules:
        if (warnings or rule.severity == "error") and not rule.holds(value):
            text = f"{rule.key}: {rule.says}"
            yield Issue(rule.severity, "invariant", at, text)


def orphans(resource: Json, at: str) -> Iterator[Issue]:
    """dom-3: what is contained is referred to, or refers to its container."""
    contained = resource.get("contained", ())
    if not contained:
        return
    named = set(_local(resource))
    for index, inner in enumerate(contained):
        if f"#{inner.get('id', '')}" not in named and "#" not in _local(inner):
            text = "dom-3: a contained resource has an id and is referred to from its container"
            yield error("invariant", f"{at}.contained[{index}]", text)


def _local(value: Any) -> Iterator[str]:
    """Every string that starts with "#": references and canonicals to what is contained."""
    if isinstance(value, str):
        if value.startswith("#"):
            yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _local(item)
    elif isinstance(value, list):
        for item in value:
            yield from _local(item)
