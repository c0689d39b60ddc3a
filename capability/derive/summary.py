"""The summary elements of resource types and of what is in them, from the official definitions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]
ALWAYS = ("id", "extension", "modifierExtension")  # of a part of a resource


def summaries(structures: Iterable[Json]) -> Json:
    """{path: [element names]} of what _summary=true tells: each resource type by its name, data
    types and nested elements only where something of them is left out."""
    table: Json = {}
    for structure in structures:
        if structure.get("abstract") or structure["kind"] not in ("resource", "complex-type"):
            continue
        if structure["id"] == "Extension":
            continue  # whole wherever it is told
        found: dict[str, list[str]] = {}
        partial: set[str] = set()
        for element in structure["snapshot"]["element"]:
            above, _, name = element["path"].rpartition(".")
            if not above:
                continue
            names = found.setdefault(above, [])
            if element.get("isSummary"):
                names.append(name)
            elif element.get("min"):
                names.append(name)  # what is left must be valid
            elif name not in ALWAYS:
                partial.add(above)
        own = structure["id"]
        resource = structure["kind"] == "resource"
        if resource:
            table[own] = _roots(structure, own)
        table |= {
            path: names
            for path, names in found.items()
            if path in partial and not (resource and path == own) and names
        }
    return {path: names for path, names in table.items() if _reached(path, table)}


def _reached(path: str, table: Json) -> bool:
    """Whether the element is in the summary of all that it is in."""
    *above, _ = steps = path.split(".")
    owners = (".".join(steps[:n]) for n in range(1, len(above) + 1))
    return all(
        owner not in table or not {name, f"{name}[x]"}.isdisjoint(table[owner])
        for owner, name in zip(owners, steps[1:], strict=True)
    )


def _roots(structure: Json, own: str) -> list[str]:
    return [
        element["path"].removeprefix(f"{own}.")
        for element in structure["snapshot"]["element"]
        if element.get("isSummary") and element["path"].count(".") == 1
    ]
