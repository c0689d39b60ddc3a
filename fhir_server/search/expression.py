"""Read the R4 search expressions: unions of paths with `as`, `where(...)` and an index."""

from __future__ import annotations

import re
from typing import NamedTuple

TOKEN = re.compile(r"\s+|(?P<t>resolve\(\)|exists\(\)|!=|'[^']*'|\[\d+\]|\w+|[.()|=])")


EXTENSION, OF_TYPE = re.compile(r"extension\('([^']*)'\)"), re.compile(r"(\.)ofType\(")


class Unreadable(ValueError):
    """The expression is outside the grammar."""


class Field(NamedTuple):
    """Go to the child of this name."""

    name: str


class As(NamedTuple):
    """Keep values of this FHIR type."""

    type: str


class Resolves(NamedTuple):
    """Keep references to this resource type."""

    type: str


class Equals(NamedTuple):
    """Keep elements whose child has this value."""

    name: str
    value: str


class At(NamedTuple):
    """Take one of a list."""

    position: int


class Present(NamedTuple):
    """Whether there is a value and it is not `false`, as a boolean."""


Step = Field | As | Resolves | Equals | At | Present


class Path(NamedTuple):
    """A path from a resource type, or from any with the root ""."""

    root: str
    steps: tuple[Step, ...]


def parse(expression: str) -> tuple[Path, ...]:
    """The paths of the union. Unreadable for what the R4 parameters do not use.

    But `ofType(X)` and `extension('url')` are read too, as users write them in their own.
    """
    expression = OF_TYPE.sub(r"\1as(", EXTENSION.sub(r"extension.where(url='\1')", expression))
    reader = _Reader(expression)
    paths = [reader.term()]
    while reader.take("|"):
        paths.append(reader.term())
    if reader.rest:
        raise Unreadable(f"{reader.rest[-1]!r} in {expression!r}")
    return tuple(paths)


class _Reader:
    """Tokens of an expression, the next one last."""

    def __init__(self, expression: str) -> None:
        self.text = expression
        self.rest = [m["t"] for m in TOKEN.finditer(expression) if m["t"]][::-1]

    def take(self, token: str) -> bool:
        if self.rest and self.rest[-1] == token:
            self.rest.pop()
            return True
        return False

    def need(self, token: str) -> None:
        if not self.take(token):
            raise Unreadable(f"no {token!r} in {self.text!r}")

    def next(self) -> str:
        if not self.rest:
            raise Unreadable(f"{self.text!r} ends early")
        return self.rest.pop()

    def term(self) -> Path:
        if self.take("("):
            path = self.term()
            self.need(")")
            root, steps = path.root, list(path.steps)
        else:
            root, steps = self.next(), []
            if root[:1].islower():  # InsurancePlan's name is written without its type
                root, steps = "", [Field(root)]
        while self.rest:
            if self.take("."):
                steps.append(self.step())
            elif self.take("as"):
                steps.append(As(self.next()))
            elif self.rest[-1].startswith("["):
                steps.append(At(int(self.next()[1:-1])))
            elif self.take("and"):
                self.same_but_false(root, steps)
            else:
                break
        return Path(root, tuple(steps))

    def step(self) -> Step:
        name = self.next()
        if name == "exists()":
            return Present()
        if not self.take("("):
            return Field(name)
        if name == "as":
            found: Step = As(self.next())
        elif name != "where":
            raise Unreadable(f"{name}() in {self.text!r}")
        elif self.take("resolve()"):
            self.need("is")
            found = Resolves(self.next())
        else:
            field = self.next()
            self.need("=")
            found = Equals(field, self.next().strip("'"))
        self.need(")")
        return found

    def same_but_false(self, root: str, steps: list[Step]) -> None:
        """`X.exists() and X != false`, the one conjunction of R4 (Patient.deceased)."""
        again = Path(self.next(), ())
        fields: list[Step] = []
        while self.take("."):
            fields.append(self.step())
        self.need("!=")
        self.need("false")
        if again.root != root or [*fields, Present()] != steps:
            raise Unreadable(self.text)
