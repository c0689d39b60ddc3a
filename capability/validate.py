"""validate: what is wrong with a resource by FHIR R4 4.0.1, with the place of each fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from capability import structure
from capability.issue import Issue
from capability.references import Scope

__all__ = ["Issue", "validate"]

Json = dict[str, Any]


def validate(resource: Json, *, conditional: bool = False) -> list[Issue]:
    """The issues of a resource (parsed JSON); empty where it is valid.

    `conditional` allows references by search ("Patient?identifier=…"), as transactions have them;
    the entries of a transaction Bundle are given that by themselves.
    """
    return list(_whole(resource, "", conditional))


def _whole(resource: Any, at: str, conditional: bool) -> Iterator[Issue]:
    """A resource that is its own container, and all that is in it."""
    contained = resource.get("contained") if isinstance(resource, dict) else None
    within = [c for c in contained if isinstance(c, dict)] if isinstance(contained, list) else []
    ids = {c["id"]: c.get("resourceType", "") for c in within if isinstance(c.get("id"), str)}
    scope = Scope(ids, conditional)
    yield from structure.resource(resource, at, scope)
    if not isinstance(resource, dict):
        return
    root = at or str(resource.get("resourceType"))
    for index, inner in enumerate(within):
        yield from structure.resource(inner, f"{root}.contained[{index}]", scope)
    for place, inner, of_transaction in _carried(resource, root):
        yield from _whole(inner, place, conditional or of_transaction)


def _carried(resource: Json, root: str) -> Iterator[tuple[str, Any, bool]]:
    """The resources that a Bundle or Parameters carries: (place, resource, in a transaction)."""
    if resource.get("resourceType") == "Bundle":
        of_transaction = resource.get("type") in ("transaction", "batch")
        for index, entry in enumerate(_list(resource, "entry")):
            place = f"{root}.entry[{index}]"
            if "resource" in entry:
                yield f"{place}.resource", entry["resource"], of_transaction
            if "outcome" in (response := entry.get("response", {})):
                yield f"{place}.response.outcome", response["outcome"], False
    elif resource.get("resourceType") == "Parameters":
        yield from _parameters(_list(resource, "parameter"), f"{root}.parameter")


def _parameters(rows: list[Json], at: str) -> Iterator[tuple[str, Any, bool]]:
    for index, row in enumerate(rows):
        if "resource" in row:
            yield f"{at}[{index}].resource", row["resource"], False
        yield from _parameters(_list(row, "part"), f"{at}[{index}].part")


def _list(owner: Json, key: str) -> list[Json]:
    rows = owner.get(key)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
