"""The functions of FHIRPath (N1 5) and those that FHIR adds, one row each.

A function gets the environment, the collection that it is called on, and its arguments unevaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from capability.fhirpath.env import Env
from capability.fhirpath.errors import PathError
from capability.fhirpath.node import Node, children, descendants, system, typed
from capability.fhirpath.operators import boolean, distinct, single, truth
from capability.fhirpath.references import resolved
from capability.fhirpath.texts import TEXTS
from capability.fhirpath.values import among
from capability.narrative import fault

Nodes = Sequence[Node]
Step = Callable[[Env], Nodes]
Args = Sequence[Step]
Function = Callable[[Env, Nodes, Args], Nodes]


def _kept(env: Env, found: Nodes, test: Step) -> list[Node]:
    return [n for at, n in enumerate(found) if truth(test(env.each(n, at))) is True]


def _exists(env: Env, found: Nodes, given: Args) -> Nodes:
    return boolean(bool(_kept(env, found, given[0]) if given else found))


def _all(env: Env, found: Nodes, given: Args) -> Nodes:
    return boolean(all(truth(given[0](env.each(n, at))) is True for at, n in enumerate(found)))


def _select(env: Env, found: Nodes, given: Args) -> Nodes:
    return [one for at, n in enumerate(found) for one in given[0](env.each(n, at))]


def _repeat(env: Env, found: Nodes, given: Args) -> Nodes:
    made: list[Node] = []
    seen: set[int] = set()
    open = list(found)
    while open:
        step = [one for at, n in enumerate(open) for one in given[0](env.each(n, at))]
        open = []
        for one in step:
            own = id(one.value) if isinstance(one.value, dict) else 0
            if own not in seen and (own or not among(one, made)):
                seen |= {own} - {0}
                open.append(one)
        made += open
    return made


def _iif(env: Env, found: Nodes, given: Args) -> Nodes:
    inner = replace(env, this=found)
    if truth(given[0](inner)) is True:
        return given[1](inner)
    return given[2](inner) if len(given) > 2 else []


def _aggregate(env: Env, found: Nodes, given: Args) -> Nodes:
    total = given[1](env) if len(given) > 1 else []
    for at, node in enumerate(found):
        total = given[0](replace(env.each(node, at), total=total))
    return total


def _single(env: Env, found: Nodes, given: Args) -> Nodes:
    single(found)
    return found


def _whole(env: Env, given: Step) -> int:
    node = single(given(env))
    if node is None or type(node.value) is not int:
        raise PathError("it takes no whole number where one is needed")
    return node.value


def _taken(env: Env, found: Nodes, given: Args) -> Nodes:
    return found[: max(_whole(env, given[0]), 0)]


def _skipped(env: Env, found: Nodes, given: Args) -> Nodes:
    return found[max(_whole(env, given[0]), 0) :]


def _combined(env: Env, found: Nodes, given: Args) -> list[Node]:
    made = [*found, *given[0](env)]
    env.budget.spend(len(made))
    return made


def _compared(env: Env, found: Nodes, given: Args) -> Nodes:
    """The other collection; comparing each with each is paid for."""
    other = given[0](env)
    env.budget.spend(len(found) * len(other))
    return other


def _intersect(env: Env, found: Nodes, given: Args) -> Nodes:
    other = _compared(env, found, given)
    return [node for node in distinct(found) if among(node, other)]


def _exclude(env: Env, found: Nodes, given: Args) -> Nodes:
    other = _compared(env, found, given)
    return [node for node in found if not among(node, other)]


def _subset(env: Env, found: Nodes, given: Args) -> Nodes:
    other = _compared(env, found, given)
    return boolean(all(among(node, other) for node in found))


def _superset(env: Env, found: Nodes, given: Args) -> Nodes:
    return boolean(all(among(node, found) for node in _compared(env, found, given)))


def _booleans(test: Callable[[list[bool]], bool]) -> Function:
    def function(env: Env, found: Nodes, given: Args) -> Nodes:
        return boolean(test([n.value is True for n in found]))

    return function


def _not(env: Env, found: Nodes, given: Args) -> Nodes:
    value = truth(found)
    return boolean(None if value is None else not value)


def _below(env: Env, found: Nodes, given: Args) -> Nodes:
    made: list[Node] = []
    for node in found:
        for one in descendants(node):
            env.budget.spend(1)
            made.append(one)
    return made


def _extension(env: Env, found: Nodes, given: Args) -> Nodes:
    url = single(given[0](env))
    if url is None:
        return []
    listed = (child for node in found for child in children(node, "extension"))
    return [c for c in listed if isinstance(c.value, dict) and c.value.get("url") == url.value]


def _has_value(env: Env, found: Nodes, given: Args) -> Nodes:
    return boolean(len(found) == 1 and found[0].valued)


def _value(env: Env, found: Nodes, given: Args) -> Nodes:
    return [system(n.value) for n in found if n.valued] if len(found) == 1 else []


def _resolve(env: Env, found: Nodes, given: Args) -> Nodes:
    return [one for node in found for one in resolved(node, env)]


def _member(env: Env, found: Nodes, given: Args) -> Nodes:
    node, value_set = single(found), single(given[0](env))
    if node is None or value_set is None:
        return []
    if env.member is None:
        raise PathError("memberOf() needs code systems")
    return boolean(env.member(node, str(value_set.value)))


def _conforms(env: Env, found: Nodes, given: Args) -> Nodes:
    node, profile = single(found), single(given[0](env))
    if node is None or profile is None:
        return []
    if env.conforms is None or node.away:
        raise PathError("conformsTo() needs profiles, and a resource at hand")
    return boolean(env.conforms(node, str(profile.value)))


def _checked(env: Env, found: Nodes, given: Args) -> Nodes:
    return boolean(all(isinstance(n.value, str) and fault(n.value) is None for n in found))


def _today(env: Env, found: Nodes, given: Args) -> Nodes:
    return [Node(env.now.date().isoformat(), "System.Date")]


def _now(env: Env, found: Nodes, given: Args) -> Nodes:
    return [Node(env.now.isoformat(timespec="milliseconds"), "System.DateTime")]


def _clock(env: Env, found: Nodes, given: Args) -> Nodes:
    return [Node(env.now.time().isoformat(timespec="milliseconds"), "System.Time")]


def _of_type(found: Nodes, type: str) -> Nodes:
    return [node for node in found if typed(node, type)]


def _is(found: Nodes, type: str) -> Nodes:
    node = single(found)
    return [] if node is None else boolean(typed(node, type))


TYPED: Mapping[str, Callable[[Nodes, str], Nodes]] = {  # they take a type's name
    "is": _is,
    "as": _of_type,
    "ofType": _of_type,
}
FUNCTIONS: Mapping[str, tuple[int, int, Function]] = {  # fewest and most arguments
    "empty": (0, 0, lambda env, found, given: boolean(not found)),
    "exists": (0, 1, _exists),
    "all": (1, 1, _all),
    "allTrue": (0, 0, _booleans(all)),
    "anyTrue": (0, 0, _booleans(any)),
    "allFalse": (0, 0, _booleans(lambda given: not any(given))),
    "anyFalse": (0, 0, _booleans(lambda given: not all(given))),
    "not": (0, 0, _not),
    "count": (0, 0, lambda env, found, given: [system(len(found))]),
    "where": (1, 1, lambda env, found, given: _kept(env, found, given[0])),
    "select": (1, 1, _select),
    "repeat": (1, 1, _repeat),
    "aggregate": (1, 2, _aggregate),
    "iif": (2, 3, _iif),
    "trace": (1, 2, lambda env, found, given: found),
    "single": (0, 0, _single),
    "first": (0, 0, lambda env, found, given: found[:1]),
    "last": (0, 0, lambda env, found, given: found[-1:]),
    "tail": (0, 0, lambda env, found, given: found[1:]),
    "take": (1, 1, _taken),
    "skip": (1, 1, _skipped),
    "distinct": (0, 0, lambda env, found, given: distinct(found)),
    "isDistinct": (0, 0, lambda env, found, given: boolean(len(distinct(found)) == len(found))),
    "union": (1, 1, lambda env, found, given: distinct(_combined(env, found, given))),
    "combine": (1, 1, _combined),
    "intersect": (1, 1, _intersect),
    "exclude": (1, 1, _exclude),
    "subsetOf": (1, 1, _subset),
    "supersetOf": (1, 1, _superset),
    "children": (0, 0, lambda env, found, given: [c for n in found for c in children(n)]),
    "descendants": (0, 0, _below),
    "extension": (1, 1, _extension),
    "hasValue": (0, 0, _has_value),
    "getValue": (0, 0, _value),
    "resolve": (0, 0, _resolve),
    "memberOf": (1, 1, _member),
    "conformsTo": (1, 1, _conforms),
    "htmlChecks": (0, 0, _checked),
    "today": (0, 0, _today),
    "now": (0, 0, _now),
    "timeOfDay": (0, 0, _clock),
    **TEXTS,
}
