"""SNOMED CT's Expression Constraint Language, as far as is-a and attributes carry it.

https://docs.snomed.org/snomed-ct-specifications/snomed-ct-expression-constraint-language
Understood are < << <! > >> >!, *, AND, OR, MINUS, brackets and refinements (attribute = or !=
value, with `,` AND OR); not reference sets, role groups, cardinalities, concrete values, filters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from terminology.budget import STEPS_PER_CODE, Spend, free
from terminology.codesystem import CodeSystem, Coding

Codes = frozenset[str]
Step = Callable[[CodeSystem, str], Sequence[str]]
ANY = "*"
DEEPEST = 100  # brackets within brackets
_COMMENT = re.compile(r"/\*.*?(?P<end>\*/|\Z)", re.DOTALL)
_TOKEN = re.compile(
    r"\s*+(?P<token><<|<!|<|>>|>!|>|\(|\)|:|,|!=|=|\*|\d+|[A-Za-z]+|\S)"
    r"(?P<term>\s*+\|[^|]*+\|)?",
    re.DOTALL,
)


class BadConstraint(ValueError):
    """The text is no expression constraint, or needs what isn't understood here."""


def evaluate(system: CodeSystem, text: str, spend: Spend = free) -> Codes:
    """The codes that a constraint selects; raises BadConstraint, which says where it goes wrong.

    `spend` is told the steps, and may raise.
    """
    return _Reading(system, text, spend).whole()


class _Reading:
    """A constraint at work: tokens, and the place among them."""

    def __init__(self, system: CodeSystem, text: str, spend: Spend) -> None:
        self._system, self._spend = system, spend
        bare = _COMMENT.sub(lambda m: " " * len(m[0]) if m["end"] else m[0], text)
        self._tokens = [(m["token"], m.start("token")) for m in _TOKEN.finditer(bare.rstrip())]
        self._tokens.append(("", len(text)))
        self._at = self._depth = 0

    def whole(self) -> Codes:
        found = self._expression()
        if self._next:
            raise self._wrong("the end")
        return found

    @property
    def _next(self) -> str:
        return self._tokens[self._at][0]

    def _take(self) -> str:
        token = self._next
        self._at += 1
        return token

    def _wrong(self, wanted: str) -> BadConstraint:
        token, place = self._tokens[self._at]
        found = repr(token) if token else "the end"
        return BadConstraint(f"{wanted} is expected at character {place + 1}, not {found}")

    def _expression(self) -> Codes:
        found = self._refined()
        first = self._next.upper()
        while (joint := self._next.upper()) in JOINTS:
            if joint != first:
                raise self._wrong(f"a bracket around what {first} joins")
            self._take()
            found = self._joined(joint, found, self._refined())
            if first == "MINUS" and self._next.upper() == first:
                raise self._wrong("a bracket around what MINUS joins")
        return found

    def _refined(self) -> Codes:
        found = self._simple()
        if self._next != ":":
            return found
        self._take()
        tests = self._attribute(found)
        while self._next == "," or self._next.upper() in ("AND", "OR"):
            joint = "OR" if self._take().upper() == "OR" else "AND"
            tests = self._joined(joint, tests, self._attribute(found))
        return tests

    def _joined(self, joint: str, one: Codes, other: Codes) -> Codes:
        self._spend(len(one) + len(other))
        return JOINTS[joint](one, other)

    def _attribute(self, among: Codes) -> Codes:
        """Those of the codes that have an attribute with one of the values."""
        names = self._simple()
        sign = self._take()
        if sign not in ("=", "!="):
            self._at -= 1
            raise self._wrong("= or !=")
        values = self._simple()

        def has(code: str) -> bool:
            told = self._system.concept(code).properties
            self._spend(STEPS_PER_CODE + len(told))
            own = [_code(p.value) for p in told if p.code in names]
            return any((value in values) == (sign == "=") for value in own)

        return frozenset(filter(has, among))

    def _simple(self) -> Codes:
        operator = self._take() if self._next in BELOW else ""
        if self._next == "(":
            codes = self._bracketed()
        elif self._next == ANY:
            self._take()
            codes = frozenset(self._system.codes())
            self._spend(len(codes))
        elif self._next.isdigit():
            code = self._system.find(self._take())
            if code is None:
                self._at -= 1
                raise BadConstraint(f"there is no concept {self._next} in {self._system.url}")
            codes = frozenset((code,))
        else:
            raise self._wrong("a concept")
        return self._related(codes, *BELOW[operator]) if operator else codes

    def _bracketed(self) -> Codes:
        if self._depth == DEEPEST:
            raise self._wrong(f"at most {DEEPEST} brackets within each other")
        self._take()
        self._depth += 1
        codes = self._expression()
        self._depth -= 1
        if self._take() != ")":
            self._at -= 1
            raise self._wrong(")")
        return codes

    def _related(self, codes: Codes, step: Step, reach: str) -> Codes:
        """What a step leads to from any of the codes, or steps; each code is left but once."""
        found: set[str] = set()
        waiting = list(codes)
        while waiting:
            further = [each for each in step(self._system, waiting.pop()) if each not in found]
            self._spend(STEPS_PER_CODE + len(further))
            found.update(further)
            if reach != ONE:
                waiting += further
        return codes | found if reach == SELF else frozenset(found)


def _code(value: object) -> str:
    return value.code if isinstance(value, Coding) else str(value)


def _right_below(system: CodeSystem, code: str) -> Sequence[str]:
    return system.children(code)


def _right_above(system: CodeSystem, code: str) -> Sequence[str]:
    return system.parents(code)


# an operator's step, and how far it goes: one step, any number of them, or none too
ONE, MANY, SELF = "one", "many", "self"
BELOW: dict[str, tuple[Step, str]] = {
    "<": (_right_below, MANY),
    "<<": (_right_below, SELF),
    "<!": (_right_below, ONE),
    ">": (_right_above, MANY),
    ">>": (_right_above, SELF),
    ">!": (_right_above, ONE),
}
JOINTS: dict[str, Callable[[Codes, Codes], Codes]] = {
    "AND": lambda a, b: a & b,
    "OR": lambda a, b: a | b,
    "MINUS": lambda a, b: a - b,
}
