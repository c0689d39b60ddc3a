"""What a patch may cost: it is done while other writers wait."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fhir_server.errors import BadRequest

MOST_OPERATIONS = 10_000
MOST_ELEMENTS = 250_000  # looked at by all paths or selectors of a patch together
MOST_COPIED = 1 << 20  # bytes of JSON in all: copies of copies would fill the memory
LONGEST_SELECTOR = 2_000  # characters
DEEPEST = 500  # values within values: how deep Python follows them differs by its version
MOST_DECLARED = 1_000  # characters of namespaces: each operation is read with all of them


def check_number(operations: int) -> None:
    """Raises BadRequest where a patch has too many operations."""
    if operations > MOST_OPERATIONS:
        text = f"a patch has up to {MOST_OPERATIONS} operations: send it in parts, or the resource"
        raise BadRequest(text)


def check_depth(value: Any) -> None:
    """Raises BadRequest where values of JSON lie within values too deep."""
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _within(outer)]
        if not level:
            return
    raise BadRequest("the patch nests its values too deep")


def _within(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
