"""The summary elements of each resource type, taken from the official definitions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]


def summaries(structures: Iterable[Json]) -> Json:
    """{resource type: [element names]} of what _summary=true tells."""
    table: Json = {}
    for structure in structures:
        if structure["kind"] == "resource" and not structure.get("abstract"):
            name = structure["id"]
            table[name] = [
                element["path"].removeprefix(f"{name}.")
                for element in structure["snapshot"]["element"]
                if element.get("isSummary") and element["path"].count(".") == 1
            ]
    return table
