"""AL1 → AllergyIntolerance (v2-to-FHIR IG, segment map AL1[AllergyIntolerance])."""

from __future__ import annotations

from typing import Any

from fhir_server.hl7v2 import datatypes as dt
from fhir_server.hl7v2.mapping import Defaults, Row
from fhir_server.hl7v2.parse import Field

# table 0127 → allergy-intolerance-category; table 0128 → criticality, reaction severity
CATEGORY = {
    "DA": "medication", "FA": "food", "EA": "environment", "AA": "biologic",
    "PA": "environment", "LA": "environment",
}  # fmt: skip
ALLERGIES = {*CATEGORY, "MA"}  # of table 0127 a contraindication (MC) is none
CRITICALITY = {"SV": "high", "MI": "low"}
SEVERITY = {"MO": "moderate"}  # of its reactions: R4's criticality has nothing between


def category(field: Field, _: Defaults) -> str | None:
    return CATEGORY.get(field.component(1).upper())


def kind(field: Field, _: Defaults) -> str | None:
    return "allergy" if field.component(1).upper() in ALLERGIES else None


def criticality(field: Field, _: Defaults) -> str | None:
    return CRITICALITY.get(field.component(1).upper())


def reaction(field: Field, _: Defaults) -> dict[str, Any] | None:
    text = field.component(1).strip()
    return {"manifestation": [{"text": text}]} if text else None


ALLERGY = (
    Row(2, "category", category, many=True, table="AA DA EA FA LA MA MC PA"),
    Row(2, "type", kind, table="AA DA EA FA LA MA MC PA"),
    Row(3, "code", dt.cwe),
    Row(4, "criticality", criticality, table="SV MO MI U"),
    Row(5, "reaction", reaction, many=True),
    Row(6, "onsetDateTime", dt.date_time),
)
