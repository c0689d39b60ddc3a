"""The steps of a path: closures that give nodes, each put together from those before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from capability.fhirpath.env import Env
from capability.fhirpath.errors import PathError
from capability.fhirpath.node import Node, children, system, types
from capability.fhirpath.operators import single

Nodes = Sequence[Node]
Step = Callable[[Env], Nodes]


def literal(node: Node) -> Step:
    """What is written."""
    found = (node,)
    return lambda env: found


def binary(left: Step, operator: Callable[[Nodes, Nodes], Nodes], right: Step) -> Step:
    """An operator on what two steps give."""
    return lambda env: operator(left(env), right(env))


def of_type(source: Step, run: Callable[[Nodes, str], Nodes], type: str) -> Step:
    """`is` or `as` a type."""
    return lambda env: run(source(env), type)


def constant(name: str) -> Step:
    """%name: the resource, its root, a name that the evaluation was told."""
    match name:
        case "resource":
            return lambda env: [env.resource]
        case "rootResource":
            return lambda env: [env.root]
        case "context":
            return lambda env: [env.context]

    def named(env: Env) -> Nodes:
        if name not in env.names:
            raise PathError(f"nobody told what %{name} is")
        return [system(env.names[name])]

    if name.startswith("vs-"):
        return literal(system(f"http://hl7.org/fhir/ValueSet/{name[3:]}"))
    if name.startswith("ext-"):
        return literal(system(f"http://hl7.org/fhir/StructureDefinition/{name[4:]}"))
    return named


def special(name: str) -> Step:
    """$name; raises PathError where there is none of it."""
    match name:
        case "this":
            return lambda env: env.this
        case "index":
            return lambda env: [system(env.index)]
        case "total":
            return lambda env: env.total
    raise PathError(f"${name} is not known")


def start(name: str) -> Step:
    """The first name of a path: an element of $this, or its type."""

    def step(env: Env) -> Nodes:
        if name[:1].isupper() and all(name in types(node.type) for node in env.this):
            return env.this
        return _below(env, env.this, name)

    return step


def member(source: Step, name: str) -> Step:
    """The elements of that name."""
    return lambda env: _below(env, source(env), name)


def _below(env: Env, nodes: Nodes, name: str) -> list[Node]:
    found = [child for node in nodes for child in children(node, name)]
    env.budget.spend(len(nodes) + len(found))
    return found


def indexed(source: Step, index: Step) -> Step:
    """One of the nodes, by its number from 0."""

    def step(env: Env) -> Nodes:
        found, at = source(env), single(index(env))
        if at is None:
            return []
        if type(at.value) is not int:
            raise PathError("an index is a whole number")
        return found[at.value : at.value + 1] if at.value >= 0 else []

    return step
