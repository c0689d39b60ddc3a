"""Which value set the codes of an element are bound to, in R4 and in a StructureDefinition."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from capability.definitions import elements

Json = dict[str, Any]
NESTED = frozenset({"BackboneElement", "Element"})


def required(path: str) -> str:
    """The value set of R4's required binding of an element ("Patient.contact.gender"), or ""."""
    owner, *names = (each.removesuffix("[x]") for each in path.split("."))
    codes = ""
    for name in names:
        try:
            told = elements(owner)
        except KeyError:
            return ""
        found = next((e for e in told if e.name.removesuffix("[x]") == name), None)
        if found is None:
            return ""
        nested = NESTED.issuperset(found.types)
        codes = found.codes
        owner = found.content or (f"{owner}.{name}" if nested else found.types[0])
    return codes


def profiled(structure: Json, place: str) -> str:
    """The value set that a StructureDefinition binds an element to, or "".

    `place` is the element's id, its path or the name of a slice.
    """
    for view in ("snapshot", "differential"):
        for key in ("id", "path", "sliceName"):
            if found := _bound(structure.get(view, {}).get("element", ()), key, place):
                return found
    return ""


def _bound(listed: Iterable[Json], key: str, place: str) -> str:
    for element in listed:
        if element.get(key) == place and (found := element.get("binding", {}).get("valueSet")):
            return str(found)
    return ""
