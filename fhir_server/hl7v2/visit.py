"""PID and PV1 of any message → the Patient and the Encounter that it speaks of."""

from __future__ import annotations

from fhir_server.hl7v2.ack import Problem
from fhir_server.hl7v2.mapping import Resource, Zone, apply
from fhir_server.hl7v2.parse import Message
from fhir_server.hl7v2.place import Place, Refused
from fhir_server.hl7v2.segments.pid import CHOICES, PATIENT
from fhir_server.hl7v2.segments.pv1 import ENCOUNTER

Reference = dict[str, str]


async def patient(message: Message, zone: Zone, place: Place) -> Reference:
    """Raises Refused where PID, or an identifier in it, is missing."""
    segment = message.first("PID")
    if segment is None:
        raise Refused(Problem("100", "PID", "the segment PID is required"))
    mapped: Resource = apply(PATIENT, segment, zone, {"resourceType": "Patient"})
    for telling, other in CHOICES:
        if telling in mapped:
            mapped.pop(other, None)
    if not mapped.get("identifier"):
        raise Refused(Problem("101", "PID^1^3", "PID-3 holds no patient identifier"))
    return await place.put(mapped, mapped["identifier"])


async def encounter(
    message: Message, zone: Zone, place: Place, subject: Reference
) -> Reference | None:
    """None where the message has no visit: no PV1, or one that names neither class nor number."""
    segment = message.first("PV1")
    if segment is None or not (segment.value(2) or segment.value(19)):
        return None
    base: Resource = {"resourceType": "Encounter", "status": "unknown"}
    mapped = apply(ENCOUNTER, segment, zone, base)
    mapped.setdefault("class", UNKNOWN_CLASS)
    mapped["subject"] = subject
    numbers = [i for i in mapped.get("identifier", ()) if "value" in i]
    if not numbers:  # a visit without a number is the patient's one visit of that message
        numbers = [{"system": "urn:id:message", "value": f"{place.sender}|{message.control_id}"}]
    return await place.put(mapped, numbers)


UNKNOWN_CLASS = {"system": "http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "code": "UNK"}
