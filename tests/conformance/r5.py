"""Replies of an R4 server as the R5 cases expect them: cross-version extensions become elements."""

from __future__ import annotations

from typing import Any

R5 = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.expansion."
DECLARED, PROPERTY = f"{R5}property", f"{R5}contains.property"


def upgraded(value: Any) -> Any:
    """The same value with the extensions for ValueSet.expansion properties taken up."""
    if isinstance(value, list):
        return [upgraded(each) for each in value]
    if not isinstance(value, dict):
        return value
    made = {name: upgraded(each) for name, each in value.items() if name != "extension"}
    kept, taken = [], []
    for extension in value.get("extension", ()):
        if extension.get("url") in (DECLARED, PROPERTY):
            taken.append(_parts(extension))
        else:
            kept.append(upgraded(extension))
    if kept:
        made["extension"] = kept
    if taken:
        made["property"] = taken
    return made


def _parts(extension: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for part in extension["extension"]:
        key = next(k for k in part if k.startswith("value"))
        told[key if part["url"] == "value" else part["url"]] = part[key]
    return told
