"""Operation: one declaration that feeds routing, parameter checks, docs and /metadata."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

C = TypeVar("C")
Level = Literal["system", "type", "instance"]
Values = dict[str, Any]
ANY = "Resource"  # among the resources of an operation: every resource type


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter; `type` is a FHIR type name, or "" where `parts` make it up."""

    name: str
    type: str = ""
    min: int = 0
    max: str = "1"
    doc: str = ""
    parts: tuple[Param, ...] = ()
    secret: bool = False  # never of a URL, which logs, histories and proxies keep

    @property
    def many(self) -> bool:
        return self.max != "1"


@dataclass(frozen=True, slots=True)
class Operation(Generic[C]):
    """A FHIR operation. `run` gets the checked inputs by name and gives the outputs by name.

    An instance-level run finds the id under "_id" and the resource type under "_on".
    Where the sole output is named "return" and is a resource, it is the reply's body itself.
    """

    code: str
    resources: tuple[str, ...]
    levels: tuple[Level, ...]
    title: str
    inputs: tuple[Param, ...]
    outputs: tuple[Param, ...]
    run: Callable[[C, Values], Awaitable[Values]] = field(repr=False)
    affects_state: bool = False
    open: bool = False  # a body may hold parameters it does not know, and R5 resources
    lasting: bool = False  # the same reply again until a terminology resource is written
    standard: str = ""  # canonical of the specification's own definition, where it has one

    def on(self, type: str) -> bool:
        """Whether resources of the type have it."""
        return type in self.resources or ANY in self.resources
