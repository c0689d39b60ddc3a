"""PID → Patient (v2-to-FHIR IG, segment map PID[Patient])."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from fhir_server.hl7v2 import datatypes as dt
from fhir_server.hl7v2.mapping import Defaults, Resource, Row
from fhir_server.hl7v2.parse import Field, Segment

MARITAL = "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"
NULL_FLAVOR = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"
EXTENSION = "http://hl7.org/fhir/StructureDefinition/patient-"
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


def license(field: Field, _: Defaults) -> Resource | None:
    """DLN to an Identifier."""
    number = field.component(1).strip()
    if not number:
        return None
    made: Resource = {"type": {"coding": [{"system": dt.V2_0203, "code": "DL"}]}, "value": number}
    if issuer := dt.system(field.component(2), "", ""):
        made["system"] = issuer
    if end := dt.moment(field.component(3)):
        made["period"] = {"end": end}
    return made


def _name(field: Field, defaults: Defaults) -> str | None:
    """XPN to a string."""
    name = dt.xpn(field, defaults) or {}
    return " ".join([*name.get("given", ()), *filter(None, [name.get("family")])]) or None


def _place(field: Field, _: Defaults) -> Resource | None:
    text = field.component(1).strip()
    return {"text": text} if text else None


def extension(
    name: str, value: Callable[[Field, Defaults], Any], element: str
) -> Callable[[Field, Defaults], Resource | None]:
    """An extension of R4 core with what the field says."""

    def via(field: Field, defaults: Defaults) -> Resource | None:
        said = value(field, defaults)
        return {"url": f"{EXTENSION}{name}", element: said} if said else None

    return via


def _code(field: Field, defaults: Defaults) -> list[Resource] | None:
    """The `code` within the extensions of citizenship and nationality."""
    said = dt.cwe(field, defaults)
    return [{"url": "code", "valueCodeableConcept": said}] if said else None


def beside(segment: Segment, defaults: Defaults, mapped: Resource) -> None:
    """What several fields say together: the time of birth, the county of the only address."""
    for field in segment.repetitions(7)[:1]:
        with suppress(ValueError):  # the day is told, whatever is wrong with the hour
            if moment := dt.instant(field, defaults):
                datetime.fromisoformat(moment)
                time = {"url": f"{EXTENSION}birthTime", "valueDateTime": moment}
                mapped["_birthDate"] = {"extension": [time]}
    if county := segment.value(12).strip():
        addresses = mapped.setdefault("address", [])
        if len(addresses) == 1 and "district" not in addresses[0]:
            addresses[0]["district"] = county
        elif all(each.get("district") != county for each in addresses):
            addresses.append({"district": county})


PATIENT = (
    Row(2, "identifier", dt.cx, many=True),
    Row(3, "identifier", dt.cx, many=True),
    Row(4, "identifier", dt.cx, many=True),
    Row(5, "name", dt.xpn, many=True),
    Row(6, "extension", extension("mothersMaidenName", _name, "valueString"), many=True),
    Row(7, "birthDate", dt.date),
    Row(8, "gender", dt.gender, table="A F M N O U X"),
    Row(9, "name", dt.xpn, many=True),
    Row(11, "address", dt.xad, many=True),
    Row(13, "telecom", dt.home_xtn, many=True),
    Row(14, "telecom", dt.work_xtn, many=True),
    Row(15, "communication", language, many=True),
    Row(16, "maritalStatus", marital),
    Row(17, "extension", extension("religion", dt.cwe, "valueCodeableConcept"), many=True),
    Row(19, "identifier", ssn, many=True),
    Row(20, "identifier", license, many=True),
    Row(23, "extension", extension("birthPlace", _place, "valueAddress"), many=True),
    Row(24, "multipleBirthBoolean", dt.yes, table="Y N"),
    Row(25, "multipleBirthInteger", dt.integer),
    Row(26, "extension", extension("citizenship", _code, "extension"), many=True),
    Row(28, "extension", extension("nationality", _code, "extension"), many=True),
    Row(29, "deceasedDateTime", dt.date_time),
    Row(30, "deceasedBoolean", dt.yes, table="Y N"),
    Row(39, "extension", extension("citizenship", _code, "extension"), many=True),
    Row(40, "telecom", dt.xtn, many=True),
)
# R4 choice elements: the more telling form wins where a message gives both
CHOICES = (
    ("multipleBirthInteger", "multipleBirthBoolean"),
    ("deceasedDateTime", "deceasedBoolean"),
)
