"""MDM^T02, T04, T08: a document with its content, new or again → Patient, Encounter,
DocumentReference; then $extract."""

from __future__ import annotations

from fhir_server.hl7v2.ack import Problem
from fhir_server.hl7v2.mapping import Defaults, Resource, apply
from fhir_server.hl7v2.parse import Message
from fhir_server.hl7v2.place import Place, Refused, only
from fhir_server.hl7v2.segments.obx import BadContent, contents
from fhir_server.hl7v2.segments.txa import DOCUMENT
from fhir_server.hl7v2.visit import encounter, patient


async def handle(message: Message, defaults: Defaults, place: Place) -> None:
    segment = only(message, "TXA")
    if segment is None:
        raise Refused(Problem("100", "TXA", "the segment TXA is required"))
    subject = await patient(message, defaults, place)
    visit = await encounter(message, defaults, place, subject)
    base: Resource = {"resourceType": "DocumentReference", "status": "current"}
    mapped = apply(DOCUMENT, segment, defaults, base)
    mapped["subject"] = subject
    if visit is not None:
        mapped["context"] = {"encounter": [visit]}
    try:
        mapped["content"] = [content for _, content in contents(message.segments)]
    except BadContent as error:
        raise Refused(error.problem) from None
    if not mapped["content"]:
        raise Refused(Problem("101", "OBX^1^5", "no OBX holds the document's content"))
    number = mapped.get("masterIdentifier") or {"system": place.sender, "value": message.control_id}
    reference = await place.put(mapped, [number])
    place.documents.append(reference["reference"].partition("/")[2])
