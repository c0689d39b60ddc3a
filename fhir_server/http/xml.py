"""FHIR XML from FHIR JSON and back, by the definitions' elements (R4 xml 2.6.1, json 2.6.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import name2codepoint
from typing import Any
from xml.sax.saxutils import quoteattr

import msgspec

from capability.shape import Field, Shape, shape
from fhir_server.errors import BadRequest
from fhir_server.http.xml_tree import Node, parse

Json = Any
NAMESPACE = "http://hl7.org/fhir"
XHTML = "http://www.w3.org/1999/xhtml"
NUMBERS = frozenset({"decimal", "integer", "positiveInt", "unsignedInt"})
ENTITIES = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z]+[0-9]*);")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_SIGNED = re.compile(r"\+[1-9][0-9]*")  # as R4 lets these be written, and JSON does not
SIGNED = frozenset({"integer", "positiveInt"})


class _Digits(str):
    """A number as it was written."""

    __slots__ = ()


_DECODER = msgspec.json.Decoder(Any, float_hook=_Digits)


def to_xml(body: bytes, *, pretty: bool = False) -> bytes:
    """A resource in XML: elements in the order of the specification, decimals as they were written.

    The body is valid FHIR JSON.
    """
    resource = _DECODER.decode(body)
    text = "".join(_Writer(pretty=pretty).resource(resource, f' xmlns="{NAMESPACE}"', 0))
    return b'<?xml version="1.0" encoding="UTF-8"?>' + text.encode() + (b"\n" if pretty else b"")


def to_json(body: bytes) -> bytes:
    """A resource in JSON; raises BadRequest with line and place where the XML is not FHIR's."""
    return tree_to_json(parse(body))


def tree_to_json(root: Node) -> bytes:
    """The resource of a tree in JSON; raises BadRequest as `to_json`."""
    if root.space != NAMESPACE:
        raise BadRequest(f"the root element is not of {NAMESPACE}", "Resource")
    return msgspec.json.encode(_resource(root))


class _Writer:
    def __init__(self, *, pretty: bool) -> None:
        self._pretty = pretty

    def resource(self, value: Json, space: str, depth: int) -> Iterator[str]:
        name = value["resourceType"]
        inner = "".join(self._elements(value, shape(name), depth + 1))
        yield from self._element(name, space, inner, depth)

    def _element(self, name: str, attributes: str, inner: str, depth: int) -> Iterator[str]:
        yield self._gap(depth)
        if not inner:
            yield f"<{name}{attributes}/>"
            return
        yield f"<{name}{attributes}>{inner}"
        yield self._gap(depth)
        yield f"</{name}>"

    def _gap(self, depth: int) -> str:
        return "\n" + "  " * depth if self._pretty else ""

    def _elements(self, value: Json, known: Shape, depth: int) -> Iterator[str]:
        for key, field in known.fields.items():
            if field.kind == "sibling":
                if key[1:] not in value and key in value:
                    yield from self._field(key[1:], known.fields[key[1:]], value, depth)
            elif key in value and not _attribute(field, known):
                yield from self._field(key, field, value, depth)

    def _field(self, key: str, field: Field, value: Json, depth: int) -> Iterator[str]:
        given = value.get(key)
        if field.kind == "primitive":
            beside = value.get(f"_{key}")
            if not field.many:
                yield from self._primitive(key, field, given, beside, depth)
                return
            size = max(len(given or ()), len(beside or ()))
            for one, other in zip(_padded(given, size), _padded(beside, size), strict=True):
                yield from self._primitive(key, field, one, other, depth)
            return
        for one in given if field.many else (given,):
            if field.kind == "resource":
                inner = "".join(self.resource(one, "", depth + 1))
                yield from self._element(key, "", inner, depth)
            else:
                yield from self._object(key, one, shape(field.type), depth)

    def _object(self, key: str, value: Json, known: Shape, depth: int) -> Iterator[str]:
        inner = "".join(self._elements(value, known, depth + 1))
        yield from self._element(key, _attributes(value, known), inner, depth)

    def _primitive(
        self, key: str, field: Field, value: Json, beside: Json, depth: int
    ) -> Iterator[str]:
        if field.type == "xhtml":
            yield self._gap(depth) + _NAMED.sub(_numbered, str(value))
            return
        attributes = "" if value is None else f" value={_quoted(_text(value))}"
        inner = ""
        if beside:
            known = shape("Element")
            attributes = _attributes(beside, known) + attributes
            inner = "".join(self._elements(beside, known, depth + 1))
        yield from self._element(key, attributes, inner, depth)


def _numbered(match: re.Match[str]) -> str:
    """An entity of HTML as XML knows it."""
    code = name2codepoint.get(match[1])
    return match[0] if code is None else f"&#{code};"


def _attribute(field: Field, known: Shape) -> bool:
    """Whether a field is an attribute in XML: an element's id, an extension's url."""
    if field.name == "id":
        return not known.resource
    return known.path == "Extension" and field.name == "url"


def _attributes(value: Json, known: Shape) -> str:
    return "".join(
        f" {key}={_quoted(value[key])}"
        for key, field in known.fields.items()
        if key in value and _attribute(field, known)
    )


def _quoted(text: str) -> str:
    return quoteattr(text, ENTITIES)


def _text(value: Json) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _padded(values: Json, size: int) -> list[Json]:
    values = values or []
    return [*values, *[None] * (size - len(values))]


def _resource(node: Node, at: str = "") -> Json:
    """A resource that stands at a place in another, "" for the outermost."""
    try:
        known = shape(node.name)
    except KeyError:
        known = None
    if known is None or not known.resource:
        raise _wrong(node, at, f"FHIR R4 has no resource type {node.name!r}")
    return {"resourceType": node.name, **_object(node, known, at or node.name)}


def _object(node: Node, known: Shape, at: str) -> Json:
    made: Json = {}
    for name, text in node.attributes.items():
        field = known.fields.get(name)
        if field is None or not _attribute(field, known):
            raise _wrong(node, at, f"{known.path} has no attribute {name!r}")
        made[name] = text
    for key, nodes in _grouped(node, known, at).items():
        field = known.fields[key]
        place = f"{at}.{field.name}"
        if not field.many and len(nodes) > 1:
            raise _wrong(nodes[1], place, f"{key} is given more than once")
        if field.kind == "primitive":
            _primitives(made, key, field, nodes, place)
        elif field.many:
            made[key] = [_inner(each, field, f"{place}[{n}]") for n, each in enumerate(nodes)]
        else:
            made[key] = _inner(nodes[0], field, place)
    return made


def _grouped(node: Node, known: Shape, at: str) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = {}
    order, last = list(known.fields), 0
    for child in node.children:
        field = known.fields.get(child.name)
        space = XHTML if field and field.type == "xhtml" else NAMESPACE
        if field is None or field.kind == "sibling" or child.space != space:
            place = f"{at}.{child.name}"
            raise _wrong(child, place, f"{known.path} has no element {child.name!r}")
        if _attribute(field, known):
            raise _wrong(child, at, f"{child.name} of {known.path} is an attribute")
        if (turn := order.index(child.name)) < last:
            text = f"{child.name} stands after {order[last]}, but comes before it in R4"
            raise _wrong(child, f"{at}.{child.name}", text)
        last = turn
        found.setdefault(child.name, []).append(child)
    return found


def _inner(node: Node, field: Field, at: str) -> Json:
    if field.kind == "resource":
        if len(node.children) != 1 or node.attributes:
            raise _wrong(node, at, f"{node.name} holds one resource")
        return _resource(node.children[0], at)
    return _object(node, shape(field.type), at)


def _primitives(made: Json, key: str, field: Field, nodes: list[Node], at: str) -> None:
    """Values and, beside them, what else the elements have."""
    values: Json = []
    beside: Json = []
    for number, node in enumerate(nodes):
        if field.type == "xhtml":
            values.append(node.markup)
            beside.append(None)
            continue
        place = f"{at}[{number}]" if field.many else at
        if not node.attributes and not node.children:
            raise _wrong(node, place, f"{key} has neither a value nor content")
        attributes = dict(node.attributes)
        values.append(_value(attributes.pop("value", None), field.type))
        rest = Node(node.name, node.space, attributes, node.children, node.line)
        beside.append(_object(rest, shape("Element"), place) or None)
    if not field.many:
        values, beside = values[0], beside[0]
    if _some(values):
        made[key] = values
    if _some(beside):
        made[f"_{key}"] = beside


def _some(values: Json) -> bool:
    return any(v is not None for v in values) if isinstance(values, list) else values is not None


def _value(text: str | None, type: str) -> Json:
    if text is None:
        return None
    if type == "boolean" and text in ("true", "false"):
        return text == "true"
    if type in SIGNED and _SIGNED.fullmatch(text):
        text = text[1:]
    if type in NUMBERS and _NUMBER.fullmatch(text):
        return msgspec.Raw(text.encode())
    return text


def _wrong(node: Node, at: str, text: str) -> BadRequest:
    return BadRequest(f"{text}, at line {node.line} of the XML", at or "Resource")
