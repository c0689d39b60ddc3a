"""PV1 → Encounter (v2-to-FHIR IG, segment map PV1[Encounter])."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fhir_server.hl7v2 import datatypes as dt
from fhir_server.hl7v2.mapping import Defaults, Row
from fhir_server.hl7v2.parse import Field
from fhir_server.hl7v2.participation import participant

ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
ARRANGEMENT = "http://terminology.hl7.org/CodeSystem/encounter-special-arrangements"
V2_0004 = "http://terminology.hl7.org/CodeSystem/v2-0004"
CLASS = {"E": "EMER", "I": "IMP", "O": "AMB", "P": "PRENC"}
STATUS = {"P": "planned", "U": "unknown"}
# what the event says of the visit, "" where its class does; of others the status stays as it is
EVENTS = {"A01": "", "A02": "", "A03": "finished", "A04": "", "A05": "planned", "A11": "cancelled"}


def encounter_class(field: Field, _: Defaults) -> dict[str, str] | None:
    code = field.component(1).upper()
    if code in CLASS:
        return {"system": ACT_CODE, "code": CLASS[code]}
    return {"system": V2_0004, "code": code} if code else None


def status(field: Field, _: Defaults) -> str:
    return STATUS.get(field.component(1).upper(), "in-progress")


def location(status: str) -> Callable[[Field, Defaults], dict[str, Any] | None]:
    """PL as the display of a Location: point of care, room, bed, floor, building, facility, or
    what describes it."""

    def via(field: Field, _: Defaults) -> dict[str, Any] | None:
        shown = ", ".join(p for p in map(field.component, (1, 2, 3, 8, 7, 4, 9)) if p)
        return {"location": {"display": shown}, "status": status} if shown else None

    return via


def arrangement(field: Field, defaults: Defaults) -> dict[str, Any] | None:
    found = dt.cwe(field, defaults)
    if found and field.component(1).upper() == "A2":
        found["coding"] = [{"system": ARRANGEMENT, "code": "wheel"}]
    return found


def destination(field: Field, _: Defaults) -> dict[str, str] | None:
    """DLD as the display of a Location."""
    shown = field.component(1, 2).strip() or field.component(1).strip()
    return {"display": shown} if shown else None


def visit_number(field: Field, defaults: Defaults) -> dict[str, Any] | None:
    found = dt.cx(field, defaults)
    kind = {"coding": [{"system": dt.V2_0203, "code": "VN"}]}
    return {"type": kind, **found} if found else None


ENCOUNTER = (
    Row(2, "class", encounter_class),
    Row(2, "status", status),
    Row(3, "location", location("active"), many=True),
    Row(4, "type", dt.cwe, many=True),
    Row(5, "hospitalization.preAdmissionIdentifier", dt.cx),
    Row(6, "location", location("completed"), many=True),
    Row(7, "participant", participant("ATND"), many=True),
    Row(8, "participant", participant("REF"), many=True),
    Row(9, "participant", participant("CON"), many=True),
    Row(10, "serviceType", dt.cwe),
    Row(11, "location", location("active"), many=True),
    Row(13, "hospitalization.reAdmission", dt.cwe),
    Row(14, "hospitalization.admitSource", dt.cwe),
    Row(15, "hospitalization.specialArrangement", arrangement, many=True),
    Row(16, "hospitalization.specialCourtesy", dt.cwe, many=True),
    Row(17, "participant", participant("ADM"), many=True),
    Row(19, "identifier", visit_number, many=True),
    Row(36, "hospitalization.dischargeDisposition", dt.cwe),
    Row(37, "hospitalization.destination", destination),
    Row(38, "hospitalization.dietPreference", dt.cwe, many=True),
    Row(42, "location", location("reserved"), many=True),
    Row(44, "period.start", dt.date_time),
    Row(45, "period.end", dt.date_time),
    Row(
        45, "status", lambda field, defaults: "finished" if dt.date_time(field, defaults) else None
    ),
    Row(50, "identifier", dt.cx, many=True),
    Row(52, "participant", participant("PART"), many=True),
)
