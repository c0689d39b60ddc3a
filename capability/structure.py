"""Walk a resource along the R4 element tables and say what does not fit, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from capability import narrative, primitives, references
from capability.definitions import RESOURCE_TYPES, codes
from capability.grammars import MEASURES, grammar
from capability.issue import Issue, error, kind
from capability.references import Scope
from capability.shape import Field, Shape, shape

CODE = re.compile(r"[A-Za-z0-9._/+-]{1,40}")
KNOWN = frozenset(RESOURCE_TYPES)

Json = dict[str, Any]


def resource(value: Any, at: str, scope: Scope) -> Iterator[Issue]:
    """Every fault in the structure and values of one resource; `at` is "" for the outermost.

    What it contains, and a bundle's or Parameters' resources, are the caller's to ask of.
    """
    if not isinstance(value, dict):
        yield error("structure", at, f"expected a resource, found {kind(value)}")
        return
    name = value.get("resourceType")
    if not isinstance(name, str) or name not in KNOWN:
        found = _shown(name) if isinstance(name, str) else kind(name)
        where = f"{at}.resourceType" if at else "resourceType"
        missing = "resourceType" not in value
        code, text = ("required", "none") if missing else ("structure", found)
        yield error(code, where, f"expected the name of an R4 resource type, found {text}")
        return
    yield from _object(value, shape(name), at or name, scope)


def _object(
    value: Any, form: Shape, at: str, scope: Scope, *, alone: bool = True
) -> Iterator[Issue]:
    """An object of a type; `alone` unless it is the sibling of a primitive that has a value."""
    if not isinstance(value, dict) or not value:
        yield error("structure", at, f"expected an object with content, found {kind(value)}")
        return
    for key, item in value.items():
        if field := form.fields.get(key):
            yield from _property(value, key, item, field, f"{at}.{field.name}", scope)
        elif not (key == "resourceType" and form.resource):
            yield error("structure", f"{at}.{key[:64]}", _unknown(key, form))
    yield from _present(value, form, at)
    if alone and not form.resource and value.keys() == {"id"}:
        yield error("invariant", at, "ele-1: expected a value or children, found an id only")


def _present(value: Json, form: Shape, at: str) -> Iterator[Issue]:
    """Required elements are there, and a choice is made once."""
    for name, keys in form.required:
        if keys.isdisjoint(value):
            yield error("required", f"{at}.{name}", "expected this element, found none")
    for name, keys in form.choices:
        made = {key.removeprefix("_") for key in keys.intersection(value)}
        if len(made) > 1:
            text = f"expected one {name}[x], found {' and '.join(sorted(made))}"
            yield error("structure", f"{at}.{name}", text)
    if form.path == "Extension":
        has_value = not form.choices[0][1].isdisjoint(value)
        if has_value == ("extension" in value):
            found = "both" if has_value else "neither"
            yield error("invariant", at, f"ext-1: expected a value or extensions, found {found}")


def _property(
    owner: Json, key: str, item: Any, field: Field, at: str, scope: Scope
) -> Iterator[Issue]:
    if field.many != isinstance(item, list):
        wanted = "an array" if field.many else _wanted(field)
        yield error("structure", at, f"expected {wanted}, found {kind(item)}")
        return
    if not field.many:
        yield from _one(owner, item, field, at, scope, other=_other(owner, key))
        return
    if not item:
        yield error("structure", at, "expected at least one entry, found an empty array")
    others = _other(owner, key)
    if isinstance(others, list) and len(others) != len(item) and field.kind == "sibling":
        yield error("structure", at, "expected as many entries with as without underscore")
    for index, entry in enumerate(item):
        beside = others[index] if isinstance(others, list) and index < len(others) else None
        yield from _one(owner, entry, field, f"{at}[{index}]", scope, other=beside)


def _other(owner: Json, key: str) -> Any:
    """The value of a sibling, or the sibling of a value."""
    return owner.get(key[1:] if key.startswith("_") else "_" + key)


def _one(
    owner: Json, item: Any, field: Field, at: str, scope: Scope, *, other: Any
) -> Iterator[Issue]:
    if field.kind == "primitive":
        if item is None and field.many and other is not None:
            return
        yield from _primitive(item, field, at)
    elif field.kind == "sibling":
        if item is None and field.many and other is not None:
            return
        yield from _object(item, shape("Element"), at, scope, alone=other is None)
    elif field.kind == "resource":
        if not isinstance(item, dict):
            yield error("structure", at, f"expected a resource, found {kind(item)}")
    else:
        faults = list(_object(item, shape(field.type), at, scope))
        yield from faults or _bound(item, field, at, scope)


def _primitive(item: Any, field: Field, at: str) -> Iterator[Issue]:
    if wrong := primitives.fault(field.type, item):
        code, wanted = wrong
        found = kind(item) if code == "structure" or not item else "a value that is not"
        yield error(code, at, f"expected {wanted}, found {found}")
    elif field.element.codes and field.type == "code":
        if (told := grammar(field)) and not told.holds(item):
            yield error("code-invalid", at, f"expected {told.wanted}, found {_shown(item)}")
        listed = codes(field.element.codes)
        if listed and not any(item in values for values in listed.values()):
            yield error("code-invalid", at, f"expected {_among(listed)}, found {_shown(item)}")
    elif field.type == "xhtml" and (text := narrative.fault(item)):
        yield error("invariant", at, text)


def _bound(item: Json, field: Field, at: str, scope: Scope) -> Iterator[Issue]:
    """What an element asks of a data type: reference targets, codes, no comparator."""
    if field.type == "Reference":
        if wrong := references.fault(item, field, scope):
            yield error(wrong[0], f"{at}.reference", wrong[1])
    elif field.element.simple and field.type == "Quantity" and "comparator" in item:
        yield error("invariant", f"{at}.comparator", "sqty-1: expected none in this quantity")
    elif field.type in MEASURES and not MEASURES[field.type].holds(item):
        wanted = MEASURES[field.type].wanted
        yield error(
            "code-invalid", f"{at}.code", f"expected {wanted}, found {_shown(item['code'])}"
        )
    elif field.element.codes and field.type == "CodeableConcept":
        listed = codes(field.element.codes)
        if listed and not _coded(item, listed):
            text = f"expected a coding with its system and {_among(listed)}"
            yield error("code-invalid", f"{at}.coding", text)


def _coded(concept: Json, listed: Mapping[str, frozenset[str]]) -> bool:
    """Whether a coding is of the value set; an extension may say why there is none."""
    if "coding" not in concept:
        return "extension" in concept
    return any(c.get("code") in listed.get(c.get("system"), ()) for c in concept["coding"])


def _wanted(field: Field) -> str:
    return "an object" if field.kind != "primitive" else f"one {field.type}"


def _among(listed: Mapping[str, frozenset[str]]) -> str:
    every = sorted({code for values in listed.values() for code in values})
    if len(every) > 20:
        return f"one of the {len(every)} codes of the required value set"
    return "one of " + ", ".join(every)


def _shown(code: str) -> str:
    """A code as found, unless it looks like something else (it might be anybody's text)."""
    return f"'{code}'" if CODE.fullmatch(code) else "something that is no code"


def _unknown(key: str, form: Shape) -> str:
    near = get_close_matches(key, form.fields, n=1, cutoff=0.75)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"{form.path} has no such element in R4{hint}"
