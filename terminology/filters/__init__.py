"""The filters of value sets: each operator as a condition on a code of a system.

https://hl7.org/fhir/R4/valueset-filter-operator.html, with child-of and descendent-leaf of R5.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import replace

from terminology.budget import STEPS_PER_CODE, Budget
from terminology.codesystem import CodeSystem
from terminology.filters.ecl import BadConstraint, evaluate
from terminology.filters.operators import BELOW, HIERARCHY, VALUES
from terminology.filters.properties import HIERARCHIC, has_property, values, wanted
from terminology.filters.regex import BadPattern, compiled
from terminology.issue import Refused, issue
from terminology.messages import FILTER_NOT_UNDERSTOOD, FILTER_WITHOUT_VALUE
from terminology.valueset import Filter

SNOMED = "http://snomed.info/sct"
TRUTHS = frozenset({"true", "false"})
Test = Callable[[str], bool]


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
    if below := [f for f in filters if _is_hierarchic(f) and f.op in BELOW]:
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
            budget.spend(STEPS_PER_CODE)
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
        if _is_constraint(system, each):
            _constrained(system, each, origin, budget)
            continue
        known = each.op in HIERARCHY if _is_hierarchic(each) else False
        known = known or _is_of_expressions(system, each)
        known = known or (each.op in VALUES and has_property(system, each.property))
        if not known or (each.op == "exists" and each.value not in TRUTHS):
            raise _not_understood(system, each, origin)
        if each.op == "regex":
            try:
                compiled(each.value)
            except BadPattern:
                raise _not_understood(system, each, origin) from None


def condition(system: CodeSystem, given: Filter, origin: str, budget: Budget) -> Test:
    """Whether a code passes one filter that `check` let through."""
    if _is_constraint(system, given):
        return _constrained(system, given, origin, budget).__contains__
    if _is_of_expressions(system, given):
        return lambda code: True  # they say whether expressions count, and codes are none
    if _is_hierarchic(given) and given.op in HIERARCHY:
        place, value = HIERARCHY[given.op], system.find(given.value)
        return lambda code: place(system, value, code)
    if given.op not in VALUES:
        raise _not_understood(system, given, origin)
    passes = VALUES[given.op](wanted(system, given))

    def passed(code: str) -> bool:
        return passes(list(values(system, code, given.property)), budget.spend)

    return passed


def _for_many(system: CodeSystem, given: Filter, origin: str, budget: Budget) -> Test:
    """The same, where so many codes are asked about that a set of those that pass pays."""
    if _is_hierarchic(given) and given.op in BELOW:
        return set(BELOW[given.op](system, given.value)).__contains__
    if _is_hierarchic(given) and given.op == "is-not-a":
        barred = set(BELOW["is-a"](system, given.value))
        return lambda code: code not in barred
    return condition(system, given, origin, budget)


def _is_hierarchic(given: Filter) -> bool:
    """Whether the filter is on the place of a code among the others."""
    return given.property in HIERARCHIC


def _is_constraint(system: CodeSystem, given: Filter) -> bool:
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


def _not_understood(system: CodeSystem, given: Filter, origin: str) -> Refused:
    told = given.property, given.op, given.value, origin, system.url
    return Refused(issue(FILTER_NOT_UNDERSTOOD, *told, place=given.place))
