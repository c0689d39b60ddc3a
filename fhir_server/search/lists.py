"""_list: what a List has, or by its function what holds for a patient now (`$current-…`).

R4 (3.1.1.4.12, lifecycle) leaves the content of the latter to the server; here it is what is active
and was not found to be wrong.
"""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from fhir_server.errors import BadRequest
from fhir_server.search.types.reference import local

Asked = tuple[tuple[str, str], ...]  # search parameters and their values

SURE = ("verification-status:not", "refuted,entered-in-error")
ALLERGIES: Asked = (("clinical-status", "active"), SURE)
TAKEN: Asked = (("status", "active"),)
LISTS: Mapping[str, Mapping[str, Asked]] = {
    "$current-problems": {"Condition": (("clinical-status", "active,recurrence,relapse"), SURE)},
    "$current-medications": {"MedicationStatement": TAKEN, "MedicationRequest": TAKEN},
    "$current-allergies": {"AllergyIntolerance": ALLERGIES},
    "$current-drug-allergies": {"AllergyIntolerance": (*ALLERGIES, ("category", "medication"))},
}


def asked(type: str, name: str) -> Asked:
    """What a resource of the type meets that is in the list; raises BadRequest."""
    if type not in types(name):
        raise BadRequest(f"{name} lists {' and '.join(LISTS[name])}, not {type}", "_list")
    return LISTS[name][type]


def types(name: str) -> tuple[str, ...]:
    """The resource types that are in the list; raises BadRequest."""
    if name not in LISTS:
        raise BadRequest(f"the server has the lists {', '.join(LISTS)}, not {name!r}", "_list")
    return tuple(LISTS[name])


def id_of(name: str, base: str) -> str:
    """The id of a List that is named by it, as List/id or by its URL; raises BadRequest for what is
    no List of this server."""
    if "/" not in name:
        return name
    named = local(name, base)
    if named is None or named[0] != "List":
        raise BadRequest(f"{name!r} is no List of this server", "_list")
    return named[1]


def members(body: bytes, type: str, base: str) -> list[str]:
    """The ids of a type that a List has, each once."""
    named = (local(item, base) for item in references(body))
    return list(dict.fromkeys(found[1] for found in named if found and found[0] == type))


def references(body: bytes) -> list[str]:
    """The references that a List has; a `deleted` entry tells what it had."""
    entries = orjson.loads(body).get("entry", ())
    return [e["item"].get("reference", "") for e in entries if not e.get("deleted")]
