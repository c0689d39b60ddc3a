"""Generate one Python function per resource type that walks a resource once and indexes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from fhir_server.search.expression import As, At, Equals, Field, Path, Present, Resolves, Step
from fhir_server.search.index import Emit, Extract, IndexPath, Rows

BARE = ("boolean", "code", "id", "string", "uri", "ContactPoint")  # tokens without a system


class Choice(NamedTuple):
    """One JSON name of an element: its FHIR type, or its path where it is a backbone."""

    name: str
    type: str
    codes: str = ""  # value set of a required binding


class Child(NamedTuple):
    """A child element; only a choice element has several names."""

    many: bool
    choices: tuple[Choice, ...]


Children = Callable[[str], Mapping[str, Child]]
"""Child elements by name, of a type name or backbone path."""


class NoIndex(ValueError):
    """The parameter can't be searched by: what it names is not there or can't be indexed."""


class Edge(NamedTuple):
    """From an element to a child of it: all of a list, or one of it."""

    name: str
    many: bool
    position: int = -1


@dataclass(slots=True)
class Node:
    """Where paths meet: how to index an element, and where to go from it."""

    emits: dict[tuple[str, str], Emit] = field(default_factory=dict)  # by (kind, index path)
    children: dict[Edge, Node] = field(default_factory=dict)
    guards: dict[Equals, Node] = field(default_factory=dict)

    def fruitful(self) -> bool:
        """Whether anything is indexed here or below."""
        below = (*self.children.values(), *self.guards.values())
        return bool(self.emits or any(node.fruitful() for node in below))


class Tree:
    """All search paths of one resource type, merged so that each element is visited once."""

    def __init__(self, type_: str, children: Children) -> None:
        self.type = type_
        self.root = Node()
        self.children = children

    def add(self, path: Path, kind: str, emits: Mapping[str, Emit]) -> tuple[IndexPath, ...]:
        """Index what `path` reaches by the emitter of its FHIR type; gives where to search for it.

        Raises NoIndex for a path that the type does not have.
        """
        walk = _Walk(self.children, kind, emits)
        walk.go(self.root, self.type, path.steps, IndexPath(self.type))
        return tuple(walk.found)


class _Walk:
    """One path into the tree; `found` are the index paths of the elements at its ends."""

    def __init__(self, children: Children, kind: str, emits: Mapping[str, Emit]) -> None:
        self.children, self.kind, self.emits = children, kind, emits
        self.found: dict[IndexPath, None] = {}

    def go(self, node: Node, type_: str, steps: tuple[Step, ...], place: IndexPath) -> None:
        if not steps:
            if emit := self.emits.get(type_):
                node.emits[self.kind, place.path] = emit
                self.found[_typed(place, type_)] = None
            return
        rest = steps[1:]
        match steps[0]:
            case Field(name):
                self.into(node, self.child(type_, name), rest, _under(place, f".{name}"))
            case As(wanted):
                if _is(type_, wanted):
                    self.go(node, type_, rest, place)
            case Equals(name, value):
                self.child(type_, name)
                guarded = node.guards.setdefault(Equals(name, value), Node())
                self.go(guarded, type_, rest, _under(place, f".where({name}='{value}')"))
            case Resolves(target):
                self.go(node, type_, rest, place._replace(target=target))
            case At() | Present():
                raise NoIndex(f"{place.path}: {steps[0]} follows no element")

    def into(self, node: Node, child: Child, steps: tuple[Step, ...], place: IndexPath) -> None:
        choices, index = child.choices, -1
        if steps == (Present(),):
            names = tuple(c.name for c in choices)
            node.emits["present", place.path] = partial(_present, names)
            self.found[place._replace(bare=True)] = None
            return
        if steps and isinstance(steps[0], As) and len(choices) > 1:
            wanted, steps = steps[0].type, steps[1:]
            place = _under(place, f".as({wanted})")
            choices = tuple(c for c in choices if _is(c.type, wanted))
        if steps and isinstance(steps[0], At):
            index, steps = steps[0].position, steps[1:]
            place = _under(place, f"[{index}]")
        for name, type_, codes in choices:
            inner = node.children.setdefault(Edge(name, child.many, index), Node())
            self.go(inner, type_, steps, place._replace(codes=codes))

    def child(self, type_: str, name: str) -> Child:
        """The element of a name, or one choice of it, as some write it: valueDateTime."""
        children = self.children(type_)
        if name in children:
            return children[name]
        for child in children.values():
            for choice in child.choices:
                if choice.name == name:
                    return child._replace(choices=(choice,))
        raise NoIndex(f"{type_} has no element {name}")


def _typed(place: IndexPath, type_: str) -> IndexPath:
    """The place with what its searches must know of the FHIR type of its elements."""
    return place._replace(
        bare=type_ in BARE, canonical=type_ == "canonical", folded=type_ == "string"
    )


def _under(place: IndexPath, text: str) -> IndexPath:
    return place._replace(path=place.path + text)


def _is(type_: str, wanted: str) -> bool:
    return type_ == wanted or (wanted == "uri" and type_ in ("canonical", "url"))


def _present(names: tuple[str, ...], path: str) -> Extract:
    """Whether the element has any of the children, as a boolean."""

    def extract(value: Any, out: Rows, base: str) -> None:
        there = any(value.get(name) for name in names)
        out.tok.append((path, "true" if there else "false", ""))

    return extract


def generate(tree: Tree) -> Emit:
    """What makes the function that indexes a resource of the type; its paths follow what is given,
    which is "" unless the resource is inside another."""
    writer = _Writer()
    writer.node(tree.root, "resource", 1)
    lines = ("def extract(resource, out, base):", *writer.lines, "    return")
    # The text holds nothing but names that we made, and repr() of what an expression holds.
    code = compile("\n".join(lines), f"<search index of {tree.type}>", "exec")

    def emit(within: str) -> Extract:
        space: dict[str, Any] = {n: e(within + path) for n, (path, e) in writer.emits.items()}
        exec(code, space)  # noqa: S102
        extract: Extract = space["extract"]
        return extract

    return emit


class _Writer:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.emits: dict[str, tuple[str, Emit]] = {}  # by their name in the text, each with a path
        self._names = 0

    def line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def node(self, node: Node, var: str, depth: int) -> None:
        for (_, path), emit in node.emits.items():
            name = f"e{len(self.emits)}"
            self.emits[name] = path, emit
            self.line(depth, f"{name}({var}, out, base)")
        for guard, inner in node.guards.items():
            self.line(depth, f"if {var}.get({guard.name!r}) == {guard.value!r}:")
            self.node(inner, var, depth + 1)
        for edge, inner in node.children.items():
            self.child(edge, inner, var, depth)

    def child(self, edge: Edge, inner: Node, var: str, depth: int) -> None:
        if not inner.fruitful():
            return
        self._names += 1
        here, item = f"v{self._names}", f"i{self._names}"
        self.line(depth, f"if {edge.name!r} in {var}:")  # most are not: no call of `get` for each
        self.line(depth + 1, f"{here} = {var}[{edge.name!r}]")
        if not edge.many:
            self.node(inner, here, depth + 1)
            return
        part = here if edge.position < 0 else f"{here}[{edge.position}:{edge.position + 1}]"
        self.line(depth + 1, f"for {item} in {part}:")
        self.line(depth + 2, f"if {item} is not None:")  # null beside an extension of a primitive
        self.node(inner, item, depth + 3)
