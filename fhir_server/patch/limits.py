"""What a patch may cost: it is done while other writers wait."""

from __future__ import annotations

from fhir_server.errors import BadRequest

MOST_OPERATIONS = 10_000
MOST_ELEMENTS = 250_000  # looked at by all paths or selectors of a patch together
MOST_COPIED = 1 << 20  # bytes of JSON in all: copies of copies would fill the memory
LONGEST_SELECTOR = 2_000  # characters
MOST_DECLARED = 1_000  # characters of namespaces: each operation is read with all of them


def check_number(operations: int) -> None:
    """Raises BadRequest where a patch has too many operations."""
    if operations > MOST_OPERATIONS:
        text = f"a patch has up to {MOST_OPERATIONS} operations: send it in parts, or the resource"
        raise BadRequest(text)
