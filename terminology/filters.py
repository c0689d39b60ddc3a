"""The filters of value sets: each operator as a condition on a code of a system.

https://hl7.org/fhir/R4/valueset-filter-operator.html, with child-of and descendent-leaf of R5.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import replace

from terminology.budget import LOOKED_AT, Budget, Spend
from terminology.codesystem import (
    CodeSystem,
    Coding,
    ConceptDefinition,
    ancestors,
    descendants,
    is_above,
)
from terminology.ecl import BadConstraint, evaluate
from terminology.issue import Refused, issue
from terminology.messages import FILTER_NOT_UNDERSTOOD, FILTER_WITHOUT_VALUE
from terminology.regex import BadPattern, compiled
from terminology.valueset import Filter

SNOMED = "http://snomed.info/sct"
TRUTHS = frozenset({"true", "false"})
HIERARCHIC = frozenset({"concept", "code", "parent", "child"})
Codes = Callable[[CodeSystem, str], Sequence[str]]
Test = Callable[[str], bool]
Passes = Callable[[Sequence[str], Spend], bool]


def selected(
    system: CodeSystem, filters: Sequence[Filter], origin: str, budget: Budget | None = None
) -> Sequence[str]:
    """The codes that pass every filter, in the order of the system; raises Refused.

    `origin` is the canonical of the value set, for the message; `budget` is what is left to it.
    """
    budget = budget or Budget(origin)
    check(system, filters, origin, budget)
    # what is below a code is found without a look at the others
    first, rest = None, list(filters)
    if below := [f for f in filters if is_hierarchic(f) and f.op in BELOW]:
        first = below[0]
        rest.remove(first)
    found = BELOW[first.op](system, first.value) if first else system.codes()
    tests = []
    for each in rest:
        tests.append(_for_many(system, each, origin, budget))
        budget.look()
    return list(_passing(found, tests, budget)) if tests else found


def _passing(codes: Iterable[str], tests: Sequence[Test], budget: Budget) -> Iterator[str]:
    for code in codes:
        for test in tests:
            budget.spend(LOOKED_AT)
            if not test(code):
                break
        else:
            yield code


def check(system: CodeSystem, filters: Sequence[Filter], origin: str, budget: Budget) -> None:
    """Raises Refused where a filter can't be applied to the system, or all take too long."""
    for each in filters:
        budget.look()
        if not each.value:
            told = FILTER_WITHOUT_VALUE, system.url, each.property, each.op
            raise Refused(issue(*told, place=each.place))
        if is_constraint(system, each):
            _constrained(system, each, origin, budget)
            continue
        known = each.op in HIERARCHY if is_hierarchic(each) else False
        known = known or _is_of_expressions(system, each)
        known = known or (each.op in VALUES and _has_property(system, each.property))
        if not known or (each.op == "exists" and each.value not in TRUTHS):
            raise _not_understood(system, each, origin)
        if each.op == "regex":
            try:
                compiled(each.value)
            except BadPattern:
                raise _not_understood(system, each, origin) from None


def condition(system: CodeSystem, given: Filter, origin: str, budget: Budget) -> Test:
    """Whether a code passes one filter that `check` let through."""
    if is_constraint(system, given):
        return _constrained(system, given, origin, budget).__contains__
    if _is_of_expressions(system, given):
        return lambda code: True  # they say whether expressions count, and codes are none
    if is_hierarchic(given) and given.op in HIERARCHY:
        place, value = HIERARCHY[given.op], system.find(given.value)
        return lambda code: place(system, value, code)
    if given.op not in VALUES:
        raise _not_understood(system, given, origin)
    passes = VALUES[given.op](given.value)

    def passed(code: str) -> bool:
        return passes(list(values(system, code, given.property)), budget.spend)

    return passed


def _for_many(system: CodeSystem, given: Filter, origin: str, budget: Budget) -> Test:
    """The same, where so many codes are asked about that a set of those that pass pays."""
    if is_hierarchic(given) and given.op in BELOW:
        return set(BELOW[given.op](system, given.value)).__contains__
    if is_hierarchic(given) and given.op == "is-not-a":
        barred = set(_with_self(system, given.value))
        return lambda code: code not in barred
    return condition(system, given, origin, budget)


def is_hierarchic(given: Filter) -> bool:
    """Whether the filter is on the place of a code among the others."""
    return given.property in HIERARCHIC


def is_constraint(system: CodeSystem, given: Filter) -> bool:
    """Whether the filter is an expression constraint of SNOMED CT."""
    return system.url == SNOMED and (given.property, given.op) == ("constraint", "=")


def _is_of_expressions(system: CodeSystem, given: Filter) -> bool:
    return system.url == SNOMED and (given.property, given.op) == ("expressions", "=")


def _constrained(system: CodeSystem, given: Filter, origin: str, budget: Budget) -> Container[str]:
    try:
        return evaluate(system, given.value, budget.spend)
    except BadConstraint as error:
        told = f"{given.value} ({error})"
        raise _not_understood(system, replace(given, value=told), origin) from None


def values(system: CodeSystem, code: str, property: str) -> Iterator[str]:
    """The values of a property of a concept as text; `code`, `display` … are properties too."""
    if property in ("code", "concept"):
        yield code
    elif property == "parent":
        yield from system.parents(code)
    elif property == "child":
        yield from system.children(code)
    else:
        yield from _own(system.concept(code), system, property)


def text(value: object) -> str:
    """A property's value as filters write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.code if isinstance(value, Coding) else str(value)


def _own(concept: ConceptDefinition, system: CodeSystem, property: str) -> Iterator[str]:
    match property:
        case "display" if concept.display:
            yield concept.display
        case "definition" if concept.definition:
            yield concept.definition
        case "designation":
            yield from (d.value for d in concept.designations)
        case "inactive":
            yield text(system.is_inactive(concept.code))
        case _:
            yield from (text(p.value) for p in concept.properties if p.code == property)


def _has_property(system: CodeSystem, property: str) -> bool:
    if property in KNOWN or property in system.properties:
        return True
    # some systems use properties that they do not declare
    return any(
        p.code == property for code in system.codes() for p in system.concept(code).properties
    )


KNOWN = HIERARCHIC | {"display", "definition", "designation", "inactive"}


def _with_self(system: CodeSystem, value: str) -> Sequence[str]:
    code = system.find(value)
    return [] if code is None else [code, *descendants(system, code)]


def _below(system: CodeSystem, value: str) -> Sequence[str]:
    code = system.find(value)
    return [] if code is None else descendants(system, code)


def _children(system: CodeSystem, value: str) -> Sequence[str]:
    code = system.find(value)
    return [] if code is None else system.children(code)


def _leaves(system: CodeSystem, value: str) -> Sequence[str]:
    return [code for code in _below(system, value) if not system.children(code)]


def _above(system: CodeSystem, value: str) -> Sequence[str]:
    code = system.find(value)
    return [] if code is None else [code, *ancestors(system, code)]


BELOW: dict[str, Codes] = {
    "is-a": _with_self,
    "descendent-of": _below,
    "descendant-of": _below,
    "child-of": _children,
    "descendent-leaf": _leaves,
    "generalizes": _above,
}


def _is(system: CodeSystem, value: str | None, code: str) -> bool:
    return code == value or _is_below(system, value, code)


def _is_below(system: CodeSystem, value: str | None, code: str) -> bool:
    return value is not None and is_above(system, value, code)


# how a code stands to another one, which is None where the system hasn't it
HIERARCHY: dict[str, Callable[[CodeSystem, str | None, str], bool]] = {
    "is-a": _is,
    "is-not-a": lambda system, value, code: not _is(system, value, code),
    "descendent-of": _is_below,
    "descendant-of": _is_below,
    "child-of": lambda system, value, code: value in system.parents(code),
    "descendent-leaf": lambda system, value, code: (
        not system.children(code) and _is_below(system, value, code)
    ),
    "generalizes": lambda system, value, code: (
        value is not None and (code == value or is_above(system, code, value))
    ),
}


def _listed(value: str) -> set[str]:
    return {told for each in value.split(",") if (told := each.strip())}


def _in(value: str) -> Passes:
    listed = _listed(value)
    return lambda found, spend: not listed.isdisjoint(found)


def _not_in(value: str) -> Passes:
    listed = _listed(value)
    return lambda found, spend: listed.isdisjoint(found)


def _regex(value: str) -> Passes:
    pattern = compiled(value)
    return lambda found, spend: any(pattern.fullmatch(each, spend) for each in found)


# an operator with its value, read once: whether the values of a code pass
VALUES: dict[str, Callable[[str], Passes]] = {
    "=": lambda value: lambda found, spend: value in found,
    "in": _in,
    "not-in": _not_in,
    "regex": _regex,
    "exists": lambda value: lambda found, spend: bool(found) == (value == "true"),
}


def _not_understood(system: CodeSystem, given: Filter, origin: str) -> Refused:
    told = given.property, given.op, given.value, origin, system.url
    return Refused(issue(FILTER_NOT_UNDERSTOOD, *told, place=given.place))
