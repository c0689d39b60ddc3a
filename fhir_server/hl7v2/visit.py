"""PID, PD1, NK1, PV1, PV2, DG1, AL1 of any message → the patient and the visit it speaks of."""

from __future__ import annotations

from functools import partial

from fhir_server.hl7v2.ack import Problem
from fhir_server.hl7v2.datatypes import code_system
from fhir_server.hl7v2.mapping import Defaults, Resource, apply, nulls
from fhir_server.hl7v2.parse import Message
from fhir_server.hl7v2.place import Place, Refused, only
from fhir_server.hl7v2.segments.al1 import ALLERGY, SEVERITY
from fhir_server.hl7v2.segments.dg1 import CONDITION
from fhir_server.hl7v2.segments.nk1 import CONTACT
from fhir_server.hl7v2.segments.pd1 import CARE
from fhir_server.hl7v2.segments.pid import CHOICES, PATIENT, beside
from fhir_server.hl7v2.segments.pv1 import ENCOUNTER, EVENTS
from fhir_server.hl7v2.segments.pv2 import STAY

Reference = dict[str, str]
LAST = ("finished", "cancelled")  # what a finished visit may become
REACHED = {"name", "telecom", "address", "organization"}  # one of which a contact has: pat-1
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
UNKNOWN_CLASS = {"system": f"{TERMINOLOGY}/v3-NullFlavor", "code": "UNK"}


async def patient(message: Message, defaults: Defaults, place: Place) -> Reference:
    """Raises Refused where PID, or an identifier in it, is missing, or there are two."""
    segment = only(message, "PID")
    if segment is None:
        raise Refused(Problem("100", "PID", "the segment PID is required"))
    mapped: Resource = apply(PATIENT, segment, defaults, {"resourceType": "Patient"})
    gone = nulls(PATIENT, segment)
    if care := only(message, "PD1"):
        apply(CARE, care, defaults, mapped)
        gone |= nulls(CARE, care)
    contacts = [apply(CONTACT, each, defaults, {}) for each in message.all("NK1")]
    if told := [each for each in contacts if REACHED & each.keys()]:
        mapped["contact"] = told
    beside(segment, defaults, mapped)
    for telling, other in CHOICES:
        if telling in mapped:
            mapped.pop(other, None)
    if not mapped.get("identifier"):
        raise Refused(Problem("101", "PID^1^3", "PID-3 holds no patient identifier"))
    return await place.put(mapped, mapped["identifier"], gone)


async def encounter(
    message: Message, defaults: Defaults, place: Place, subject: Reference
) -> Reference | None:
    """None where the message has no visit: no PV1, or one that names neither class nor number."""
    segment = only(message, "PV1")
    if segment is None or not (segment.value(2).upper() not in ("", "N") or segment.value(19)):
        return None
    base: Resource = {"resourceType": "Encounter", "status": "unknown"}
    mapped = apply(ENCOUNTER, segment, defaults, base)
    gone = nulls(ENCOUNTER, segment)
    if more := only(message, "PV2"):
        apply(STAY, more, defaults, mapped)
        gone |= nulls(STAY, more)
    mapped["status"] = EVENTS.get(message.type[1]) or mapped["status"]
    mapped.setdefault("class", UNKNOWN_CLASS)
    if mapped["status"] == "planned" and segment.value(3):  # PV1-3 is the first of its locations
        mapped["location"][0]["status"] = "planned"
    mapped["subject"] = subject
    numbers = [i for i in mapped.get("identifier", ()) if "value" in i]
    if not numbers:  # a visit without a number is the patient's one visit of that message
        numbers = [{"system": "urn:id:message", "value": f"{place.sender}|{message.control_id}"}]
    first = {}
    if message.type[1] not in EVENTS and mapped["status"] != "finished":
        first = {"status": mapped.pop("status")}
    at = f"PV1^1^{19 if segment.value(19) else 50}"
    return await place.put(mapped, numbers, gone, first, partial(_upon, at))


def _upon(at: str, stored: Resource, mapped: Resource) -> Resource:
    """What a stored visit takes: a late message does not begin again what is finished.

    Raises Refused where the visit is another patient's.
    """
    whose = stored.get("subject", {}).get("reference", "")
    if whose and not f"/{whose}".endswith(f"/{mapped['subject']['reference']}"):
        raise Refused(Problem("205", at, "the visit of this number is another patient's"))
    if stored.get("status") == "finished" and mapped.get("status") not in LAST:
        return {name: value for name, value in mapped.items() if name != "status"}
    return mapped


async def diagnoses(
    message: Message, defaults: Defaults, place: Place, subject: Reference, visit: Reference | None
) -> None:
    """One Condition per DG1 that names what was diagnosed."""
    for segment in message.all("DG1"):
        mapped: Resource = {
            "resourceType": "Condition",
            "category": [_concept("condition-category", "encounter-diagnosis")],
            "subject": subject,
        }
        apply(CONDITION, segment, defaults, mapped)
        if "code" not in mapped:
            continue
        coding = mapped["code"].get("coding", [{}])[0]
        if "code" in coding and "system" not in coding and (told := code_system(segment.value(2))):
            coding["system"] = told  # where versions before 2.3.1 have it
        if visit is not None:
            mapped["encounter"] = visit
        status = mapped.get("verificationStatus", {"coding": [{}]})["coding"][0].get("code")
        if status != "entered-in-error":  # con-5
            mapped["clinicalStatus"] = _concept("condition-clinical", "active")
        await place.put(mapped, mapped.get("identifier") or [_key(mapped, subject)])


async def allergies(message: Message, defaults: Defaults, place: Place, subject: Reference) -> None:
    """One AllergyIntolerance per AL1 that names an allergen."""
    for segment in message.all("AL1"):
        mapped: Resource = {
            "resourceType": "AllergyIntolerance",
            "clinicalStatus": _concept("allergyintolerance-clinical", "active"),
            "patient": subject,
        }
        if "code" in apply(ALLERGY, segment, defaults, mapped):
            if severity := SEVERITY.get(segment.value(4).upper()):
                for each in mapped.get("reaction", ()):
                    each["severity"] = severity
            await place.put(mapped, [_key(mapped, subject)])


def _key(mapped: Resource, subject: Reference) -> dict[str, str]:
    """What tells apart the facts of one patient that have no identifier of their own: the code."""
    concept = mapped["code"]
    what = concept.get("coding", [{}])[0].get("code") or concept["text"]
    return {"system": "urn:id:fact", "value": f"{subject['reference']}|{what}"}


def _concept(system: str, code: str) -> Resource:
    return {"coding": [{"system": f"{TERMINOLOGY}/{system}", "code": code}]}
