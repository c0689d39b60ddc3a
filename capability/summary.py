"""Which elements of a resource type, and of what is in it, are its summary."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson

from capability.definitions import HERE
from capability.shape import shape


@cache
def summary(resource_type: str) -> frozenset[str]:
    """Names of the elements, a choice's as "value[x]"; raises KeyError for no type of R4."""
    return frozenset(_table()[resource_type])


@cache
def nested(path: str) -> frozenset[str] | None:
    """Names of the elements of a data type or nested element that a summary tells, besides ids and
    extensions; None where it tells all."""
    names = _table().get(path)
    return None if names is None else frozenset(names)


@cache
def cut(path: str) -> bool:
    """Whether a summary leaves out something within an element of a type or nested path."""
    return _cut(path, ())


def _cut(path: str, above: tuple[str, ...]) -> bool:
    if path in _table():
        return True
    if path in above or path in ("Extension", "Resource"):
        return False
    try:
        fields = shape(path).fields.values()
    except KeyError:
        return False
    return any(_cut(f.type, (*above, path)) for f in fields if f.kind == "object")


@cache
def _table() -> Any:
    return orjson.loads((HERE / "summary.json").read_bytes())
