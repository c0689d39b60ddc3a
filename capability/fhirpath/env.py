"""Env: what an expression is evaluated on, and what it can ask of the world."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from capability.fhirpath.errors import PathError
from capability.fhirpath.node import Node

Json = dict[str, Any]
MOST = 1_000_000  # elements that one evaluation may look at
CONSTANTS = {
    "ucum": "http://unitsofmeasure.org",
    "sct": "http://snomed.info/sct",
    "loinc": "http://loinc.org",
}


@dataclass(slots=True)
class Budget:
    """How many elements an evaluation, or several, may look at."""

    most: int = MOST
    spent: int = 0

    def spend(self, count: int) -> None:
        """Raises PathError where there is nothing left."""
        self.spent += count
        if self.spent > self.most:
            raise PathError(f"it looks at more than {self.most} elements")


@dataclass(slots=True)
class Env:
    """`this` is $this. `member` tells whether a code is in a value set, `conforms` whether an
    element conforms to a profile; without them memberOf() and conformsTo() can't be evaluated."""

    this: Sequence[Node]
    resource: Node
    root: Node
    context: Node
    bundle: Node | None = None  # that the resource is an entry of
    index: int = 0
    total: Sequence[Node] = ()
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    member: Callable[[Node, str], bool] | None = None
    conforms: Callable[[Node, str], bool] | None = None
    names: Mapping[str, str] = field(default_factory=lambda: CONSTANTS)
    budget: Budget = field(default_factory=Budget)

    @classmethod
    def of(cls, resource: Json, root: Json | None = None) -> Env:
        """Of a resource, which `root` contains where it is contained."""
        node = Node(resource, resource["resourceType"])
        outer = node if root is None else Node(root, root["resourceType"])
        return cls([node], node, outer, node)

    def on(self, node: Node) -> Env:
        """The same for a constraint of an element: it is $this and %context."""
        return replace(self, this=[node], context=node)

    def each(self, node: Node, index: int) -> Env:
        """The same for one item of a collection."""
        self.budget.spend(1)
        return replace(self, this=[node], index=index)
