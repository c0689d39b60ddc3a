"""DG1 → Condition (v2-to-FHIR IG, segment map DG1[Condition])."""

from __future__ import annotations

from typing import Any

from fhir_server.hl7v2 import datatypes as dt
from fhir_server.hl7v2.mapping import Defaults, Row
from fhir_server.hl7v2.parse import Field

VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
# table 0052: admitting and working diagnoses may still change, a final one stands
STATUS = {"A": "provisional", "W": "provisional", "F": "confirmed"}


def certainty(field: Field, _: Defaults) -> dict[str, Any] | None:
    code = STATUS.get(field.component(1).upper())
    return {"coding": [{"system": VERIFICATION, "code": code}]} if code else None


def deleted(field: Field, _: Defaults) -> dict[str, Any] | None:
    """DG1-21: D takes the diagnosis back."""
    if field.component(1).upper() != "D":
        return None
    return {"coding": [{"system": VERIFICATION, "code": "entered-in-error"}]}


CONDITION = (
    Row(3, "code", dt.cwe),
    Row(4, "code.text", dt.st),
    Row(5, "onsetDateTime", dt.date_time),
    Row(6, "verificationStatus", certainty, table="A W F"),
    Row(16, "asserter", dt.xcn),
    Row(19, "recordedDate", dt.date_time),
    Row(20, "identifier", dt.ei, many=True),
    Row(21, "verificationStatus", deleted, table="A D S U X"),
)
