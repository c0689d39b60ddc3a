"""ADT^A01, A04, A08: patient administration → Patient, Encounter."""

from __future__ import annotations

from fhir_server.hl7v2.mapping import Zone
from fhir_server.hl7v2.parse import Message
from fhir_server.hl7v2.place import Place
from fhir_server.hl7v2.visit import encounter, patient


async def handle(message: Message, zone: Zone, place: Place) -> None:
    subject = await patient(message, zone, place)
    await encounter(message, zone, place, subject)
