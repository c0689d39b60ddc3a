"""v2 data types to FHIR ones: each function takes one repetition and gives a value or None.

Source: HL7 Version 2 to FHIR IG, data type maps; the tables are its concept maps.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from fhir_server.hl7v2.mapping import Defaults
from fhir_server.hl7v2.parse import Field

Value = dict[str, Any]

GENDER = {
    "F": "female",
    "M": "male",
    "O": "other",
    "U": "unknown",
    "A": "other",
    "N": "other",
    "X": "other",
}
NAME_USE = {
    "BAD": "old", "D": "usual", "L": "official", "M": "maiden", "MSK": "anonymous",
    "N": "nickname", "NAV": "temp", "R": "official", "TEMP": "temp",
}  # fmt: skip
ADDRESS_USE = {"BA": "old", "BI": "billing", "C": "temp", "B": "work", "H": "home", "O": "work"}
ADDRESS_TYPE = {"M": "postal", "SH": "postal"}
TELECOM_USE = {"PRN": "home", "WPN": "work", "PRS": "mobile"}
TELECOM_SYSTEM = {
    "PH": "phone", "FX": "fax", "MD": "other", "CP": "phone", "SAT": "other", "BP": "pager",
    "Internet": "email", "X.400": "email", "TDD": "other", "TTY": "other",
}  # fmt: skip
# HL7 table 0396 → FHIR system
CODE_SYSTEM = {
    "LN": "http://loinc.org",
    "SCT": "http://snomed.info/sct",
    "I10C": "http://hl7.org/fhir/sid/icd-10-cm",
    "ICD10": "http://hl7.org/fhir/sid/icd-10-cm",
    "ICD-10-CM": "http://hl7.org/fhir/sid/icd-10-cm",
    "I10": "http://hl7.org/fhir/sid/icd-10",
    "I9C": "http://hl7.org/fhir/sid/icd-9-cm",
    "ICD9": "http://hl7.org/fhir/sid/icd-9-cm",
    "RXNORM": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "NDC": "http://hl7.org/fhir/sid/ndc",
    "CVX": "http://hl7.org/fhir/sid/cvx",
    "UCUM": "http://unitsofmeasure.org",
    "LOINC": "http://loinc.org",
    "SNOMED": "http://snomed.info/sct",
    "SNOMED-CT": "http://snomed.info/sct",
    "ICD10CM": "http://hl7.org/fhir/sid/icd-10-cm",
    "ICD-10": "http://hl7.org/fhir/sid/icd-10",
    "ICD-9-CM": "http://hl7.org/fhir/sid/icd-9-cm",
    "ICD9CM": "http://hl7.org/fhir/sid/icd-9-cm",
    "I9": "http://hl7.org/fhir/sid/icd-9-cm",
    "I9CDX": "http://hl7.org/fhir/sid/icd-9-cm",
    "CPT4": "http://www.ama-assn.org/go/cpt",
    "C4": "http://www.ama-assn.org/go/cpt",
}
# table 0203 types whose identifiers have one system everywhere
NATIONAL = {"SS": "http://hl7.org/fhir/sid/us-ssn", "NPI": "http://hl7.org/fhir/sid/us-npi"}
V2_0203 = "http://terminology.hl7.org/CodeSystem/v2-0203"
_DIGITS = re.compile(r"[0-9]{1,9}")
_DTM = re.compile(
    r"(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(\d\d)?(?:(\d\d)(?:\.(\d{1,4}))?)?)?)?)?([+-]\d{4})?"
)


def st(field: Field, _: Defaults) -> str | None:
    return field.component(1).strip() or None


def moment(text: str) -> str | None:
    """DT or DTM to a FHIR date of the precision given."""
    match = _DTM.fullmatch(text.strip())
    return "-".join(p for p in match.groups()[:3] if p) if match else None


def date(field: Field, _: Defaults) -> str | None:
    return moment(field.component(1))


def date_time(field: Field, defaults: Defaults) -> str | None:
    """DTM to dateTime; an hour without minutes is taken as the full hour, R4 knows no less."""
    return _moment(field.component(1), defaults)


def _moment(text: str, defaults: Defaults) -> str | None:
    match = _DTM.fullmatch(text.strip())
    if not match:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    if hour is None:
        return "-".join(p for p in (year, month, day) if p)
    moment = f"{year}-{month}-{day}T{hour}:{minute or '00'}:{second or '00'}"
    moment += f".{fraction}" if fraction else ""
    return moment + (f"{offset[:3]}:{offset[3:]}" if offset else defaults.offset)


def instant(field: Field, defaults: Defaults) -> str | None:
    """DTM to instant; None where it is only a date."""
    moment = date_time(field, defaults)
    return moment if moment and "T" in moment else None


def gender(field: Field, _: Defaults) -> str | None:
    return GENDER.get(field.component(1).upper(), "unknown")


def yes(field: Field, _: Defaults) -> bool | None:
    return {"Y": True, "N": False}.get(field.component(1).upper())


def system(namespace: str, universal: str, kind: str) -> str | None:
    """HD to an identifier system: OID, UUID or URI as such, a bare namespace as urn:id:."""
    if universal:
        if kind == "ISO" or re.fullmatch(r"\d+(\.\d+)+", universal):
            return f"urn:oid:{universal}"
        if kind == "UUID":
            return f"urn:uuid:{universal.lower()}"
        if ":" in universal:
            return universal
    name = re.sub(r"\s+", "-", namespace or universal)
    return f"urn:id:{name}" if name else None


def period(field: Field, defaults: Defaults, start: int, range: int = 0) -> Value | None:
    """The Period of two components that begin with `start`, or else of a DR at `range`."""
    given = {
        "start": field.component(start) or (field.component(range) if range else ""),
        "end": field.component(start + 1) or (field.component(range, 2) if range else ""),
    }
    told = {name: m for name, text in given.items() if (m := _moment(text, defaults)) and _real(m)}
    if told.get("start", "") > told.get("end", "9999"):
        return None
    return told or None


def _real(moment: str) -> bool:
    """Whether a calendar has the day, and it the hour."""
    day, _, _ = moment.partition("T")
    try:
        datetime.fromisoformat(moment if "T" in moment else f"{day}-01-01"[:10])
    except ValueError:
        return False
    return True


def cx(field: Field, defaults: Defaults) -> Value | None:
    value = field.component(1).strip()
    if not value:
        return None
    kind = field.component(5)
    named = system(field.component(4), field.component(4, 2), field.component(4, 3))
    found: Value = {
        "type": {"coding": [{"system": V2_0203, "code": kind}]} if kind else None,
        "system": named or NATIONAL.get(kind) or defaults.authority,
        "value": value,
        "period": period(field, defaults, 7),
    }
    return _present(found)


def ei(field: Field, _: Defaults) -> Value | None:
    value = field.component(1).strip()
    found = {"system": system(field.component(2), field.component(3), field.component(4))}
    return _present({**found, "value": value}) if value else None


def xpn(field: Field, defaults: Defaults) -> Value | None:
    given = [n for n in (field.component(2), *field.component(3).split()) if n]
    family = " ".join(p for p in (field.component(1, 2), field.component(1, 3)) if p)
    found = {
        "use": NAME_USE.get(field.component(7)),
        "family": field.component(1) or family or None,
        "given": given or None,
        "prefix": [field.component(5)] if field.component(5) else None,
        "suffix": [s for n in (4, 6, 14) if (s := field.component(n))] or None,
        "period": period(field, defaults, 12, range=10),
    }
    return _present(found) if found["family"] or given else None


def xcn(field: Field, _: Defaults) -> Value | None:
    """XCN to a Reference: the identifier and the name, without making a Practitioner."""
    name = " ".join(n for n in map(field.component, (6, 3, 4, 2, 5, 7)) if n)
    value = field.component(1)
    found: Value = {"display": name or None}
    if value:
        kind = field.component(13)
        assigner = system(field.component(9), field.component(9, 2), field.component(9, 3))
        identifier = {
            "type": {"coding": [{"system": V2_0203, "code": kind}]} if kind else None,
            "system": assigner or NATIONAL.get(kind),
            "value": value,
        }
        found["identifier"] = _present(identifier)
    return _present(found) or None


def xon(field: Field, _: Defaults) -> Value | None:
    """XON to a Reference: the identifier and the name, without making an Organization."""
    found: Value = {"display": field.component(1) or None}
    if value := field.component(10) or field.component(3):
        assigner = system(field.component(6), field.component(6, 2), field.component(6, 3))
        found["identifier"] = _present({"system": assigner, "value": value})
    return _present(found) or None


def xad(field: Field, defaults: Defaults) -> Value | None:
    kind = field.component(7)
    # SAD: the whole line, or the street and the number alone
    street = field.component(1) or " ".join(p for n in (2, 3) if (p := field.component(1, n)))
    lines = [x for x in (street, field.component(2), field.component(19)) if x]
    found: Value = {
        "line": lines or None,
        "city": field.component(3) or None,
        "state": field.component(4) or None,
        "postalCode": field.component(5) or None,
        "country": field.component(6) or None,
        "district": field.component(9) or None,
    }
    if not any(found.values()):
        return None
    found["period"] = period(field, defaults, 13, range=12)
    return _present({"use": ADDRESS_USE.get(kind), "type": ADDRESS_TYPE.get(kind), **found})


def xtn(field: Field, defaults: Defaults) -> Value | None:
    parts = [field.component(n) for n in (5, 6, 7)]
    number = " ".join(p for p in (f"+{parts[0]}" if parts[0] else "", *parts[1:]) if p)
    if extension := field.component(8):
        number += f" X{extension}"
    mail = field.component(4)
    kind = TELECOM_SYSTEM.get(field.component(3)) or ("email" if "@" in mail else "phone")
    value = (mail if kind == "email" else "") or field.component(12) or number or field.component(1)
    use = "mobile" if field.component(3) == "CP" else TELECOM_USE.get(field.component(2))
    rank = field.component(18)
    found = {
        "system": kind,
        "value": value,
        "use": use,
        "rank": int(rank) if _DIGITS.fullmatch(rank) and int(rank) else None,
        "period": period(field, defaults, 13),
    }
    return _present(found) if value else None


def _used(use: str) -> Callable[[Field, Defaults], Value | None]:
    """XTN of a field that says what a number is for where the sender gives no code for it."""

    def via(field: Field, defaults: Defaults) -> Value | None:
        found = xtn(field, defaults)
        if found is None or "use" in found or field.component(2):
            return found
        return {**found, "use": use}

    return via


home_xtn, work_xtn = _used("home"), _used("work")


def integer(field: Field, _: Defaults) -> int | None:
    """NM to a whole number, as far as FHIR has them."""
    raw = field.component(1).strip()
    return int(raw) if _DIGITS.fullmatch(raw) else None


def cwe(field: Field, _: Defaults) -> Value | None:
    """CWE, CE, CNE or IS to a CodeableConcept; codes of unknown systems keep their local name."""
    codings = []
    for n, version, oid in ((1, 7, 14), (4, 8, 17), (10, 13, 20)):
        code, display, name = (field.component(n + i).strip() for i in range(3))
        if code:
            found = {
                "system": code_system(name) or system("", field.component(oid), "ISO"),
                "version": field.component(version).strip() or None,
                "code": " ".join(code.split()),
                "display": display or None,
            }
            codings.append(_present(found))
    text = field.component(9) or field.component(2) or field.component(5) or field.component(1)
    return _present({"coding": codings or None, "text": text or None}) or None


def code_system(name: str) -> str | None:
    if not name or name == "L":
        return None
    if name.startswith("HL7") and name[3:].isdigit():
        return f"http://terminology.hl7.org/CodeSystem/v2-{name[3:]}"
    return CODE_SYSTEM.get(name.upper(), f"urn:id:{'-'.join(name.split())}")


def _present(value: Value) -> Value:
    return {k: v for k, v in value.items() if v is not None}
