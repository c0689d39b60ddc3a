"""PID → Patient (v2-to-FHIR IG, segment map PID[Patient])."""

from __future__ import annotations

from fhir_server.hl7v2 import datatypes as dt
from fhir_server.hl7v2.mapping import Defaults, Row
from fhir_server.hl7v2.parse import Field

MARITAL = "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"
NULL_FLAVOR = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"
# HL7 table 0002 → v3 MaritalStatus, from the IG's concept map
MARITAL_STATUS = {
    "A": "L", "D": "D", "M": "M", "S": "S", "W": "W", "C": "C", "G": "T", "P": "T", "R": "T",
    "E": "L", "N": "A", "I": "I", "B": "U",
}  # fmt: skip
UNKNOWN_STATUS = {"U": "UNK", "O": "OTH", "T": "NAVU"}


def marital(field: Field, defaults: Defaults) -> dict[str, object] | None:
    found = dt.cwe(field, defaults)
    code = field.component(1).upper()
    if found is None:
        return None
    if code in MARITAL_STATUS:
        found["coding"] = [{"system": MARITAL, "code": MARITAL_STATUS[code]}]
    elif code in UNKNOWN_STATUS:
        found["coding"] = [{"system": NULL_FLAVOR, "code": UNKNOWN_STATUS[code]}]
    return found


def language(field: Field, defaults: Defaults) -> dict[str, object] | None:
    spoken = dt.cwe(field, defaults)
    return {"language": spoken} if spoken else None


def ssn(field: Field, _: Defaults) -> dict[str, object] | None:
    number = field.component(1).strip()
    if not number:
        return None
    kind = {"coding": [{"system": dt.V2_0203, "code": "SS"}]}
    return {"type": kind, "system": "http://hl7.org/fhir/sid/us-ssn", "value": number}


PATIENT = (
    Row(2, "identifier", dt.cx, many=True),
    Row(3, "identifier", dt.cx, many=True),
    Row(4, "identifier", dt.cx, many=True),
    Row(5, "name", dt.xpn, many=True),
    Row(7, "birthDate", dt.date),
    Row(8, "gender", dt.gender, table="A F M N O U X"),
    Row(9, "name", dt.xpn, many=True),
    Row(11, "address", dt.xad, many=True),
    Row(13, "telecom", dt.xtn, many=True),
    Row(14, "telecom", dt.work_xtn, many=True),
    Row(15, "communication", language, many=True),
    Row(16, "maritalStatus", marital),
    Row(19, "identifier", ssn, many=True),
    Row(24, "multipleBirthBoolean", dt.yes, table="Y N"),
    Row(25, "multipleBirthInteger", dt.integer),
    Row(29, "deceasedDateTime", dt.date_time),
    Row(30, "deceasedBoolean", dt.yes, table="Y N"),
    Row(40, "telecom", dt.xtn, many=True),
)
# R4 choice elements: the more telling form wins where a message gives both
CHOICES = (
    ("multipleBirthInteger", "multipleBirthBoolean"),
    ("deceasedDateTime", "deceasedBoolean"),
)
