"""The resources within a resource: what a Bundle or Parameters carries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def carried(resource: Any, root: str) -> Iterator[tuple[str, Any, bool]]:
    """The resources that a Bundle or Parameters carries: (place, resource, in a transaction)."""
    if type_of(resource) == "Bundle":
        of_transaction = resource.get("type") in ("transaction", "batch")
        for index, entry in rows(resource, "entry"):
            place = f"{root}.entry[{index}]"
            if "resource" in entry:
                yield f"{place}.resource", entry["resource"], of_transaction
            response = entry.get("response")
            if isinstance(response, dict) and "outcome" in response:
                yield f"{place}.response.outcome", response["outcome"], False
    elif type_of(resource) == "Parameters":
        yield from _parameters(rows(resource, "parameter"), f"{root}.parameter")


def _parameters(given: list[tuple[int, Json]], at: str) -> Iterator[tuple[str, Any, bool]]:
    for index, row in given:
        if "resource" in row:
            yield f"{at}[{index}].resource", row["resource"], False
        yield from _parameters(rows(row, "part"), f"{at}[{index}].part")


def type_of(resource: Any) -> str:
    return str(resource.get("resourceType", "")) if isinstance(resource, dict) else ""


def rows(owner: Any, key: str) -> list[tuple[int, Json]]:
    """The objects of an array with their indexes, where there is one."""
    rows = owner.get(key) if isinstance(owner, dict) else None
    if not isinstance(rows, list):
        return []
    return [(index, row) for index, row in enumerate(rows) if isinstance(row, dict)]
