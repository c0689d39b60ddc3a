"""ADT: patient administration → Patient, Encounter, diagnoses, allergies."""

from __future__ import annotations

from fhir_server.hl7v2.mapping import Defaults
from fhir_server.hl7v2.parse import Message
from fhir_server.hl7v2.place import Place
from fhir_server.hl7v2.visit import allergies, diagnoses, encounter, patient


async def handle(message: Message, defaults: Defaults, place: Place) -> None:
    subject = await patient(message, defaults, place)
    visit = await encounter(message, defaults, place, subject)
    await diagnoses(message, defaults, place, subject, visit)
    await allergies(message, defaults, place, subject)
