"""Definitions as resources, made from the tables: SearchParameter, CompartmentDefinition,
StructureDefinition of an extension."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from capability.definitions import RESOURCE_TYPES, compartment, every_search_parameter

Json = dict[str, Any]
FHIR = "http://hl7.org/fhir"
VERSION = "4.0.1"


class Part(NamedTuple):
    """A part of an extension that has parts: its url, the type of its value, what it says."""

    url: str
    type: str
    min: int
    doc: str

    @property
    def key(self) -> str:
        """The name of the value in JSON."""
        return f"value{self.type[0].upper()}{self.type[1:]}"


def search_parameters(
    unsupported: Collection[str], comparators: Sequence[str], modifiers: Mapping[str, Sequence[str]]
) -> Iterator[Json]:
    """The specification's search parameters but those whose code, or Type.code, is `unsupported`.

    `comparators` are the prefixes of types that are ordered, `modifiers` those of each search type.
    """
    for row in every_search_parameter():
        code, kind, bases = row["code"], row["type"], row["base"]
        left = [b for b in bases if f"{b}.{code}" not in unsupported]
        if code in unsupported or not left:
            continue
        made: Json = {
            "resourceType": "SearchParameter",
            "id": row["url"].rpartition("/")[2],
            "url": row["url"],
            "version": VERSION,
            "name": code,
            "status": "active",
            "description": f"{code} of {', '.join(left)}: {row.get('expression', 'no element')}",
            "code": code,
            "base": left,
            "type": kind,
        }
        if expression := row.get("expression"):
            made["expression"] = expression
        if targets := row.get("target"):
            made["target"] = targets
        if kind != "composite":
            made |= {"multipleOr": True, "multipleAnd": True}
        if kind in ("date", "number", "quantity"):
            made["comparator"] = list(comparators)
        named = [m for m in modifiers.get(kind, ()) if m != "[type]"]
        if named:
            typed = ["type"] if "[type]" in modifiers[kind] else []
            made["modifier"] = [{"of-type": "ofType"}.get(m, m) for m in named] + typed
        if components := row.get("component"):
            made["component"] = [{"definition": d, "expression": e} for d, e in components]
        yield made


def compartment_url(code: str) -> str:
    """The URL of a compartment's definition ("Patient", "RelatedPerson" …)."""
    return f"{FHIR}/CompartmentDefinition/{code[0].lower()}{code[1:]}"


def compartment_definition(code: str) -> Json:
    """The definition of a compartment."""
    url = compartment_url(code)
    members = compartment(code)
    rows = [
        {"code": t, **({"param": list(members[t])} if t in members else {})} for t in RESOURCE_TYPES
    ]
    return {
        "resourceType": "CompartmentDefinition",
        "id": url.rpartition("/")[2],
        "url": url,
        "version": VERSION,
        "name": f"{code}Compartment",
        "status": "active",
        "code": code,
        "search": True,
        "resource": rows,
    }


def extension_definition(
    url: str, title: str, contexts: Sequence[str], parts: Sequence[Part]
) -> Json:
    """The definition of an extension that is made of parts, on the resource types of `contexts`."""
    name = url.rpartition("/")[2]
    elements: list[Json] = [
        {"id": "Extension", "path": "Extension", "short": title, "min": 0, "max": "*"},
    ]
    for part in parts:
        at = f"Extension.extension:{part.url}"
        path, kind = "Extension.extension", [{"code": part.type}]
        most = {"short": part.doc, "min": part.min, "max": "1"}
        elements += [
            {"id": at, "path": path, "sliceName": part.url} | most,
            {"id": f"{at}.url", "path": f"{path}.url", "fixedUri": part.url},
            {"id": f"{at}.value[x]", "path": f"{path}.value[x]", "min": 1, "type": kind},
        ]
    elements += [
        {"id": "Extension.url", "path": "Extension.url", "fixedUri": url},
        {"id": "Extension.value[x]", "path": "Extension.value[x]", "max": "0"},
    ]
    return {
        "resourceType": "StructureDefinition",
        "id": name,
        "url": url,
        "name": name.capitalize(),
        "title": title,
        "status": "active",
        "fhirVersion": VERSION,
        "kind": "complex-type",
        "abstract": False,
        "context": [{"type": "element", "expression": each} for each in contexts],
        "type": "Extension",
        "baseDefinition": f"{FHIR}/StructureDefinition/Extension",
        "derivation": "constraint",
        "differential": {"element": elements},
    }
