"""The R4 code systems, value sets and concept maps as facts, and the TerminologyCapabilities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from capability.definitions import terminology

Json = dict[str, Any]
Versions = Mapping[str, Sequence[str]]  # code system url -> versions, the default one last

EXPANSION_PARAMETERS = (
    "activeOnly",
    "check-system-version",
    "check-valueset-version",
    "count",
    "date",
    "default-valueset-version",
    "designation",
    "displayLanguage",
    "exclude-system",
    "excludeNested",
    "filter",
    "force-system-version",
    "force-valueset-version",
    "includeDefinition",
    "includeDesignations",
    "offset",
    "property",
    "system-version",
    "tx-resource",
    "useSupplement",
)


def core_urls(kind: str) -> Iterable[str]:
    """The urls of the R4 resources of a kind that are known by their facts: "CodeSystem" …"""
    return terminology(kind).keys()


def core(kind: str, url: str) -> Json | None:
    """A resource of the specification without prose, or None: CodeSystem, ValueSet, ConceptMap."""
    row = terminology(kind).get(url)
    if row is None:
        return None
    made: Json = {"resourceType": kind, **row}
    if "concept" in row:
        made["concept"] = list(_concepts(row["concept"]))
    if "compose" in row:
        made["compose"] = {
            name: [_include(i) for i in value] if isinstance(value, list) else value
            for name, value in row["compose"].items()
        }
    return made


def borrowed(url: str) -> tuple[Json, ...]:
    """What the R4 value sets list of a system that R4 doesn't define: concepts, each code once."""
    found: dict[str, Json] = {}
    for rows in _listed().get(url, ()):
        for concept in _concepts(rows):
            found.setdefault(concept["code"], concept)
    return tuple(found.values())


@cache
def _listed() -> Mapping[str, Sequence[Sequence[Any]]]:
    """The lists of codes in R4's value sets, by the url of their system."""
    found: dict[str, list[Sequence[Any]]] = {}
    for row in terminology("ValueSet").values():
        for include in row.get("compose", {}).get("include", ()):
            if "system" in include and "concept" in include:
                found.setdefault(include["system"], []).append(include["concept"])
    return found


def _include(given: Json) -> Json:
    if "concept" not in given:
        return given
    return {**given, "concept": list(_concepts(given["concept"]))}


def _concepts(rows: Iterable[Any]) -> Iterator[Json]:
    for row in rows:
        code, display, properties, below = (
            (row, "", (), ()) if isinstance(row, str) else (*row, (), ())[:4]
        )
        made: Json = {"code": code}
        if display:
            made["display"] = display
        if properties:
            made["property"] = properties
        if below:
            made["concept"] = list(_concepts(below))
        yield made


def capabilities(base_url: str, version: str, date: str, systems: Versions) -> Json:
    """The TerminologyCapabilities of a server that knows these code systems.

    `version` is the software's, `date` its release as a FHIR dateTime.
    """
    return {
        "resourceType": "TerminologyCapabilities",
        "url": f"{base_url}/metadata?mode=terminology",
        "version": version,
        "name": "MedparserTerminology",
        "title": "medparser terminology service",
        "status": "active",
        "date": date,
        "kind": "instance",
        "software": {"name": "medparser", "version": version},
        "implementation": {"description": "medparser, FHIR R4 server", "url": base_url},
        "lockedDate": False,
        "codeSystem": [_system(url, versions) for url, versions in systems.items()],
        "expansion": {
            "hierarchical": True,
            "paging": True,
            "incomplete": False,
            "parameter": [{"name": name} for name in EXPANSION_PARAMETERS],
            "textFilter": "The start of every word, in codes, displays and designations",
        },
        "codeSearch": "all",
        "validateCode": {"translations": True},
        "translation": {"needsMap": True},
        "closure": {"translation": False},
    }


def _system(url: str, versions: Sequence[str]) -> Json:
    told = [{"code": v, "isDefault": n == len(versions) - 1} for n, v in enumerate(versions) if v]
    return {"uri": url, "subsumption": True} | ({"version": told} if told else {})
