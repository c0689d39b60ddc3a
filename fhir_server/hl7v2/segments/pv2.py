"""PV2 → Encounter (v2-to-FHIR IG, segment map PV2[Encounter])."""

from __future__ import annotations

from typing import Any

from fhir_server.hl7v2 import datatypes as dt
from fhir_server.hl7v2.mapping import Defaults, Row
from fhir_server.hl7v2.parse import Field
from fhir_server.hl7v2.participation import participant

ACT_PRIORITY = "http://terminology.hl7.org/CodeSystem/v3-ActPriority"
PRIORITY = {"1": "EM", "2": "UR", "3": "EL"}  # table 0217
UCUM = "http://unitsofmeasure.org"


def priority(field: Field, defaults: Defaults) -> dict[str, Any] | None:
    found = dt.cwe(field, defaults)
    if found and (code := PRIORITY.get(field.component(1))):
        found["coding"] = [{"system": ACT_PRIORITY, "code": code}]
    return found


def days(field: Field, defaults: Defaults) -> dict[str, Any] | None:
    number = dt.integer(field, defaults)
    if number is None:
        return None
    return {"value": number, "unit": "days", "system": UCUM, "code": "d"}


STAY = (
    Row(3, "reasonCode", dt.cwe, many=True),
    Row(11, "length", days),
    Row(13, "participant", participant("REF"), many=True),
    Row(25, "priority", priority),
)
