"""Schemas (draft 4) of what makes an invariant hold for certain, before its function is asked."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def there(*names: str) -> Json:
    """All of the elements are there."""
    return {"required": list(names)}


def some(*names: str) -> Json:
    """At least one of the elements is there."""
    return {"anyOf": [there(name) for name in names]}


def absent(*names: str) -> Json:
    """None of the elements is there."""
    return {"not": {"anyOf": [{"required": [name]} for name in names]}}


def one_of(name: str, *values: object) -> Json:
    """The element is there, with one of the values."""
    return {"required": [name], "properties": {name: {"enum": list(values)}}}


def none_of(name: str, *values: object) -> Json:
    """The element is not there, or with another value."""
    return {"properties": {name: {"not": {"enum": list(values)}}}}


def every(name: str, fragment: Json) -> Json:
    """Each entry of the element, if it is there at all."""
    return {"properties": {name: {"items": fragment}}}


def at_most(count: int, name: str) -> Json:
    """The element has no more entries than that."""
    return {"properties": {name: {"maxItems": count}}}


def matches(name: str, pattern: str) -> Json:
    """The element is not there, or text like that."""
    return {"properties": {name: {"pattern": f"^(?:{pattern})$"}}}


def only_coded(name: str, *codes: str) -> Json:
    """A concept that is bound to one system is there, and has no codes but these."""
    coding = every("coding", one_of("code", *codes))
    return there(name) | {"properties": {name: there("coding") | coding}}


def not_coded(name: str, *codes: str) -> Json:
    """A concept has none of the codes, of whatever system."""
    return {"properties": {name: every("coding", none_of("code", *codes))}}


def both(*fragments: Json) -> Json:
    """All of these."""
    return {"allOf": list(fragments)}


def either(*fragments: Json) -> Json:
    """Exactly one of these."""
    return {"oneOf": list(fragments)}
