"""Where a text came from, and what the resources of its findings share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nlp.documents import Reading

CANONICAL = "https://medparser.org/fhir"
FINDING_ID = f"{CANONICAL}/finding"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text came from: references as FHIR strings, `version` of the DocumentReference."""

    document: str
    version: int
    subject: Resource
    encounter: Resource | None = None
    attachment: int = 0  # which of the contents
    reading: Reading | None = None  # the map from its text to the original


def concept(system: str, code: str) -> Resource:
    """A CodeableConcept of one code."""
    return {"coding": [{"system": system, "code": code}]}


def instant(moment: datetime) -> str:
    """A moment as FHIR writes it, to the second."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
