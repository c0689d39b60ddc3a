"""Path: a FHIRPath expression read once into closures (N1 grammar), to be evaluated many times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from capability.fhirpath.env import Env
from capability.fhirpath.errors import PathError
from capability.fhirpath.functions import FUNCTIONS, TYPED
from capability.fhirpath.node import Node, system
from capability.fhirpath.operators import BINARY, TYPE, negative, truth
from capability.fhirpath.steps import (
    Nodes,
    Step,
    binary,
    constant,
    indexed,
    literal,
    member,
    of_type,
    special,
    start,
)
from capability.fhirpath.values import UNITS

TOKEN = re.compile(
    r"(?:(?P<name>[A-Za-z_][A-Za-z0-9_]*)|`(?P<quoted>(?:\\.|[^`\\])+)`"
    r"|(?P<number>\d+(?:\.\d+)?)|'(?P<text>(?:\\.|[^'\\])*)'|@T(?P<clock>\d\d[0-9:.]*)"
    r"|@(?P<time>\d{4}(?:-\d\d(?:-\d\d)?)?(?:T(?:\d\d[0-9:.]*)?(?:Z|[+-]\d\d:\d\d)?)?)"
    r"|(?P<sign>!=|!~|<=|>=|[\[\](){}.,=~<>|+\-&*/%$]))"
)
BETWEEN = re.compile(r"(?:\s|//[^\n]*|/\*[\s\S]*?\*/)*")
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}
SIGNS = ("(", "{", "%", "$")  # that a term starts with
DEEPEST = 60
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Path:
    """An expression; evaluating it raises PathError where that can't be done."""

    step: Step

    def __call__(self, env: Env) -> Nodes:
        try:
            return self.step(env)
        except RecursionError:
            raise PathError("it leads too deep") from None

    def holds(self, env: Env) -> bool:
        """Whether a constraint holds; one that gives nothing is not known to be broken."""
        return truth(self(env)) is not False


@lru_cache(4096)
def compiled(text: str) -> Path:
    """The expression read; raises PathError where it is none, or names what is not done."""
    if len(text) > LONGEST:
        raise PathError("the expression is too long")
    reader = _Reader([*_tokens(text)])
    step = reader.expression(0)
    reader.end()
    return Path(step)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = _between(text, 0)
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise PathError(f"it can't be read at character {at + 1}")
        yield match.lastgroup, match[match.lastgroup]
        at = _between(text, match.end())


def _between(text: str, at: int) -> int:
    """The end of the white space and comments that start here."""
    found = BETWEEN.match(text, at)
    return found.end() if found else at


def unescaped(text: str) -> str:
    """The string that a literal stands for."""
    return re.sub(
        r"\\(?:u([0-9a-fA-F]{4})|(.))",
        lambda m: chr(int(m[1], 16)) if m[1] else ESCAPES.get(m[2], m[2]),
        text,
    )


class _Reader:
    """Reads by precedence: `expression(n)` takes the operators that bind more strongly than n."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens, self._at, self._depth = tokens, 0, 0

    def expression(self, least: int) -> Step:
        self._depth += 1
        if self._depth > DEEPEST:
            raise PathError("it is nested too deep")
        left = self._polar()
        while True:
            group, text = self._next()
            if group in ("name", "sign") and text in BINARY and BINARY[text][0] > least:
                self._at += 1
                bound, operator = BINARY[text]
                left = binary(left, operator, self.expression(bound))
            elif group == "name" and text in ("is", "as") and least < TYPE:
                self._at += 1
                left = of_type(left, TYPED[text], self._type())
            else:
                self._depth -= 1
                return left

    def _polar(self) -> Step:
        minus = self._take("sign", "-")
        if not minus:
            self._take("sign", "+")
        step = self._postfixed(self._term())
        return (lambda env: negative(step(env))) if minus else step

    def _term(self) -> Step:
        group, text = self._next()
        self._at += 1
        if group == "sign" and text in SIGNS:
            return self._signed(text)
        match group:
            case "text":
                return literal(system(unescaped(text)))
            case "number":
                return self._number(text)
            case "time":
                kind = "System.DateTime" if "T" in text else "System.Date"
                return literal(Node(text.removesuffix("T"), kind))
            case "clock":
                return literal(Node(text, "System.Time"))
            case "name" if text in ("true", "false"):
                return literal(system(text == "true"))
            case "name" | "quoted":
                if group == "name" and self._peek("sign", "("):
                    return self._call(text, None)
                return start(unescaped(text))
        self._at -= 1
        raise self._unread()

    def _signed(self, sign: str) -> Step:
        if sign == "%":
            return constant(self._word())
        if sign == "$":
            return special(self._word())
        if sign == "{":
            self._need("sign", "}")
            return lambda env: []
        inner = self.expression(0)
        self._need("sign", ")")
        return inner

    def _number(self, text: str) -> Step:
        value = Decimal(text) if "." in text else int(text)
        group, unit = self._next()
        if group == "text" or (group == "name" and unit.removesuffix("s") in UNITS):
            self._at += 1
            return literal(Node({"value": value, "code": unescaped(unit)}, "System.Quantity"))
        return literal(system(value))

    def _postfixed(self, step: Step) -> Step:
        while True:
            if self._take("sign", "."):
                group, _ = self._next()
                name = self._word()
                if group == "name" and self._peek("sign", "("):
                    step = self._call(name, step)
                else:
                    step = member(step, name)
            elif self._take("sign", "["):
                index = self.expression(0)
                self._need("sign", "]")
                step = indexed(step, index)
            else:
                return step

    def _call(self, name: str, source: Step | None) -> Step:
        self._need("sign", "(")
        over = source or (lambda env: env.this)
        if name in TYPED:
            type = self._type()
            self._need("sign", ")")
            return of_type(over, TYPED[name], type)
        if name not in FUNCTIONS:
            raise PathError(f"{name}() is not done")
        given: list[Step] = []
        if not self._peek("sign", ")"):
            given.append(self.expression(0))
            while self._take("sign", ","):
                given.append(self.expression(0))
        self._need("sign", ")")
        least, most, run = FUNCTIONS[name]
        if not least <= len(given) <= most:
            raise PathError(f"{name}() takes {least} to {most} arguments")
        return lambda env: run(env, over(env), given)

    def _type(self) -> str:
        name = self._word()
        return f"{name}.{self._word()}" if self._take("sign", ".") else name

    def _word(self) -> str:
        group, text = self._next()
        if group not in ("name", "quoted", "text"):
            raise self._unread()
        self._at += 1
        return text if group == "name" else unescaped(text)

    def end(self) -> None:
        """Raises PathError where something is left."""
        if self._at < len(self._tokens):
            raise self._unread()

    def _next(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _peek(self, group: str, text: str) -> bool:
        return self._next() == (group, text)

    def _take(self, group: str, text: str) -> bool:
        if self._peek(group, text):
            self._at += 1
            return True
        return False

    def _need(self, group: str, text: str) -> None:
        if not self._take(group, text):
            raise self._unread()

    def _unread(self) -> PathError:
        if self._at >= len(self._tokens):
            return PathError("it ends too early")
        return PathError(f"it can't be read at {self._tokens[self._at][1]!r}")
