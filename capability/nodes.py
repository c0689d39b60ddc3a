"""The schemas as nodes of the compiled kernel: the same description, walked without a copy.

What no operation of the kernel says is asked of Python for that value alone: our own keywords, and
of JSON schema's what only its validator knows (a regex, an enumeration of numbers).
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import jsonschema_rs

from capability import narrative, xhtml
from capability.definitions import RESOURCE_TYPES
from capability.keywords import KEYWORDS, Test
from capability.patterns import PATTERNS, anchored
from capability.primitives import MAX_STRING
from capability.schema import DIALECT, PREFIX, Json, Writer
from kernels.native import KernelUnavailable
from kernels.schema import Kind, Nodes, Operation, Text

MANY = 1 << 40
TEXTS = {
    anchored(PATTERNS[kind]): text
    for text, kinds in {
        Text.STRING: ("string", "markdown"), Text.URI: ("uri", "url", "canonical"),
        Text.CODE: ("code",), Text.ID: ("id",), Text.DATE: ("date",), Text.TIME: ("time",),
        Text.DATE_TIME: ("dateTime",), Text.INSTANT: ("instant",), Text.OID: ("oid",),
        Text.UUID: ("uuid",), Text.BASE64: ("base64Binary",),
    }.items()
    for kind in kinds
}  # fmt: skip
EXACT = {  # of these a no is as true as a yes
    "required", "anyOf", "oneOf", "allOf", "not", "enum", "properties", "items", "minItems",
    "maxItems", "minProperties", "maxProperties", "pattern",
}  # fmt: skip
COMBINED = {"anyOf": Operation.ANY, "oneOf": Operation.ONE, "allOf": Operation.ALL}
FORMATS: dict[str, Test] = {"narrative": narrative.holds}


class Program:
    """Compiles what a writer writes; each definition once, for all the types that refer to it."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._nodes = Nodes()
        self._definitions: dict[str, int] = {}
        self._shared: dict[Any, int] = {}

    def resource(self, resource_type: str) -> Test:
        """A test of a resource type. Raises KernelUnavailable without a compiled kernel."""
        return self.test(self._writer.type(resource_type))

    def test(self, schema: Json) -> Test:
        """A test by a schema, which may refer to what the writer has written."""
        made = self._nodes.test(self._node(schema))
        if made is None:
            raise KernelUnavailable("nodes need the compiled kernel")
        return made

    def _node(self, schema: Json, own: _Own | None = None) -> int:
        """The node of a schema; `own` where it is about an object that has a node already."""
        if "$ref" in schema:
            return self._definition(schema["$ref"].removeprefix(PREFIX))
        if schema.get("additionalProperties") is False:
            return self._object(self._nodes.reserved(6), schema)
        left = {key: value for key, value in schema.items() if key != "type"}
        parts = [*self._typed(schema.get("type"), left)]
        while left:
            parts.append(self._keyword(left, own))
        if len(parts) == 1:
            return parts[0]
        return self._many(Operation.ALL, parts) if parts else self._one(Operation.ANYTHING)

    def _one(self, operation: Operation, *words: int) -> int:
        """A node that others may use as well."""
        key = (operation, *words)
        if key not in self._shared:
            self._shared[key] = self._nodes.node(operation, *words)
        return self._shared[key]

    def _many(self, operation: Operation, parts: Iterable[int]) -> int:
        listed = [*parts]
        return self._one(operation, len(listed), *listed)

    def _ask(self, test: Test) -> int:
        return self._nodes.node(Operation.ASK, self._nodes.owned(test))

    def _definition(self, name: str) -> int:
        if name not in self._definitions:
            address = self._definitions[name] = self._nodes.reserved(6)
            self._object(address, self._writer.definitions[name])
            self._writer.definitions[name] = {}  # known by its name from now on
        return self._definitions[name]

    def _object(self, address: int, schema: Json) -> int:
        """An object of known properties, with what its keywords ask of them."""
        own = _Own(schema)
        left = dict(schema)
        for known in ("type", "additionalProperties"):
            del left[known]
        properties = left.pop("properties")
        wanted = own.bits(left.pop("required", ()))
        least, most = left.pop("minProperties", 0), left.pop("maxProperties", MANY)
        names = {name: (self._node(inner), own.all(name)) for name, inner in properties.items()}
        more = self._node(left, own) if left else 0
        table = self._nodes.names(names)
        return self._nodes.filled(address, Operation.OBJECT, table, wanted, least, most, more)

    def _typed(self, kind: str | None, left: Json) -> Iterator[int]:
        """The nodes of a schema's type, with the keywords that its operation knows."""
        if kind == "array":
            yield self._items(Operation.ARRAY, left)
        elif kind == "string" and (text := self._text(left.get("pattern", ""))):
            del left["pattern"]
            if text[0] is Text.STRING and left.get("maxLength") == MAX_STRING:
                del left["maxLength"]
            yield self._one(Operation.TEXT, *text)
        elif kind == "integer" and left.keys() >= {"minimum", "maximum"}:
            yield self._one(Operation.WHOLE, left.pop("minimum"), left.pop("maximum"))
        elif kind == "number":
            yield self._one(Operation.NUMBER)
        elif kind:
            yield self._one(Operation.KIND, Kind[kind.upper()])

    def _items(self, operation: Operation, left: Json) -> int:
        item = self._node(left.pop("items", {}))
        return self._one(operation, item, left.pop("minItems", 0), left.pop("maxItems", MANY))

    def _text(self, pattern: str) -> tuple[int, ...]:
        """The kind of text that a pattern describes, and what it needs; () where none does."""
        if pattern in TEXTS:
            return (TEXTS[pattern],)
        if pattern in self._writer.references:
            names = self._names(self._writer.references[pattern] or RESOURCE_TYPES)
            return Text.REFERENCE, names, self._writer.conditional
        if pattern and re.fullmatch("[A-Za-z0-9_/-]+", pattern):
            return Text.LITERAL, self._nodes.literal(pattern.encode()), len(pattern)
        return ()

    def _names(self, names: Sequence[str]) -> int:
        key = tuple(names)
        if key not in self._shared:
            self._shared[key] = self._nodes.names(dict.fromkeys(key, (0, 0)))
        return self._shared[key]

    def _keyword(self, left: Json, own: _Own | None) -> int:
        """The node of a keyword, and of those that belong to it, which are taken away."""
        keyword = next(iter(left))
        if keyword in ("items", "minItems", "maxItems"):
            return self._items(Operation.EACH, left)
        if keyword in ("minProperties", "maxProperties"):
            least, most = left.pop("minProperties", 0), left.pop("maxProperties", MANY)
            return self._one(Operation.SIZE, least, most)
        if keyword in ("minimum", "maximum"):
            bounds = left.pop("minimum", -math.inf), left.pop("maximum", math.inf)
            above = left.pop("exclusiveMinimum", False)
            return self._one(Operation.RANGE, *map(_double, bounds), above)
        value = left.pop(keyword)
        if keyword == "required":
            return self._counted(value, len(value), len(value), own)
        if keyword == "dependencies":
            return self._needs(value, own)
        if keyword == "properties":
            named = ((self._nodes.key(name), self._node(inner)) for name, inner in value.items())
            return self._many(Operation.ALL, (self._one(Operation.WITHIN, *row) for row in named))
        if keyword in ("anyOf", "allOf", "oneOf", "not"):
            return self._combined(keyword, value, own)
        return self._asked(keyword, value, own)

    def _combined(self, keyword: str, value: Any, own: _Own | None) -> int:
        """The node of schemas put together; those of how many properties there are count them."""
        if keyword == "not":
            if value.keys() == {"required"}:
                return self._counted(value["required"], 0, len(value["required"]) - 1, own)
            if value.keys() == {"anyOf"} and (names := _single(value["anyOf"])):
                return self._counted(names, 0, 0, own)
        elif keyword != "allOf" and (names := _single(value)):
            return self._counted(names, 1, 1 if keyword == "oneOf" else len(names), own)
        if keyword in ("not", "oneOf") and not self._exact(value):
            return self._by_validator({keyword: value})
        if keyword == "not":
            return self._one(Operation.NOT, self._node(value, own))
        parts = [self._node(inner, own) for inner in value]
        if keyword != "oneOf" and len(parts) == 1:
            return parts[0]
        return self._many(COMBINED[keyword], parts)

    def _exact(self, schema: Any) -> bool:
        """Whether of these keywords a no is as true as a yes."""
        if isinstance(schema, list):
            return all(self._exact(inner) for inner in schema)
        if not schema.keys() <= EXACT or not self._text(schema.get("pattern", "a")):
            return False
        inner = [schema[key] for key in schema.keys() & {"anyOf", "oneOf", "allOf", "not", "items"}]
        return all(self._exact(one) for one in [*inner, *schema.get("properties", {}).values()])

    def _counted(self, names: Sequence[str], least: int, most: int, own: _Own | None) -> int:
        """How many of the properties there are."""
        if own is not None and own.knows(names):
            return self._one(Operation.COUNT, own.bits(names), least, most)
        keys = map(self._nodes.key, names)
        return self._one(Operation.KEYS, least, most, len(names), *keys)

    def _needs(self, value: Mapping[str, Any], own: _Own | None) -> int:
        needed = {k: {"required": v} if isinstance(v, list) else v for k, v in value.items()}
        if own is not None and own.knows(needed):
            rows = [(own.bits([name]), self._node(inner, own)) for name, inner in needed.items()]
            words = (word for row in rows for word in row)
            return self._one(Operation.NEEDS, own.bits(needed), len(rows), *words)
        alternatives = [
            self._many(Operation.ANY, (self._counted([name], 0, 0, own), self._node(inner, own)))
            for name, inner in needed.items()
        ]
        return self._many(Operation.ALL, alternatives)

    def _asked(self, keyword: str, value: Any, own: _Own | None) -> int:
        """The node of a keyword of single values, or of our own."""
        nodes = self._nodes
        if keyword == "enum" and all(
            isinstance(v, str) and 0 < len(v.encode()) < 256 for v in value
        ):
            return self._one(Operation.AMONG, self._names(value))
        if keyword == "pattern" and (text := self._text(value)):
            return self._one(Operation.MATCH, *text)
        if keyword == "format" and value == "certain":
            words = xhtml.words()
            return self._one(
                Operation.MATCH,
                Text.XHTML,
                nodes.filled(nodes.reserved(len(words)), *words.tolist()),
            )
        if keyword == "format":
            return self._ask((FORMATS | self._writer.formats)[value])
        if keyword == "once" and own is not None and tuple(value) in own.groups:
            return self._one(Operation.ONCE, own.groups[tuple(value)])
        if keyword == "ordered":
            keys = map(nodes.key, value)
            return self._one(Operation.ORDERED, *keys, nodes.owned(KEYWORDS[keyword](value)))
        if keyword == "agrees":
            keys = map(nodes.key, ("type", "reference"))
            names = self._names(value or RESOURCE_TYPES)
            return self._one(Operation.AGREES, *keys, names, nodes.owned(KEYWORDS[keyword](value)))
        if keyword in KEYWORDS:
            return self._ask(KEYWORDS[keyword](value))
        return self._by_validator({keyword: value})

    def _by_validator(self, schema: Json) -> int:
        return self._ask(jsonschema_rs.validator_for({"$schema": DIALECT, **schema}).is_valid)


class _Own:
    """The properties that an object's own keywords ask for, as bits."""

    def __init__(self, schema: Json) -> None:
        parts = [*_own_level(schema)]
        names = [n for p in parts for n in (*p.get("required", ()), *p.get("dependencies", ()))]
        groups = [tuple(p["once"]) for p in parts if "once" in p]
        plain = [group for group in groups if not any(name.startswith("_") for name in group)]
        self.groups = {group: 1 << bit for bit, group in enumerate(dict.fromkeys(plain))}
        most = range(len(self.groups), 64)  # the others are looked up
        self._names = {n: 1 << bit for n, bit in zip(dict.fromkeys(names), most, strict=False)}

    def knows(self, names: Iterable[str]) -> bool:
        """Whether each of the properties has a bit."""
        return self._names.keys() >= {*names}

    def bits(self, names: Iterable[str]) -> int:
        """The bits of properties themselves."""
        return sum(self._names[name] for name in {*names})

    def all(self, name: str) -> int:
        """The bits of a property, of the groups too of which only one may be there."""
        shared = sum(bit for group, bit in self.groups.items() if name in group)
        return self._names.get(name, 0) | shared


def _own_level(schema: Json) -> Iterator[Json]:
    """The schema, and those in it that are about the same value."""
    yield schema
    inner = [one for key in ("anyOf", "allOf", "oneOf") for one in schema.get(key, ())]
    inner += [one for one in schema.get("dependencies", {}).values() if isinstance(one, dict)]
    for one in [*inner, *([schema["not"]] if "not" in schema else ())]:
        yield from _own_level(one)
    for needed in schema.get("dependencies", {}).values():
        if isinstance(needed, list):
            yield {"required": needed}


def _single(schemas: Iterable[Json]) -> list[str]:
    """The names, where each schema asks for one property and no more; else none."""
    names = [
        s["required"][0] for s in schemas if s.keys() == {"required"} and len(s["required"]) == 1
    ]
    return names if len(names) == len([*schemas]) else []


def _double(number: float) -> int:
    (word,) = struct.unpack("=Q", struct.pack("=d", number))
    return int(word)
