"""Slices: which one an element of a list belongs to (R4 profiling 5.1.0.14)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from capability.profile.definition import Discriminator, Rule, Slicing, Type, core, plain
from capability.profile.item import Item, children, matches, same

STEP = re.compile(r"extension\('([^']*)'\)|ofType\((\w+)\)|resolve\(\)|\$this|\w+(?:\[x\])?")
BY_URL = Slicing((Discriminator("value", "url"),), "open")
BY_TYPE = Slicing((Discriminator("type", "$this"),), "open")
Fits = Callable[[Item, str], bool]  # whether an item is valid by a profile
Holds = Callable[[Item, str], bool]  # whether an item's code is in a value set


def default(rule: Rule) -> Slicing | None:
    """How extensions and choices are sliced where the profile doesn't say."""
    if rule.name in ("extension", "modifierExtension"):
        return BY_URL
    return BY_TYPE if rule.name.endswith("[x]") else None


def slice_of(
    item: Item, slices: Sequence[Rule], slicing: Slicing, fits: Fits, holds: Holds
) -> Rule | None:
    """The slice that an item belongs to; None where none takes it."""
    for rule in slices:
        if all(_discerned(item, rule, each, fits, holds) for each in slicing.discriminators):
            return rule
    return None


def _discerned(item: Item, rule: Rule, by: Discriminator, fits: Fits, holds: Holds) -> bool:
    steps = [match[0] for match in STEP.finditer(by.path)]
    found = list(_reached(item, steps))
    rules = list(_ruled(rule, steps))
    match by.type:
        case "exists":
            wanted = any(each.min > 0 for each in rules)
            return bool(found) is wanted
        case "type" | "profile":
            types = [t for each in rules for t in each.types]
            return any(_typed(each, types, steps, by.type, fits) for each in found)
    asked = [each for each in rules if each.values or each.binding]
    if not asked and steps == ["url"]:
        urls = {plain(url) for t in rule.types for url in t.profiles}
        return any(each.value in urls for each in found)
    return bool(asked) and all(any(_valued(v, each, holds) for v in found) for each in asked)


def _reached(item: Item, steps: Sequence[str]) -> Iterator[Item]:
    if not steps:
        yield item
        return
    step, rest = steps[0], steps[1:]
    match = STEP.fullmatch(step)
    if step in ("$this", "resolve()"):
        yield from _reached(item, rest)
    elif match and match[1]:
        for each in children(item, "extension"):
            if isinstance(each.value, dict) and each.value.get("url") == match[1]:
                yield from _reached(each, rest)
    elif match and match[2]:
        if item.type == match[2]:
            yield from _reached(item, rest)
    else:
        for each in children(item, step):
            yield from _reached(each, rest)


def _ruled(rule: Rule, steps: Sequence[str]) -> Iterator[Rule]:
    """What the slice says at the path; a pattern of an element above says it too."""
    if not steps:
        yield rule
        return
    step, rest = steps[0], steps[1:]
    match = STEP.fullmatch(step)
    if step in ("$this", "resolve()") or (match and match[2]):
        yield from _ruled(rule, rest)
        return
    url = match[1] if match else None
    for each in rule.named("extension" if url else step):
        if not url or url in {plain(u) for t in each.types for u in t.profiles}:
            yield from _ruled(each, rest)
    for name in ("fixed", "pattern"):
        inner = _inner(rule.values.get(name), step)
        for value in inner if isinstance(inner, list) else [inner]:
            if value is not None:
                yield from _ruled(Rule(step, values={name: value}), rest)


def _inner(value: object, step: str) -> object:
    return value.get(step) if isinstance(value, dict) else None


def _valued(item: Item, rule: Rule, holds: Holds) -> bool:
    if "fixed" in rule.values:
        return same(item.value, rule.values["fixed"])
    if "pattern" in rule.values:
        return matches(item.value, rule.values["pattern"])
    return rule.binding is not None and holds(item, rule.binding.value_set)


def _typed(item: Item, types: Sequence[Type], steps: Sequence[str], by: str, fits: Fits) -> bool:
    if "resolve()" in steps:
        return _refers(item, types)
    if by == "profile":
        return any(fits(item, url) for t in types for url in t.profiles)
    return any(item.type == t.code or item.type.endswith(f".{t.code}") for t in types)


def _refers(item: Item, types: Sequence[Type]) -> bool:
    """Whether a reference tells one of the types that the slice's references may have."""
    kind = referred(item)
    targets = {core(url) for t in types for url in t.targets} | {t.code for t in types}
    return kind in targets


def referred(item: Item) -> str:
    """The resource type that a reference tells of by itself; "" where it doesn't."""
    value = item.value if isinstance(item.value, dict) else {}
    literal = str(value.get("reference", ""))
    parts = literal.partition("/_history/")[0].split("/")
    return str(value.get("type", "")) or (parts[-2] if len(parts) > 1 else "")
