"""The expansion of a value set as FHIR tells it in R4.

What R5 added (properties) goes into the cross-version extensions:
https://build.fhir.org/ig/HL7/fhir-tx-ecosystem-ig/r4.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from capability.operation import Values
from fhir_server.terminology.request import truth
from terminology.codesystem import Coding, ConceptDesignation, ConceptProperty, Extension
from terminology.expansion import Expansion
from terminology.expansion.contains import Contains
from terminology.valueset import ValueSet

Json = dict[str, Any]
R5 = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.expansion"
UNCLOSED = "http://hl7.org/fhir/StructureDefinition/valueset-unclosed"
LEFT_OUT = frozenset({"text", "meta", "expansion", "implicitRules"})
DEFINITION = LEFT_OUT | {  # what is told of the definition where it is asked for alone
    *("compose", "contact", "copyright", "description", "immutable", "jurisdiction"),
    *("publisher", "purpose", "useContext"),
}
# parameter of the request: how the expansion repeats it
ECHOED = {
    "activeOnly": "Boolean",
    "check-valueset-version": "Uri",
    "count": "Integer",
    "default-valueset-version": "Uri",
    "designation": "String",
    "exclude-system": "Uri",
    "excludeNested": "Boolean",
    "filter": "String",
    "force-valueset-version": "Uri",
    "includeDefinition": "Boolean",
    "includeDesignations": "Boolean",
    "offset": "Integer",
}


def expanded(
    value_set: ValueSet,
    resource: Json,
    made: Expansion,
    given: Values,
    language: str,
    id: str,
    now: datetime,
) -> Json:
    """The ValueSet resource with its expansion; `id` is a fresh UUID for it.

    `language` is what the displays were asked for in, as it was written.
    """
    left_out = LEFT_OUT if truth(given.get("includeDefinition")) else DEFINITION
    told = {k: v for k, v in (resource or _described(value_set)).items() if k not in left_out}
    expansion: Json = {}
    extensions = [_declared(code, uri) for code, uri in dict(_uris(made.contains)).items()]
    if made.unclosed:
        extensions.append({"url": UNCLOSED, "valueBoolean": True})
        extensions += [{"url": f"{UNCLOSED}-reason", "valueString": r} for r in made.unclosed]
    if extensions:
        expansion["extension"] = extensions
    expansion["identifier"] = f"urn:uuid:{id}"
    expansion["timestamp"] = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    expansion["total"] = made.total
    if "offset" in given:
        expansion["offset"] = given["offset"]
    spoken = [{"name": "displayLanguage", "valueCode": language}] if language else []
    if parameters := [*_parameters(given), *spoken, *_used(made)]:
        expansion["parameter"] = parameters
    if made.contains:
        expansion["contains"] = [_contains(c) for c in made.contains]
    return {"resourceType": "ValueSet", **told, "expansion": expansion}


def _described(value_set: ValueSet) -> Json:
    """The resource of a set that is known as plain values alone."""
    told: Json = {"url": value_set.url, "version": value_set.version, "name": value_set.name}
    told["status"] = value_set.standing.status or "active"
    return {name: value for name, value in told.items() if value}


def _parameters(given: Values) -> Iterator[Json]:
    for name, kind in ECHOED.items():
        values = given.get(name, ())
        for value in values if isinstance(values, list | tuple) else [values]:
            yield {"name": name, f"value{kind}": truth(value) if kind == "Boolean" else value}


def _used(made: Expansion) -> Iterator[Json]:
    for name, reference in made.used:
        yield {"name": name, "valueUri": reference}


def _contains(given: Contains) -> Json:
    told: Json = {}
    extensions = [_extension(e) for e in given.extensions]
    extensions += [_property(p) for p in given.properties]
    if extensions:
        told["extension"] = extensions
    told["system"] = given.system
    if given.abstract:
        told["abstract"] = True
    if given.inactive:
        told["inactive"] = True
    if given.version:
        told["version"] = given.version
    told["code"] = given.code
    if given.display:
        told["display"] = given.display
    if given.designations:
        told["designation"] = [designation(d) for d in given.designations]
    if given.contains:
        told["contains"] = [_contains(c) for c in given.contains]
    return told


def designation(given: ConceptDesignation) -> Json:
    """A designation of a ValueSet or CodeSystem."""
    told: Json = {}
    if given.extensions:
        told["extension"] = [_extension(e) for e in given.extensions]
    if given.language:
        told["language"] = given.language
    if given.use is not None:
        told["use"] = coding(given.use)
    return told | {"value": given.value}


def coding(given: Coding) -> Json:
    """A Coding, without what is empty."""
    told = {"system": given.system, "version": given.version, "code": given.code}
    told["display"] = given.display
    return {name: value for name, value in told.items() if value}


def _uris(contains: Iterable[Contains]) -> Iterator[tuple[str, str]]:
    for each in contains:
        told = dict(each.uris)
        yield from ((p.code, told.get(p.code, "")) for p in each.properties)
        yield from _uris(each.contains)


def _declared(code: str, uri: str) -> Json:
    parts: list[Json] = [{"url": "code", "valueCode": code}]
    if uri:
        parts.append({"url": "uri", "valueUri": uri})
    return {"url": f"{R5}.property", "extension": parts}


def _property(given: ConceptProperty) -> Json:
    kind = f"value{given.kind[0].upper()}{given.kind[1:]}"
    value = coding(given.value) if isinstance(given.value, Coding) else given.value
    parts = [{"url": "code", "valueCode": given.code}, {"url": "value", kind: value}]
    return {"url": f"{R5}.contains.property", "extension": parts}


def _extension(given: Extension) -> Json:
    return {"url": given.url, f"value{given.kind[0].upper()}{given.kind[1:]}": given.value}
