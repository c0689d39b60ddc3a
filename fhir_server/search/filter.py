"""_filter: expressions of criteria with and, or, not and brackets (R4 search_filter.html).

filter = term (("and" | "or") term)*, `and` binds more tightly
term   = "not" "(" filter ")" | "(" filter ")" | path operator value
path   = name ("." name)* | name "[" filter "]" "." path
"""

from __future__ import annotations

import re
from collections.abc import Callable

from fhir_server.errors import BadRequest, NotSupported
from fhir_server.search.criteria import TYPES, Lookup, Unknown, Walked, criterion
from fhir_server.search.terms import Chain, Criterion, Each, Either, Not
from fhir_server.search.value import ORDER

DEEPEST = 20  # brackets within brackets
NAME = "_filter"
TOKEN = re.compile(r'\s*(?:(?P<q>"(?:[^"\\]|\\.)*")|(?P<s>[()\[\]])|(?P<w>[^\s()\[\]"]+))')
PREFIXED = frozenset({"eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"})
RANGED = frozenset({"date", "number", "quantity"})
BY_TYPE = {  # operator: modifier, by search type
    "eq": {"string": "exact", "token": "", "reference": "", "uri": ""},
    "co": {"string": "contains", "uri": "contains"},
    "sw": {"string": "", "uri": "starts"},
    "ew": {"string": "ends", "uri": "ends"},
    "ss": {"token": "above"},
    "sb": {"token": "below"},
    "in": {"token": "in"},
    "re": {"reference": ""},
    "po": {"date": "overlaps"},
} | {operator: {"string": operator, "uri": operator} for operator in ORDER}


def read(type: str, text: str, compiled: Lookup, walked: Walked) -> Criterion:
    """The criterion of a filter; raises BadRequest, NotSupported, Unknown with its place."""
    reader = _Reader(text, compiled, walked)
    found = reader.either(type, 0)
    if reader.rest:
        raise BadRequest(f"what follows {reader.taken!r} can't be read", NAME)
    return found


class _Reader:
    """Tokens of a filter, the next one last."""

    def __init__(self, text: str, compiled: Lookup, walked: Walked) -> None:
        self._compiled, self._walked = compiled, walked
        self.rest: list[str] = []
        self.taken = ""
        text, place = text.rstrip(), 0
        while place < len(text):
            match = TOKEN.match(text, place)
            if match is None:
                raise BadRequest(f"a filter can't be read from character {place} on", NAME)
            self.rest.append(match[0].strip())
            place = match.end()
        self.rest.reverse()

    def next(self) -> str:
        if not self.rest:
            raise BadRequest(f"the filter ends early, after {self.taken!r}", NAME)
        self.taken = self.rest.pop()
        return self.taken

    def take(self, token: str) -> bool:
        if self.rest and self.rest[-1] == token:
            self.next()
            return True
        return False

    def need(self, token: str) -> None:
        if not self.take(token):
            raise BadRequest(f"{token!r} was expected after {self.taken!r}", NAME)

    def either(self, type: str, depth: int) -> Criterion:
        if depth > DEEPEST:
            raise NotSupported(f"a filter has up to {DEEPEST} brackets in brackets", NAME)

        def terms() -> Criterion:
            return self._joined("and", type, lambda: self.term(type, depth))

        return self._joined("or", type, terms)

    def _joined(self, word: str, type: str, part: Callable[[], Criterion]) -> Criterion:
        parts = [part()]
        while self.take(word):
            parts.append(part())
        if len(parts) == 1:
            return parts[0]
        kind = Either if word == "or" else Each
        return kind(type, tuple(parts))

    def term(self, type: str, depth: int) -> Criterion:
        if self.take("not"):
            self.need("(")
            return Not(type, self._bracket(type, depth))
        if self.take("("):
            return self._bracket(type, depth)
        return self.comparison(type, depth)

    def _bracket(self, type: str, depth: int) -> Criterion:
        inner = self.either(type, depth + 1)
        self.need(")")
        return inner

    def comparison(self, type: str, depth: int) -> Criterion:
        path = self.next()
        if self.take("["):
            return self._chained(type, path, depth + 1)
        return self._compare(type, path, self.next(), self.next())

    def _chained(self, type: str, path: str, depth: int) -> Criterion:
        """`path[filter].rest`, read anew for each type that the reference may name."""
        begin, end = list(self.rest), self.rest
        links: list[tuple[str, Criterion]] = []
        unknown: Unknown | None = None
        for target in self._targets(type, path):
            self._walked.on(NAME)
            self.rest = list(begin)
            try:
                both = self._condition(target, depth), self.comparison(target, depth)
            except Unknown as error:
                unknown = error
                continue
            links.append((target, Each(target, both)))
            end = self.rest
        if not links:
            raise unknown or BadRequest(f"{path!r} refers to nothing", NAME)
        self.rest = end
        return Chain(self._compiled(type).paths[path], tuple(links))

    def _condition(self, type: str, depth: int) -> Criterion:
        found = self.either(type, depth)
        self.need("]")
        rest = self.next()
        if not rest.startswith("."):
            raise BadRequest("a path goes on after its ], as in a[b eq c].d", NAME)
        self.rest.append(rest[1:])
        return found

    def _targets(self, type: str, path: str) -> tuple[str, ...]:
        found = self._compiled(type).targets.get(path)
        if not found:
            raise BadRequest(f"{path!r} of {type} is no reference of known types", NAME)
        return found

    def _compare(self, type: str, path: str, operator: str, value: str) -> Criterion:
        """One parameter, chained or not, as the query parameter that means the same."""
        if operator == "pr":
            if value not in ("true", "false"):
                raise BadRequest("pr is followed by true or false", NAME)
            present = "false" if value == "true" else "true"
            return self._made(type, f"{path}:missing", present)
        written = _value(value)
        kind = self._kind(type, path)
        if operator == "ne" and kind not in RANGED | {"string", "uri"}:
            there = self._made(type, f"{path}:missing", "false")
            return Each(type, (there, Not(type, self._compare(type, path, "eq", value))))
        if kind in RANGED and operator in PREFIXED:
            return self._made(type, path, f"{operator}{written}")
        if kind == "" and operator == "eq":  # what the store itself knows: _id
            return self._made(type, path, written)
        modifier = BY_TYPE.get(operator, {}).get(kind)
        if modifier is None:
            raise NotSupported(f"{operator!r} is no operator of {path!r} here", NAME)
        if operator == "eq" and kind == "string":  # the whole text, in any case
            return self._made(type, f"{path}:whole", written)
        return self._made(type, f"{path}:{modifier}" if modifier else path, written)

    def _made(self, type: str, name: str, value: str) -> Criterion:
        return criterion(
            *(type, name, value),
            compiled=self._compiled,
            filtering=True,
            walked=self._walked,
        )

    def _kind(self, type: str, path: str) -> str:
        """The search type of the last parameter of a path."""
        head, _, rest = path.partition(".")
        code, _, only = head.partition(":")
        if code == "_id":
            return ""
        if code == "_lastUpdated":
            return "date"
        if not rest:
            return self._compiled(type).kinds.get(code, "")
        if only and only not in TYPES:
            raise BadRequest(f"{only!r} is no resource type", NAME)
        targets = (only,) if only else self._compiled(type).targets.get(code, ())
        kinds = (self._kind(t, rest) for t in targets if t)
        return next((kind for kind in kinds if kind), "")


def _value(token: str) -> str:
    """A value as a query parameter writes it: no list of alternatives, escapes as they were."""
    if token.startswith('"'):
        token = token[1:-1].replace('\\"', '"')
    return token.replace(",", "\\,").replace("$", "\\$")
