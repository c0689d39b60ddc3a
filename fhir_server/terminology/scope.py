"""Which codes a concept map speaks of: those of the value set that it is for."""

from __future__ import annotations

from collections.abc import Iterable

from terminology.codesystem import PARTIAL, CodeSystem, Coding, split
from terminology.conceptmap import ConceptMap
from terminology.issue import Refused
from terminology.library import Library
from terminology.validation.membership import Membership
from terminology.versions import VersionRules, fits


def systems_of(known: Library, code: Coding) -> list[CodeSystem]:
    """The system of a code, in every version where it comes without one."""
    versions = [code.version] if code.version else known.versions(code.system) or [""]
    return [s for version in versions if (s := known.system(code.system, version))]


def may_have(system: CodeSystem, code: str) -> bool:
    """Whether a system has a code, or may have it as far as is known."""
    return system.content in PARTIAL or system.find(code) is not None


def applies(
    known: Library,
    concept_map: ConceptMap,
    code: Coding,
    systems: Iterable[CodeSystem],
    *,
    reverse: bool,
) -> bool:
    """Whether a code is in the value set that the map is for, where both are known.

    A map says nothing of other codes, nor does its `unmapped`. A code without a version is that of
    any in which the set has it.
    """
    scope = concept_map.target if reverse else concept_map.source
    value_set = known.value_set(scope) if scope else None
    own = [(system, found) for system in systems if (found := system.find(code.code))]
    if value_set is None or not own:
        return True
    try:
        membership = Membership(known, value_set, VersionRules())
        return any(membership.find(system, found) for system, found in own)
    except Refused:
        return True  # the set can't be told, so nothing speaks against the map


def in_scope(own: str, wanted: str) -> bool:
    """Whether a map for one value set is one for another; any is where none is wanted."""
    url, version = split(wanted)
    own_url, own_version = split(own)
    return not wanted or (own_url == url and (not version or fits(version, own_version)))
