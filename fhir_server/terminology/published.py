"""What is loaded and what R4 defines as resources, to be read and found.

Clients look for these before they ask an operation: HAPI's remote terminology support takes a
system for unknown that `CodeSystem?url=` does not find.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from capability.terminology import core, core_urls
from terminology.codesystem import PARTIAL, CodeSystem

Json = dict[str, Any]
TYPES = ("CodeSystem", "ValueSet", "ConceptMap")
NO_ID = re.compile(r"[^A-Za-z0-9.-]+")
LONGEST = 64  # characters of an id
PART = "Only a part of the system's codes is loaded."


def published(loaded: Iterable[CodeSystem]) -> Iterator[Json]:
    """A resource for each loaded version of a system, and each that R4 defines."""
    yield from (_described(id, system) for id, system in _named(loaded).items())
    for type in TYPES:
        yield from (_specified(type, id, url) for id, url in _defined(type).items())


def find(type: str, id: str, loaded: Iterable[CodeSystem]) -> Json | None:
    """The one of `published` with this type and id, or None."""
    if type not in TYPES:
        return None
    if url := _defined(type).get(id):
        return _specified(type, id, url)
    system = _named(loaded).get(id) if type == "CodeSystem" else None
    return None if system is None else _described(id, system)


def _described(id: str, system: CodeSystem) -> Json:
    """A loaded system without its concepts: how many there are, and what is told of each."""
    told = {
        "resourceType": "CodeSystem",
        "id": id,
        "url": system.url,
        "version": system.version,
        "name": re.sub(r"\W+", "_", system.name),
        "title": system.title,
        "status": "active",
        "description": PART if system.content in PARTIAL else "",
        "caseSensitive": system.case_sensitive,
        "valueSet": f"{system.url}?fhir_vs",
        "compositional": system.compositional,
        "versionNeeded": system.version_needed,
        "content": "not-present",
        "count": len(system.codes()),
        "property": [
            {"code": p.code, "type": p.kind} | ({"uri": p.uri} if p.uri else {})
            for p in system.properties.values()
        ],
    }
    return {name: value for name, value in told.items() if value not in ("", [])}


def _named(loaded: Iterable[CodeSystem]) -> Mapping[str, CodeSystem]:
    """Systems by their ids: name and version, and what parts those that have both in common."""
    found: dict[str, list[CodeSystem]] = {id: [] for id in _defined("CodeSystem")}
    for system in loaded:
        found.setdefault(_id(system), []).append(system)
    named = {}
    for id, systems in found.items():
        alone = len(systems) == 1 and id not in _defined("CodeSystem")
        for each in systems:
            digest = hashlib.sha256(f"{each.url}|{each.version}".encode()).hexdigest()[:8]
            named[id if alone else f"{id[: LONGEST - 9]}-{digest}"] = each
    return named


def _id(system: CodeSystem) -> str:
    """Of a version that is a URI, as SNOMED CT's are, the parts that have digits."""
    parts = re.findall(r"[^/]*\d[^/]*", system.version.rpartition("//")[2])
    name = NO_ID.sub("-", "-".join((system.name, *parts))).strip("-").lower()
    return name[:LONGEST] or "system"


def _specified(type: str, id: str, url: str) -> Json:
    return {"resourceType": type, "id": id, **(core(type, url) or {})}


@cache
def _defined(type: str) -> Mapping[str, str]:
    """The urls of R4's resources by their ids, which are the ends of the urls."""
    return {NO_ID.sub("-", re.split("[/:]", url)[-1]): url for url in core_urls(type)}
