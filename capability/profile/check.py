"""What of a resource breaks a profile, with the place of each fault."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from capability.definitions import PRIMITIVES
from capability.fhirpath import Env
from capability.issue import Issue, Severity, error
from capability.profile.constraint import broken, of_base, surroundings
from capability.profile.definition import Find, Rule, core, tree
from capability.profile.item import Item, children, matches, same, shape_of
from capability.profile.slicing import default, referred, slice_of

Json = dict[str, Any]
Codes = Collection[tuple[str, str]]  # system, code
DEEPEST = 30
STRENGTHS: dict[str, Severity] = {"required": "error", "extensible": "warning"}


class CodesNeeded(LookupError):
    """The codes of a value set are needed: ask again with them."""

    def __init__(self, value_set: str) -> None:
        super().__init__(value_set)
        self.value_set = value_set


class Checker:
    """Checks by the profiles that `find` gives, codes by `codes` (None for what nobody knows).

    `unknown` are the profiles that were not found, `unchecked` the constraints without FHIRPath.
    """

    def __init__(self, find: Find, codes: Mapping[str, Codes | None]) -> None:
        self._find, self._codes = find, codes
        self._trees: dict[str, Rule] = {}
        self._depth = 0
        self._env: Env | None = None
        self.unknown: dict[str, None] = {}
        self.unchecked: dict[str, None] = {}

    def check(self, resource: Json, url: str) -> Iterator[Issue]:
        """The issues of a resource by a profile; raises CodesNeeded."""
        type = str(resource.get("resourceType", ""))
        item = Item(resource, type, type)
        with self._inside(item):
            yield from dict.fromkeys(self._by(item, url))

    @contextmanager
    def _inside(self, item: Item) -> Iterator[None]:
        """Within a resource constraints see that one as %resource."""
        before = self._env
        if isinstance(item.value, dict) and "resourceType" in item.value:
            self._env = surroundings(item.value, before, self._holds, self._fits)
        try:
            yield
        finally:
            self._env = before

    def _by(self, item: Item, url: str) -> Iterator[Issue]:
        if core(url):
            return
        if url not in self._trees:
            found = self._find(url)
            if found is None:
                self.unknown[url] = None
                return
            self._trees[url] = tree(found, self._find)
        rule = self._trees[url]
        if rule.name != item.type:
            yield error("structure", item.at, f"the profile is of {rule.name}, not of {item.type}")
            return
        if self._depth > DEEPEST:
            yield error("too-costly", item.at, "the profiles lead too deep into each other")
            return
        self._depth += 1
        try:
            yield from self._valued(item, rule)
            yield from self._below(item, rule)
        finally:
            self._depth -= 1

    def _below(self, item: Item, rule: Rule) -> Iterator[Issue]:
        for name in dict.fromkeys(name for name, _ in rule.children):
            found = list(children(item, name))
            slices = [r for (own, part), r in rule.children.items() if own == name and part]
            whole = rule.children.get((name, ""))
            if whole is not None:
                yield from self._counted(item, whole, len(found))
                for each in found:
                    yield from self._one(each, whole)
            if slices:
                yield from self._sliced(item, name, found, whole or Rule(name), slices)

    def _sliced(
        self, owner: Item, name: str, found: list[Item], whole: Rule, slices: Sequence[Rule]
    ) -> Iterator[Issue]:
        slicing = whole.slicing or default(whole)
        if slicing is None or not slicing.discriminators:
            return
        taken: dict[str, list[Item]] = {rule.slice: [] for rule in slices}
        for item in found:
            rule = slice_of(item, slices, slicing, self._fits, self._holds)
            if rule is not None:
                taken[rule.slice].append(item)
            elif slicing.rules == "closed":
                yield error("structure", item.at, f"expected one of the slices {', '.join(taken)}")
        for rule in slices:
            yield from self._counted(owner, rule, len(taken[rule.slice]))
            for item in taken[rule.slice]:
                yield from self._one(item, rule)

    def _counted(self, owner: Item, rule: Rule, count: int) -> Iterator[Issue]:
        at = f"{owner.at}.{rule.name.removesuffix('[x]')}"
        what = f"the slice {rule.slice}" if rule.slice else "the element"
        if count < rule.min:
            text = f"expected {what} at least {rule.min} times, found it {count} times"
            yield error("required", at, text)
        if count > rule.max:
            text = f"expected {what} at most {rule.max} times, found it {count} times"
            yield error("structure", at, text)

    def _one(self, item: Item, rule: Rule) -> Iterator[Issue]:
        codes = [t.code for t in rule.types]
        resource = isinstance(item.value, dict) and "resourceType" in item.value
        if codes and (item.choice or resource) and not _among(item.type, codes):
            yield error("structure", item.at, f"expected {' or '.join(codes)}, found {item.type}")
            return
        with self._inside(item):
            yield from self._typed(item, rule, resource=resource)
            yield from self._valued(item, rule)
            yield from self._below(item, rule)

    def _typed(self, item: Item, rule: Rule, *, resource: bool) -> Iterator[Issue]:
        """What the profiles of its types ask of a value, and of what a reference refers to."""
        own = [t for t in rule.types if t.code == item.type or resource]
        profiles = [url for t in own for url in t.profiles]
        if len(profiles) == 1:
            yield from self._by(item, profiles[0])
        elif profiles and not any(self._fits(item, url) for url in profiles):
            yield error("structure", item.at, f"expected one of the profiles {', '.join(profiles)}")
        targets = [url for t in own for url in t.targets]
        if targets and (kind := referred(item)) and not self._targeted(kind, targets):
            yield error("structure", f"{item.at}.reference", f"a {kind} is no target of it")

    def _targeted(self, kind: str, targets: Sequence[str]) -> bool:
        for url in targets:
            found = core(url) or (self._find(url) or {}).get("type", "")
            if found in ("", "Resource", kind):
                return True
        return False

    def _valued(self, item: Item, rule: Rule) -> Iterator[Issue]:
        given = rule.values
        if "fixed" in given and not same(item.value, given["fixed"]):
            yield error("value", item.at, "expected the fixed value, found another")
        if "pattern" in given and not matches(item.value, given["pattern"]):
            yield error("value", item.at, "expected all that the pattern has, found less")
        if isinstance(item.value, str) and len(item.value) > rule.max_length:
            text = f"expected at most {rule.max_length} characters, found {len(item.value)}"
            yield error("value", item.at, text)
        yield from _ranged(item, given)
        if rule.binding and rule.binding.value_set.partition("|")[0] != item.codes:
            yield from self._bound(item, rule.binding.strength, rule.binding.value_set)
        yield from self._constrained(item, rule)

    def _constrained(self, item: Item, rule: Rule) -> Iterator[Issue]:
        for constraint in rule.constraints:
            if of_base(constraint):
                continue
            if not constraint.expression:
                self.unchecked[constraint.key] = None
            elif self._env is not None:
                yield from broken(constraint, item, self._env)

    def _bound(self, item: Item, strength: str, value_set: str) -> Iterator[Issue]:
        severity = STRENGTHS.get(strength)
        told = strength == "required" or any(_codings(item.value))
        if severity is None or item.value is None or not told:
            return  # an extensible binding allows a text alone
        if not self._holds(item, value_set):
            text = f"expected a code of {value_set} ({strength}), found none"
            yield Issue(severity, "code-invalid", item.at, text)

    def _holds(self, item: Item, value_set: str) -> bool:
        """Whether a code is in a value set; so is one in a set that nobody knows."""
        coded = list(_codings(item.value))
        if value_set not in self._codes:
            raise CodesNeeded(value_set)
        known = self._codes[value_set]
        if known is None or not (coded or isinstance(item.value, dict)):
            return True
        if isinstance(item.value, str):
            return any(code == item.value for _, code in known)
        return any(pair in known for pair in coded)

    def _fits(self, item: Item, url: str) -> bool:
        return not any(issue.severity == "error" for issue in self._by(item, url))


def _among(type: str, codes: Sequence[str]) -> bool:
    wide = ("Resource", "DomainResource", "BackboneElement", "Element")
    known = (code in PRIMITIVES or shape_of(code) is not None for code in codes)
    return type in codes or not set(codes).isdisjoint(wide) or not all(known)


def _codings(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield "", value
    elif isinstance(value, dict):
        for each in value.get("coding", [value]):
            if code := each.get("code", ""):
                yield each.get("system", ""), code


def _ranged(item: Item, given: Mapping[str, Any]) -> Iterator[Issue]:
    """minValue and maxValue of numbers, and of dates that are written alike."""
    for name, sign in (("minValue", 1), ("maxValue", -1)):
        limit, value = given.get(name), item.value
        if isinstance(limit, dict) and isinstance(value, dict):
            limit, value = limit.get("value"), value.get("value")
        numbers = isinstance(limit, int | float) and isinstance(value, int | float)
        texts = isinstance(limit, str) and isinstance(value, str) and len(limit) == len(value)
        if (numbers or texts) and (value < limit if sign > 0 else value > limit):
            yield error("value", item.at, f"expected a value within the profile's {name}")
