"""Operation parameters: a query string or a Parameters resource to values, and values back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import orjson

from capability.operation import Operation, Param, Values
from capability.validate import validate
from fhir_server.context import Context
from fhir_server.errors import CONTENT_TYPE, BadRequest, Invalid, UnsupportedMedia
from fhir_server.http.media import READABLE, media
from fhir_server.parse import parse

Pairs = Sequence[tuple[str, str]]
_TEXTS = "String Code Uri Canonical Url Id Oid Uuid Markdown Date DateTime"
TEXTUAL = frozenset(f"value{name}" for name in _TEXTS.split())  # clients mix them
INTEGERS = range(-(2**31), 2**31)  # https://hl7.org/fhir/R4/datatypes.html#integer
DATATYPES = ("Attachment", "Coding", "CodeableConcept", "Meta", "Quantity", "Reference")


class Typed(NamedTuple):
    """An output value whose FHIR type is only known at run time (value[x] of a property)."""

    type: str
    value: Any


class Request(NamedTuple):
    """What a client sent to an operation; `content_type` and `body` are empty on GET."""

    query: Pairs
    content_type: str = ""
    body: bytes = b""


async def call(ctx: Context, op: Operation[Context], request: Request, target: Values) -> bytes:
    """Runs the operation and gives the reply's body.

    `target` is {} (system), {"_on"} (the resource type) or {"_on", "_id"}.
    Raises FhirError and its kin.
    """
    given = read(op, request, target.get("_on", ""))
    return orjson.dumps(write(op, await op.run(ctx, target | given)))


def read(op: Operation[Context], request: Request, on: str = "") -> Values:
    """The inputs by name, checked against the declaration; raises BadRequest or Invalid.

    `on` is the resource type that is asked.
    """
    known = {p.name: p for p in op.inputs}
    values: Values = {}
    for name, raw in request.query:
        if name in ("_format", "_pretty"):
            continue
        param = _known(known, name, f"?{name}")
        if param.secret:
            text = "is a secret and a URL is kept in logs: POST it in a Parameters resource"
            raise BadRequest(f"the parameter {name!r} {text}", f"?{name}")
        _put(values, param, _from_text(param, raw), f"?{name}")
    if request.body.strip():
        for name, value, where in _from_body(request, op, on):
            if op.open and name not in known:
                continue
            param = _known(known, name, where)
            _put(values, param, _checked(param, value, where), where)
    for param in op.inputs:
        if param.min and param.name not in values:
            raise BadRequest(f"the parameter {param.name!r} is required", param.name)
    return values


def read_values(params: Sequence[Param], body: dict[str, Any]) -> Values:
    """The values of a Parameters resource within a request; what `params` lack is ignored."""
    known = {p.name: p for p in params}
    values: Values = {}
    _check_shape(body)
    for n, entry in enumerate(body.get("parameter", ())):
        if param := known.get(entry["name"]):
            where = f"Parameters.parameter[{n}]"
            _put(values, param, _checked(param, entry, where), where)
    return values


def write_values(params: Iterable[Param], values: Values) -> dict[str, Any]:
    """A Parameters resource of values."""
    reply: dict[str, Any] = {"resourceType": "Parameters"}
    if parts := list(_write_all(params, values)):
        reply["parameter"] = parts
    return reply


def write(op: Operation[Context], values: Values) -> dict[str, Any]:
    """The reply: a Parameters resource, or the resource itself where it is the only output."""
    if [p.name for p in op.outputs] == ["return"] and _is_resource(op.outputs[0]):
        resource: dict[str, Any] = values["return"]
        return resource
    return write_values(op.outputs, values)


def _write_all(params: Iterable[Param], values: Values) -> Iterable[dict[str, Any]]:
    for param in params:
        if param.name not in values or values[param.name] is None:
            continue
        value = values[param.name]
        for each in value if param.many else [value]:
            yield _write_one(param, each)


def _write_one(param: Param, value: Any) -> dict[str, Any]:
    if param.parts:
        return {"name": param.name, "part": list(_write_all(param.parts, value))}
    if _is_resource(param):
        return {"name": param.name, "resource": value}
    kind, raw = value if isinstance(value, Typed) else (param.type, value)
    return {"name": param.name, f"value{kind[0].upper()}{kind[1:]}": raw}


def _from_body(request: Request, op: Operation[Context], on: str) -> Iterable[tuple[str, Any, str]]:
    if media(request.content_type) not in READABLE:
        raise UnsupportedMedia(
            f"the body of an operation is application/fhir+json, not {request.content_type!r}",
            CONTENT_TYPE,
        )
    body = parse(request.body, "Parameters")
    kind = body.get("resourceType")
    if kind != "Parameters" or (on == kind and _is_asked(op, body)):
        if not kind or not (alone := _alone(op, kind)):
            raise BadRequest("the body of an operation is a Parameters resource", "Parameters")
        yield alone[0], {"name": alone[0], "resource": body}, kind
        return
    if op.open or _alone(op, ""):
        _check_shape(body)
    elif issues := [i for i in validate(body) if i.severity == "error"]:
        raise Invalid(issues)
    for n, entry in enumerate(body.get("parameter", ())):
        yield entry["name"], entry, f"Parameters.parameter[{n}]"


def _alone(op: Operation[Context], kind: str) -> list[str]:
    """The input that a resource of this type is when it is the body itself."""
    own = [p.name for p in op.inputs if p.type == kind]
    return own or [p.name for p in op.inputs if p.type == "Resource" and not p.many]


def _is_asked(op: Operation[Context], body: dict[str, Any]) -> bool:
    """Whether a Parameters resource is itself what an operation is asked of: it names no input."""
    given = body.get("parameter")
    rows = given if isinstance(given, list) else []
    named = {str(row.get("name")) for row in rows if isinstance(row, dict)}
    return bool(_alone(op, "Parameters")) and named.isdisjoint(p.name for p in op.inputs)


def _check_shape(body: dict[str, Any]) -> None:
    """The least that must hold of a body whose resources are read leniently."""
    given = body.get("parameter", [])
    if not isinstance(given, list) or not all(
        isinstance(p, dict) and isinstance(p.get("name"), str) for p in given
    ):
        raise BadRequest("parameter is a list of objects with a name", "Parameters.parameter")


def _known(known: dict[str, Param], name: str, where: str) -> Param:
    if name not in known:
        takes = ", ".join(known) or "none"
        raise BadRequest(f"unknown parameter; the operation takes: {takes}", where)
    return known[name]


def _put(values: Values, param: Param, value: Any, where: str) -> None:
    if param.many:
        values.setdefault(param.name, []).append(value)
    elif param.name in values:
        raise BadRequest(f"the parameter {param.name!r} is given twice", where)
    else:
        values[param.name] = value


def _checked(param: Param, entry: dict[str, Any], where: str) -> Any:
    if _is_resource(param):
        if not isinstance(entry.get("resource"), dict):
            raise BadRequest(f"the parameter {param.name!r} is a resource", where)
        return entry["resource"]
    if param.parts:
        part = entry.get("part", [])
        if not isinstance(part, list) or not all(isinstance(each, dict) for each in part):
            raise BadRequest(f"the parameter {param.name!r} has parts", where)
        return part
    key = f"value{param.type[0].upper()}{param.type[1:]}"
    if key in entry:
        return _shaped(param, entry[key], where)
    given = next((k for k in entry if k.startswith("value")), "")
    if key in TEXTUAL and given in TEXTUAL:
        return _shaped(param, entry[given], where)
    if key == "valueDecimal" and given == "valueInteger":
        return entry[given]
    raise BadRequest(f"the parameter {param.name!r} is {key}, not {given or 'absent'}", where)


def _shaped(param: Param, value: Any, where: str) -> Any:
    """The value, if it is text, a number or an object as its type wants; else raises BadRequest."""
    match param.type:
        case "boolean":
            fits = isinstance(value, bool) or value in ("true", "false")
        case "integer" | "positiveInt" | "unsignedInt":
            fits = isinstance(value, int) and not isinstance(value, bool) and value in INTEGERS
        case "decimal":
            fits = isinstance(value, int | float)
        case _:
            fits = isinstance(value, dict if param.type[:1].isupper() else str)
    if not fits:
        raise BadRequest(_not_one(param), where)
    return value


def _from_text(param: Param, raw: str) -> Any:
    where = f"?{param.name}"
    try:
        match param.type:
            case "boolean":
                return {"true": True, "false": False}[raw]
            case "integer" | "positiveInt" | "unsignedInt":
                number = int(raw)
                if number not in INTEGERS:
                    raise ValueError(number)
                return number
            case "decimal":
                return float(raw)
            case type if param.parts or type[:1].isupper():
                raise BadRequest(f"{param.name!r} needs POST with a Parameters resource", where)
    except (KeyError, ValueError):
        raise BadRequest(_not_one(param), where) from None
    return raw


def _not_one(param: Param) -> str:
    whole = param.type in ("integer", "positiveInt", "unsignedInt")
    limits = f" between {INTEGERS[0]} and {INTEGERS[-1]}" if whole else ""
    return f"the parameter {param.name!r} is a {param.type}{limits}"


def _is_resource(param: Param) -> bool:
    return param.type[:1].isupper() and param.type not in DATATYPES
