"""Who takes part in a visit, and how: Encounter.participant of a field of PV1 or PV2."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fhir_server.hl7v2 import datatypes as dt
from fhir_server.hl7v2.mapping import Defaults
from fhir_server.hl7v2.parse import Field

PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"


def participant(code: str) -> Callable[[Field, Defaults], dict[str, Any] | None]:
    """XCN to a participant of this type."""

    def via(field: Field, defaults: Defaults) -> dict[str, Any] | None:
        person = dt.xcn(field, defaults)
        kind = [{"coding": [{"system": PARTICIPATION, "code": code}]}]
        return {"type": kind, "individual": person} if person else None

    return via
