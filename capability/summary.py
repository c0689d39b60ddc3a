"""Which elements of a resource type are its summary."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson

from capability.definitions import HERE


@cache
def summary(resource_type: str) -> frozenset[str]:
    """Names of the elements, a choice's as "value[x]"; raises KeyError for no type of R4."""
    return frozenset(_table()[resource_type])


@cache
def _table() -> Any:
    return orjson.loads((HERE / "summary.json").read_bytes())
