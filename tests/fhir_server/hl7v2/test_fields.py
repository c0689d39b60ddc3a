"""Fields of messages as senders of all versions write them, and what becomes of each: beside the
golden files, which show whole messages."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path
from typing import Any

import pytest

from capability.validate import validate
from fhir_server.hl7v2.locate import left_out
from fhir_server.hl7v2.mapping import Defaults
from fhir_server.hl7v2.messages import MESSAGES
from fhir_server.hl7v2.parse import parse
from fhir_server.hl7v2.place import Place
from fhir_server.repository import Update
from tests.fhir_server.serving import opened

HEAD = "MSH|^~\\&|A|B|C|D|2026||{}|{}|P|{}||||||8859/1\r"
PID = "PID|1||5^^^N||Roe^Ann\r"
DEFAULTS = Defaults("Z", "urn:id:B")
Json = dict[str, Any]


def taken(folder: Path, *raws: str) -> list[Json]:
    """The resources of the last of some messages, each stored after the one before."""

    async def take() -> list[Json]:
        with opened(folder) as (repository, _):
            for raw in raws:
                message = parse(raw.encode("cp1252"))
                place = Place(repository, message.sender)
                await MESSAGES[message.type](message, DEFAULTS, place)
                assert list(left_out(message, DEFAULTS, place.resources)) == []
                for resource in place.resources:
                    assert [i for i in validate(resource) if i.severity == "error"] == []
                changes = [Update(r["resourceType"], r["id"], r) for r in place.resources]
                await repository.transact(changes)
            return place.resources

    return asyncio.run(take())


def adt(segments: str, event: str = "A08", version: str = "2.5.1") -> str:
    return HEAD.format(f"ADT^{event}", f"{event}-1", version) + segments


def pid(n: int, value: str) -> str:
    """A PID whose field n is so."""
    fields = ["PID", "1", "", "5^^^N", "", "Roe^Ann", *[""] * 36]
    fields[n] = value
    return "|".join(fields) + "\r"


def visit(**fields: str) -> str:
    """A PV1 by its fields' numbers."""
    return "PV1|" + "|".join(fields.get(f"f{n}", "") for n in range(1, 54)) + "\r"


ICD9, ICD10CM = "http://hl7.org/fhir/sid/icd-9-cm", "http://hl7.org/fhir/sid/icd-10-cm"
V2_0203 = "http://terminology.hl7.org/CodeSystem/v2-0203"
MR = {"type": {"coding": [{"system": V2_0203, "code": "MR"}]}, "system": "urn:id:N", "value": "5"}
# segments, the type of a resource and its elements
FIELDS: dict[str, tuple[str, str, Json]] = {
    "an identifier's period": (
        pid(3, "5^^^N^MR^^20200101^20301231"),
        "Patient",
        {"identifier": [MR | {"period": {"start": "2020-01-01", "end": "2030-12-31"}}]},
    ),
    "a period that no calendar has": (
        pid(3, "5^^^N^MR^^20201399^20190101"),
        "Patient",
        {"identifier": [MR | {"period": {"end": "2019-01-01"}}]},
    ),
    "a period that ends before it begins": (
        pid(3, "5^^^N^MR^^2020^2019"),
        "Patient",
        {"identifier": [MR]},
    ),
    "a name's period and professional suffix": (
        pid(5, "Roe^Ann^^^^^L^^^^^2001^2009^RN~Poe^Ann^^^^^M^^^1990&2000"),
        "Patient",
        {
            "name": [
                {
                    "use": "official",
                    "family": "Roe",
                    "given": ["Ann"],
                    "suffix": ["RN"],
                    "period": {"start": "2001", "end": "2009"},
                },
                {
                    "use": "maiden",
                    "family": "Poe",
                    "given": ["Ann"],
                    "period": {"start": "1990", "end": "2000"},
                },
            ]
        },
    ),
    "a street in parts, who is addressed, for how long": (
        pid(11, "&Kerkstraat&12^2e^Delft^^2611^NL^H^^^^^^2019^^^^^^c/o Roe"),
        "Patient",
        {
            "address": [
                {
                    "use": "home",
                    "line": ["Kerkstraat 12", "2e", "c/o Roe"],
                    "city": "Delft",
                    "postalCode": "2611",
                    "country": "NL",
                    "period": {"start": "2019"},
                }
            ]
        },
    ),
    "numbers of 2.2, and their order": (
        pid(13, "(555)123-4567~^PRN^PH^^^555^1^^^^^^^^^^^2"),
        "Patient",
        {
            "telecom": [
                {"system": "phone", "value": "(555)123-4567", "use": "home"},
                {"system": "phone", "value": "555 1", "use": "home", "rank": 2},
            ]
        },
    ),
    "three codes with versions": (
        pid(15, "de^German^ISO6392^ger^^^2^^^x^y^99Z^7"),
        "Patient",
        {
            "communication": [
                {
                    "language": {
                        "coding": [
                            {
                                "system": "urn:id:ISO6392",
                                "version": "2",
                                "code": "de",
                                "display": "German",
                            },
                            {"code": "ger"},
                            {
                                "system": "urn:id:99Z",
                                "version": "7",
                                "code": "x",
                                "display": "y",
                            },
                        ],
                        "text": "German",
                    }
                }
            ]
        },
    ),
    "a system by its OID": (
        pid(17, "1^Orthodox^^^^^^^^^^^^2.16.840.1"),
        "Patient",
        {
            "extension": [
                {
                    "url": "http://hl7.org/fhir/StructureDefinition/patient-religion",
                    "valueCodeableConcept": {
                        "coding": [
                            {"system": "urn:oid:2.16.840.1", "code": "1", "display": "Orthodox"}
                        ],
                        "text": "Orthodox",
                    },
                }
            ]
        },
    ),
    "a byte of the message's own character set": (
        pid(5, "M\\XFC\\ller^Jos\\XE9\\"),
        "Patient",
        {"name": [{"family": "Müller", "given": ["José"]}]},
    ),
    "quotes of Windows in 8859/1": (
        pid(5, "Roe “Bo”^Ann"),
        "Patient",
        {"name": [{"family": "Roe “Bo”", "given": ["Ann"]}]},
    ),
    "its doctors": (
        PID + "PD1|||Ward 3^^44^^^N|9^Poe^Eve^B^Jr^Dr^MD^^N^^^^NPI\r",
        "Patient",
        {
            "generalPractitioner": [
                {"display": "Ward 3", "identifier": {"system": "urn:id:N", "value": "44"}},
                {
                    "display": "Dr Eve B Poe Jr MD",
                    "identifier": {
                        "type": {"coding": [{"system": V2_0203, "code": "NPI"}]},
                        "system": "urn:id:N",
                        "value": "9",
                    },
                },
            ]
        },
    ),
    "its kin": (
        PID + "NK1|1|Roe^Bo|SPO^Spouse^HL70063|1 Main St^^X|555|556|N^^HL70131|2001\r"
        "NK1|2||FTH\rNK1|3||EMP||||||||||Works^^7\r",
        "Patient",
        {
            "contact": [
                {
                    "name": {"family": "Roe", "given": ["Bo"]},
                    "relationship": [
                        {
                            "coding": [
                                {
                                    "system": "http://terminology.hl7.org/CodeSystem/v2-0063",
                                    "code": "SPO",
                                    "display": "Spouse",
                                }
                            ],
                            "text": "Spouse",
                        },
                        {
                            "coding": [
                                {
                                    "system": "http://terminology.hl7.org/CodeSystem/v2-0131",
                                    "code": "N",
                                }
                            ],
                            "text": "N",
                        },
                    ],
                    "address": {"line": ["1 Main St"], "city": "X"},
                    "telecom": [
                        {"system": "phone", "value": "555", "use": "home"},
                        {"system": "phone", "value": "556", "use": "work"},
                    ],
                    "period": {"start": "2001"},
                },
                {
                    "relationship": [{"coding": [{"code": "EMP"}], "text": "EMP"}],
                    "organization": {"display": "Works", "identifier": {"value": "7"}},
                },
            ]
        },
    ),
    "the stay": (
        PID + visit(f2="I", f19="V1") + "PV2|||^chest pain||||||||3||9^Lund^Eva||||||||||||2\r",
        "Encounter",
        {
            "reasonCode": [{"text": "chest pain"}],
            "length": {
                "value": 3,
                "unit": "days",
                "system": "http://unitsofmeasure.org",
                "code": "d",
            },
            "priority": {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/v3-ActPriority",
                        "code": "UR",
                    }
                ],
                "text": "2",
            },
        },
    ),
    "a place in a building": (
        PID + visit(f2="I", f3="ICU^2^B^SOUTH^^^Main^4^by the lift", f19="V1"),
        "Encounter",
        {
            "location": [
                {
                    "location": {"display": "ICU, 2, B, 4, Main, SOUTH, by the lift"},
                    "status": "active",
                }
            ]
        },
    ),
    "a diagnosis of 2.2": (
        PID + "DG1|1|I9|428.0|Heart failure\r",
        "Condition",
        {"code": {"coding": [{"code": "428.0", "system": ICD9}], "text": "Heart failure"}},
    ),
    "a diagnosis of another name of the system": (
        PID + "DG1|1||E11.9^DM2^ICD10CM\r",
        "Condition",
        {
            "code": {
                "coding": [{"system": ICD10CM, "code": "E11.9", "display": "DM2"}],
                "text": "DM2",
            }
        },
    ),
    "a moderate allergy": (
        PID + "AL1|1|DA|^Penicillin|MO|Hives\r",
        "AllergyIntolerance",
        {"reaction": [{"manifestation": [{"text": "Hives"}], "severity": "moderate"}]},
    ),
    "what has no field here": (PID + "ZPI|1|x|y\rIN1|1|PLAN\rGT1|1||Roe\r", "Patient", {}),
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_field(name: str, tmp_path: Path) -> None:
    segments, kind, elements = FIELDS[name]
    (found,) = (r for r in taken(tmp_path, adt(segments)) if r["resourceType"] == kind)
    assert {element: found.get(element) for element in elements} == elements
    assert "�" not in str(found)


@pytest.mark.parametrize("version", ["2.1", "2.2", "2.3", "2.3.1", "2.4", "2.6", "2.7", "2.8"])
def test_any_version(version: str, tmp_path: Path) -> None:
    assert taken(tmp_path, adt(PID, version=version))[0]["name"] == [
        {"family": "Roe", "given": ["Ann"]}
    ]


INPATIENT, LEFT = visit(f2="I", f19="V1"), visit(f2="I", f19="V1", f45="20260301")


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ([("A01", INPATIENT)], "in-progress"),
        ([("A02", INPATIENT)], "in-progress"),
        ([("A03", INPATIENT)], "finished"),
        ([("A05", INPATIENT)], "planned"),
        ([("A11", INPATIENT)], "cancelled"),
        ([("A08", INPATIENT)], "in-progress"),
        ([("A08", LEFT)], "finished"),
        ([("A01", INPATIENT), ("A03", LEFT), ("A08", INPATIENT)], "finished"),
        ([("A01", INPATIENT), ("A11", INPATIENT), ("A31", INPATIENT)], "cancelled"),
        ([("A05", INPATIENT), ("A08", INPATIENT)], "planned"),
        ([("A05", INPATIENT), ("A01", INPATIENT)], "in-progress"),
        ([("A03", LEFT), ("A02", INPATIENT)], "finished"),
        ([("A03", LEFT), ("A05", INPATIENT)], "finished"),
        ([("A03", LEFT), ("A11", INPATIENT)], "cancelled"),
        ([("A05", visit(f2="I", f3=" ", f19="V1"))], "planned"),
    ],
)
def test_the_status_of_a_visit(told: list[tuple[str, str]], status: str, tmp_path: Path) -> None:
    *_, visit = taken(tmp_path, *(adt(PID + pv1, event) for event, pv1 in told))
    assert (visit["resourceType"], visit["status"]) == ("Encounter", status)


def _between(start: str, end: str) -> str:
    return visit(f2="I", f19="V1", f44=start, f45=end)


@pytest.mark.parametrize(
    ("told", "period"),
    [
        ([("2026", "2027"), ("20260101", "")], {"start": "2026-01-01", "end": "2027"}),
        ([("2026", ""), ("", "2027")], {"start": "2026", "end": "2027"}),
        ([("2026", "2027"), ("", '""')], {"start": "2026"}),
        ([("2026", "2027"), ('""', '""')], None),
        ([("2026", "2027"), ("2028", "")], {"start": "2028"}),
    ],
)
def test_the_period_of_a_visit_is_told_part_by_part(
    told: list[tuple[str, str]], period: Json | None, tmp_path: Path
) -> None:
    *_, visit = taken(tmp_path, *(adt(PID + _between(*each), "A03") for each in told))
    assert visit.get("period") == period


LINES = {
    "OBX|1|NM|^Weight||81.5|kg|||||F": "Weight: 81.5 kg",
    "OBX|1|SN|^Troponin||>^100|ng/L": "Troponin: >100 ng/L",
    "OBX|1|SN|^Titre||^1^:^128": "Titre: 1:128",
    "OBX|1|CWE|^Smoker||Y^Yes^HL70136~^^^^Formerly": "Smoker: Yes\nSmoker: Formerly",
    "OBX|1|CQ|^Dose||5^mg&milligram": "Dose: 5 mg",
    "OBX|1|CP|^Price||5&USD^UP": "Price: 5 USD UP",
    "OBX|1|DR|^Stay||20260101^20260103": "Stay: 20260101 - 20260103",
    "OBX|1|TS|^Seen||20260101^D": "Seen: 20260101",
    "OBX|1|XPN|^By||Roe^Ann": "By: Roe Ann",
    "OBX|1|RP|^Scan||scan7^PACS^image^DICOM": "Scan: scan7",
    "OBX|1|TX|||Asthma.\rNTE|1||Not severe.~Well.": "Asthma.\nNot severe.\nWell.",
    "OBX|1|TX|||Asthma.||||||F\rOBX|2|TX|||Gout.||||||W\rNTE|1||Gone.": "Asthma.",
    "OBX|1|FT|||A\\.br\\B\\T\\C \\H\\bold\\N\\": "A\nB&C bold",
}


@pytest.mark.parametrize("obx", LINES)
def test_lines_of_a_document(obx: str, tmp_path: Path) -> None:
    head = HEAD.format("MDM^T02", "1", "2.5.1") + PID
    *_, document = taken(tmp_path, f"{head}NTE|1||Of the patient\rTXA|1|CN\r{obx}\r")
    (content,) = document["content"]
    assert base64.b64decode(content["attachment"]["data"]).decode() == LINES[obx]


def test_a_document_that_is_sent_again_is_the_same(tmp_path: Path) -> None:
    def mdm(event: str, words: str) -> str:
        head = HEAD.format(f"MDM^{event}", event, "2.5.1")
        return f"{head}{PID}TXA|1|CN||||||||||D1^N\rOBX|1|TX|||{words}\r"

    first, then = (
        taken(tmp_path / event, mdm("T02", "Asthma."), mdm(event, "Gout."))[-1]
        for event in ("T04", "T08")
    )
    assert first == then
    assert first["masterIdentifier"] == {"system": "urn:id:N", "value": "D1"}


def test_no_visit_is_none(tmp_path: Path) -> None:
    assert [r["resourceType"] for r in taken(tmp_path, adt(PID + "PV1|1|N\r", "A28"))] == [
        "Patient"
    ]


def test_an_identifier_that_ends_is_no_second_one(tmp_path: Path) -> None:
    first, then = pid(3, "5^^^N^MR~6^^^N"), pid(3, "5^^^N^MR^^^2026")
    patient, *_ = taken(tmp_path, adt(first), adt(then))
    assert [(i["value"], i.get("period")) for i in patient["identifier"]] == [
        ("5", {"end": "2026"}),
        ("6", None),
    ]
