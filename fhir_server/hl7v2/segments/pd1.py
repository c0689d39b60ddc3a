"""PD1 → Patient (v2-to-FHIR IG, segment map PD1[Patient])."""

from __future__ import annotations

from fhir_server.hl7v2 import datatypes as dt
from fhir_server.hl7v2.mapping import Row

CARE = (
    Row(3, "generalPractitioner", dt.xon, many=True),
    Row(4, "generalPractitioner", dt.xcn, many=True),
)
