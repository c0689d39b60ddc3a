"""The lists of what holds for a patient now, by their function: `_list=$current-…` (R4 lifecycle).

R4 leaves their content to the server; here it is what is active and was not found to be wrong.
"""

from __future__ import annotations

from collections.abc import Mapping

from fhir_server.errors import BadRequest

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
    if name not in LISTS:
        raise BadRequest(f"the server has the lists {', '.join(LISTS)}, not {name!r}", "_list")
    if type not in LISTS[name]:
        raise BadRequest(f"{name} lists {' and '.join(LISTS[name])}, not {type}", "_list")
    return LISTS[name][type]
