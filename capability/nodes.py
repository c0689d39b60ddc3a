"""The schemas as nodes of the compiled kernel: the same description, walked without a copy.

What no operation of the kernel says is asked of Python for that value alone: our own keywords, and
of JSON schema's what only its validator knows (a regex, an enumeration of numbers).
"""

from __future__ import annotations

import math
import re
import struct
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import jsonschema_rs

from capability import narrative, xhtml
from capability.definitions import RESOURCE_TYPES
from capability.keywords import KEYWORDS, Test
from capability.own import Own
from capability.patterns import PATTERNS, anchored
from capability.primitives import MAX_STRING
from capability.schema import DIALECT, ID_ALONE, PREFIX, Json, Writer
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
        self._lock = threading.Lock()

    def resource(self, resource_type: str) -> Test:
        """A test of a resource type. Raises KernelUnavailable without a compiled kernel."""
        with self._lock:
            return self.test(self._writer.type(resource_type))

    def test(self, schema: Json) -> Test:
        """A test by a schema, which may refer to what the writer has written."""
        made = self._nodes.test(self._node(schema))
        if made is None:
            raise KernelUnavailable("nodes need the compiled kernel")
        return made

    def _node(self, schema: Json, own: Own | None = None) -> int:
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

    def _definition(self, name: str) -> int:
        if name not in self._definitions:
            address = self._definitions[name] = self._nodes.reserved(6)
            self._object(address, self._writer.definitions[name])
            self._writer.definitions[name] = {}  # known by its name from now on
        return self._definitions[name]

    def _object(self, address: int, schema: Json) -> int:
        """An object of known properties, with what its keywords ask of them."""
        own = Own(schema)
        left = dict(schema)
        for known in ("type", "additionalProperties"):
            del left[known]
        properties = left.pop("properties")
        wanted = own.bits(left.pop("required", ()))
        least, most = left.pop("minProperties", 0), left.pop("maxProperties", MANY)
        if least and left.get("not") == ID_ALONE["not"]:
            del left["not"]
            wanted |= own.but_id
        names = {name: (self._node(inner), own.every(name)) for name, inner in properties.items()}
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

    def _keyword(self, left: Json, own: Own | None) -> int:
        """The node of a keyword, and of those that belong to it, which are taken away."""
        match keyword := next(iter(left)):
            case "items" | "minItems" | "maxItems":
                return self._items(Operation.EACH, left)
            case "minProperties" | "maxProperties":
                least, most = left.pop("minProperties", 0), left.pop("maxProperties", MANY)
                return self._one(Operation.SIZE, least, most)
            case "minimum" | "maximum":
                bounds = left.pop("minimum", -math.inf), left.pop("maximum", math.inf)
                above = left.pop("exclusiveMinimum", False)
                return self._one(Operation.RANGE, *map(_double, bounds), above)
        value = left.pop(keyword)
        match keyword:
            case "required":
                return self._counted(value, len(value), len(value), own)
            case "dependencies":
                return self._needs(value, own)
            case "properties":
                return self._many(Operation.ALL, (self._within(*row) for row in value.items()))
            case "anyOf" | "allOf" | "oneOf" | "not":
                return self._combined(keyword, value, own)
            case "once" if own is not None and tuple(value) in own.groups:
                return self._one(Operation.ONCE, own.groups[tuple(value)])
        return self._value_node(keyword, value)

    def _within(self, name: str, schema: Json) -> int:
        return self._one(Operation.WITHIN, self._nodes.key(name), self._node(schema))

    def _combined(self, keyword: str, value: Any, own: Own | None) -> int:
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

    def _counted(self, names: Sequence[str], least: int, most: int, own: Own | None) -> int:
        """How many of the properties there are."""
        if own is not None and own.knows(names):
            return self._one(Operation.COUNT, own.bits(names), least, most)
        keys = map(self._nodes.key, names)
        return self._one(Operation.KEYS, least, most, len(names), *keys)

    def _needs(self, value: Mapping[str, Any], own: Own | None) -> int:
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

    def _value_node(self, keyword: str, value: Any) -> int:
        """The node of a keyword of single values, or of our own."""
        nodes = self._nodes
        match keyword:
            case "enum" if all(isinstance(v, str) and 0 < len(v.encode()) < 256 for v in value):
                return self._one(Operation.AMONG, self._names(value))
            case "pattern" if text := self._text(value):
                return self._one(Operation.MATCH, *text)
            case "format" if value == "certain":
                return self._one(Operation.MATCH, Text.XHTML, nodes.array(xhtml.words()))
            case "format":
                return self._ask(Operation.ASK, (FORMATS | self._writer.formats)[value])
            case "ordered":
                keys = map(nodes.key, value)
                return self._ask(Operation.ORDERED, KEYWORDS[keyword](value), *keys)
            case "agrees":
                keys = map(nodes.key, ("type", "reference"))
                names = self._names(value or RESOURCE_TYPES)
                return self._ask(Operation.AGREES, KEYWORDS[keyword](value), *keys, names)
        if keyword in KEYWORDS:
            return self._ask(Operation.ASK, KEYWORDS[keyword](value))
        return self._by_validator({keyword: value})

    def _by_validator(self, schema: Json) -> int:
        written = {"$schema": DIALECT, **schema}
        return self._ask(Operation.ASK, jsonschema_rs.validator_for(written).is_valid)

    def _ask(self, operation: Operation, test: Test, *words: int) -> int:
        """A node that may call a function."""
        return self._nodes.node(operation, *words, self._nodes.owned(test))


def _single(schemas: Sequence[Json]) -> list[str]:
    """The names, where each schema asks for one property and no more; else none."""
    names = [name for s in schemas for name in s.get("required", ())]
    alone = all(s.keys() == {"required"} and len(s["required"]) == 1 for s in schemas)
    return names if alone else []


def _double(number: float) -> int:
    (word,) = struct.unpack("=Q", struct.pack("=d", number))
    return int(word)
