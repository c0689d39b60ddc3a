"""The FHIRPath that patches write, as places in a resource: names, [n], where(), first(), …"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from capability.shape import shape
from fhir_server.errors import BadRequest

Json = Any
_TOKEN = re.compile(
    r"\s*(?:(?P<name>[A-Za-z_][A-Za-z0-9_]*)|`(?P<quoted>[^`]+)`|(?P<number>\d+(?:\.\d+)?)"
    r"|'(?P<text>(?:\\.|[^'\\])*)'|@(?P<time>[0-9T:.+Z-]+)|(?P<sign>!=|[=()\[\].,]))"
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Node:
    """An element at its place: `owner[key]`, or an item of the array there where `at` is not -1.

    `type` is a FHIR type or the path of a nested element; the resource itself has no owner.
    """

    value: Json
    type: str
    owner: Json = None
    key: str = ""
    at: int = -1


def nodes(root: Json, path: str) -> list[Node]:
    """The elements that a path names; raises BadRequest where it can't be read."""
    tokens = list(_tokens(path))
    reader = _Reader(tokens, path)
    found = reader.steps([Node(root, root["resourceType"])], start=True)
    if reader.at != len(tokens):
        raise _unread(path)
    return found


def children(node: Node, name: str) -> Iterator[Node]:
    """The child elements of a name, a choice's by its name without a type."""
    if not isinstance(node.value, dict):
        return
    if name == "resourceType":
        return
    for key, field in _fields(node.type):
        if field.name != name or field.kind == "sibling":
            continue
        if key not in node.value and f"_{key}" not in node.value:
            continue
        value = node.value.get(key)
        if field.many:
            items = value or node.value[f"_{key}"]
            kinds = [_kind(field.type, item) for item in items]
            for at, kind in enumerate(kinds):
                item = value[at] if value else None
                yield Node(item, kind, node.value, key, at)
        else:
            yield Node(value, _kind(field.type, value), node.value, key)


def _fields(type: str) -> list[tuple[str, Any]]:
    try:
        return list(shape(type).fields.items())
    except KeyError:
        return []


def _kind(type: str, value: Json) -> str:
    """A contained resource's own type."""
    if isinstance(value, dict) and "resourceType" in value:
        return str(value["resourceType"])
    return type


def _tokens(path: str) -> Iterator[tuple[str, str]]:
    at = 0
    path = path.rstrip()
    while at < len(path):
        match = _TOKEN.match(path, at)
        if match is None or match.lastgroup is None:
            raise _unread(path)
        at = match.end()
        yield match.lastgroup.replace("quoted", "name"), match[match.lastgroup]


class _Reader:
    """Evaluates while it reads: one pass over the tokens for each set of nodes."""

    def __init__(self, tokens: list[tuple[str, str]], path: str) -> None:
        self._tokens, self._path, self.at = tokens, path, 0

    def steps(self, found: list[Node], *, start: bool = False) -> list[Node]:
        """A chain of names, functions and indexes; at the start it may begin with the type."""
        if not (start and self._take("name", found[0].type)):
            found = self._step(found)
        while self._peek("sign", ".") or self._peek("sign", "["):
            if self._take("sign", "."):
                found = self._step(found)
            else:
                self._need("sign", "[")
                at = int(self._need("number"))
                self._need("sign", "]")
                found = found[at : at + 1]
        return found

    def _step(self, found: list[Node]) -> list[Node]:
        name = self._need("name")
        if not self._take("sign", "("):
            return [child for node in found for child in children(node, name)]
        if name not in FUNCTIONS:
            raise BadRequest(f"{name}() is not done in the path of a patch", self._path)
        result = FUNCTIONS[name](self, found)
        self._need("sign", ")")
        return result

    def where(self, found: list[Node]) -> list[Node]:
        """Keeps the nodes for which the criteria hold."""
        begin = self.at
        kept = []
        for node in found:
            self.at = begin
            if self._criteria(node):
                kept.append(node)
        if not found:
            self.skip()
        return kept

    def exists(self, found: list[Node]) -> list[Node]:
        """Whether there is any node, of those for which the criteria hold."""
        if not self._peek("sign", ")"):
            found = self.where(found)
        return [Node(bool(found), "boolean")]

    def text(self) -> str:
        """The one argument of a function, a string."""
        return _unescaped(self._need("text"))

    def type(self) -> str:
        """The one argument of ofType, a name."""
        name = self._need("name")
        return self._need("name") if self._take("sign", ".") else name

    def skip(self) -> None:
        """Passes over the arguments that no node needs."""
        depth = 0
        while self.at < len(self._tokens):
            depth += self._peek("sign", "(")
            if self._peek("sign", ")"):
                if not depth:
                    return
                depth -= 1
            self.at += 1

    def _criteria(self, node: Node) -> bool:
        held = self._and(node)
        while self._take("name", "or"):
            held = self._and(node) or held
        return held

    def _and(self, node: Node) -> bool:
        held = self._criterion(node)
        while self._take("name", "and"):
            held = self._criterion(node) and held
        return held

    def _criterion(self, node: Node) -> bool:
        if self._take("sign", "("):
            held = self._criteria(node)
            self._need("sign", ")")
            return held
        found = self.steps([node])
        if not (self._peek("sign", "=") or self._peek("sign", "!=")):
            return any(n.value is not False and n.value is not None for n in found)
        equal = self._take("sign", "=")
        if not equal:
            self._need("sign", "!=")
        wanted = self._literal()
        values = [n.value for n in found]
        return bool(values) and (values == [wanted]) is equal

    def _literal(self) -> Json:
        if self.at >= len(self._tokens):
            raise _unread(self._path)
        group, text = self._tokens[self.at]
        self.at += 1
        match group:
            case "text":
                return _unescaped(text)
            case "number":
                return float(text) if "." in text else int(text)
            case "time":
                return text
            case "name" if text in ("true", "false"):
                return text == "true"
        raise _unread(self._path)

    def _peek(self, group: str, text: str) -> bool:
        return self._tokens[self.at : self.at + 1] == [(group, text)]

    def _take(self, group: str, text: str) -> bool:
        if self._peek(group, text):
            self.at += 1
            return True
        return False

    def _need(self, group: str, text: str = "") -> str:
        if self.at < len(self._tokens):
            kind, found = self._tokens[self.at]
            if kind == group and text in ("", found):
                self.at += 1
                return found
        raise _unread(self._path)


def _extension(reader: _Reader, found: list[Node]) -> list[Node]:
    url = reader.text()
    return [c for n in found for c in children(n, "extension") if c.value.get("url") == url]


def _of_type(reader: _Reader, found: list[Node]) -> list[Node]:
    name = reader.type()
    return [n for n in found if n.type == name]


FUNCTIONS: dict[str, Callable[[_Reader, list[Node]], list[Node]]] = {
    "where": _Reader.where,
    "first": lambda reader, found: found[:1],
    "last": lambda reader, found: found[-1:],
    "single": lambda reader, found: found,  # a patch refuses several by itself
    "extension": _extension,
    "ofType": _of_type,
    "exists": _Reader.exists,
    "not": lambda reader, found: [Node(not n.value, "boolean") for n in found],
}


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), text)


def _unread(path: str) -> BadRequest:
    return BadRequest("the path of a patch is a FHIRPath of names, [n] and where()", path)
