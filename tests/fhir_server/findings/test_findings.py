"""findings: each assertion and status makes the right resource, valid by ours and another's rules."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson
import pytest
from fhir.resources.R4B import get_fhir_model_class

from capability.validate import validate
from fhir_server.findings import Source, device, provenance, resource, resources
from fhir_server.findings.dosage import UCUM
from nlp.types import (
    Assertion,
    Coding,
    Document,
    Extraction,
    Finding,
    Kind,
    MedicationStatus,
    Quantity,
    Relation,
    Sig,
    Span,
    Supply,
    Timing,
)
from terminology.types import ICD10CM, RXNORM, Method

NOW = datetime(2026, 9, 14, 10, 15, tzinfo=UTC)
SOURCE = Source("DocumentReference/d", 3, {"reference": "Patient/p"}, {"reference": "Encounter/e"})
ASTHMA = Coding(
    ICD10CM, "J45.909", "Unspecified asthma, uncomplicated", 0.98, Method.EXACT, "asthma"
)
ASPIRIN = Coding(RXNORM, "1191", "aspirin", 1.0, Method.SYNONYM, "asa")


def finding(kind: Kind = "condition", **more: Any) -> Finding:
    base = {
        "kind": kind,
        "span": Span(4, 10, "asthma"),
        "assertion": Assertion.PRESENT,
        "codings": (ASTHMA if kind == "condition" else ASPIRIN,),
        "score": 0.98,
        "source": "rules",
        "section": "pmh",
    }
    return Finding(**(base | more))


def made(given: Finding) -> dict[str, Any]:
    found = resource(given, SOURCE, NOW)
    assert found is not None
    assert [i for i in validate(found) if i.severity == "error"] == []
    model = get_fhir_model_class(found["resourceType"]).model_validate(found)
    again = orjson.loads(model.model_dump_json())
    assert _plain(again) == _plain(found)
    return found


def _plain(value: Any) -> Any:
    """The same with numbers as decimals: the model writes 0.980 for 0.98."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return Decimal(str(value)) if type(value) in (int, float) else value


@pytest.mark.parametrize(
    ("assertion", "clinical", "verification"),
    [
        (Assertion.PRESENT, "active", "confirmed"),
        (Assertion.POSSIBLE, "active", "provisional"),
        (Assertion.HISTORICAL, "resolved", "confirmed"),
    ],
)
def test_condition_status(assertion: Assertion, clinical: str, verification: str) -> None:
    found = made(finding(assertion=assertion))
    assert found["clinicalStatus"]["coding"][0]["code"] == clinical
    assert found["verificationStatus"]["coding"][0]["code"] == verification


@pytest.mark.parametrize("assertion", [Assertion.NEGATED, Assertion.FAMILY, Assertion.HYPOTHETICAL])
def test_what_is_not_claimed_of_the_patient_makes_no_condition(assertion: Assertion) -> None:
    assert resource(finding(assertion=assertion), SOURCE, NOW) is None


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (MedicationStatus.ACTIVE, "active"),
        (MedicationStatus.NEW, "active"),
        (MedicationStatus.CHANGED, "active"),
        (MedicationStatus.STOPPED, "stopped"),
        (MedicationStatus.HELD, "on-hold"),
        (MedicationStatus.COMPLETED, "completed"),
        (MedicationStatus.PLANNED, "intended"),
        (MedicationStatus.NOT_TAKING, "not-taken"),
    ],
)
def test_medication_status(said: MedicationStatus, status: str) -> None:
    assert made(finding("medication", status=said))["status"] == status


def test_an_allergy_is_no_statement_of_use() -> None:
    assert resource(finding("medication", status=MedicationStatus.ALLERGY), SOURCE, NOW) is None


def test_the_sig_becomes_a_dosage() -> None:
    sig = Sig(
        dose=Span(10, 21, "1-2 tablets"),
        dose_quantity=Quantity(1, "tablet", 2),
        route=Span(22, 24, "PO"),
        route_code="oral",
        frequency=Span(25, 28, "q6h"),
        timing=Timing(frequency=1, period=6, period_unit="h"),
        as_needed=Span(29, 32, "PRN"),
        as_needed_for=Span(37, 41, "pain"),
        duration=Span(42, 52, "for 7 days"),
        duration_quantity=Quantity(7, "d"),
    )
    (dosage,) = made(finding("medication", sig=sig))["dosage"]
    assert dosage["text"] == "1-2 tablets PO q6h PRN pain for 7 days"
    repeat = dosage["timing"]["repeat"]
    assert (repeat["frequency"], repeat["period"], repeat["periodUnit"]) == (1, 6, "h")
    assert repeat["boundsDuration"] == {"value": 7, "unit": "d", "system": UCUM, "code": "d"}
    assert dosage["asNeededCodeableConcept"] == {"text": "pain"}
    assert "asNeededBoolean" not in dosage
    assert dosage["doseAndRate"][0]["doseRange"]["high"]["value"] == 2


@pytest.mark.parametrize(
    ("strength", "dose"),
    [
        ("20 mg", (20, "mg", "mg")),
        ("2.5 mg", (2.5, "mg", "mg")),
        ("5,000 units", (5000, "unit", "[iU]")),
        ("25 mcg", (25, "mcg", "ug")),
        ("0.5%", None),
        ("5/325", None),
        ("250 mg/5 mL", None),
    ],
)
def test_an_amount_without_a_count_is_the_dose(strength: str, dose: tuple[Any, ...] | None) -> None:
    sig = Sig(strength=Span(10, 10 + len(strength), strength), route=Span(30, 32, "PO"))
    (dosage,) = made(finding("medication", sig=sig))["dosage"]
    assert dosage["text"] == f"{strength} PO"
    got = [d["doseQuantity"] for d in dosage.get("doseAndRate", [])]
    assert [(q["value"], q["unit"], q["code"]) for q in got] == ([dose] if dose else [])


def test_a_duration_may_be_a_range() -> None:
    sig = Sig(duration=Span(10, 19, "7-10 days"), duration_quantity=Quantity(7, "d", 10))
    (dosage,) = made(finding("medication", sig=sig))["dosage"]
    bounds = dosage["timing"]["repeat"]["boundsRange"]
    assert (bounds["low"]["value"], bounds["high"]["value"], bounds["low"]["code"]) == (7, 10, "d")


def test_evidence_tells_every_place() -> None:
    found = made(finding(evidence=(Span(30, 36, "Asthma"),)))
    places = [{e["url"]: e for e in x["extension"]} for x in found["extension"]]
    assert [(p["start"]["valueUnsignedInt"], p["end"]["valueUnsignedInt"]) for p in places] == [
        (4, 10),
        (30, 36),
    ]
    assert places[0]["method"]["valueCode"] == "exact"


def test_the_same_fact_has_the_same_id_and_another_document_another() -> None:
    first, again = made(finding()), made(finding(score=0.5))
    assert first["id"] == again["id"]
    other = resource(finding(), Source("DocumentReference/x", 1, {"reference": "Patient/p"}), NOW)
    assert other is not None
    assert other["id"] != first["id"]


def test_provenance_and_device_are_valid() -> None:
    software = device(Extraction(Document("x"), (), (), "llm", "medgemma"))
    record = provenance(["Condition/a"], SOURCE, software["id"], NOW)
    for found in (software, record):
        assert [i for i in validate(found) if i.severity == "error"] == []
    assert record["entity"][0]["what"]["reference"] == "DocumentReference/d/_history/3"
    assert software["modelNumber"] == "medgemma"


def test_related_findings_refer_to_one_another() -> None:
    gout, rash, drug = Span(0, 4, "gout"), Span(6, 10, "rash"), Span(12, 19, "aspirin")
    given = [
        finding(span=gout, related=(Relation("severity", Span(20, 26, "severe")),)),
        finding(
            span=rash,
            codings=(),
            related=(Relation("due-to", drug), Relation("body-site", Span(30, 38, "left arm"))),
        ),
        finding(
            kind="medication",
            span=drug,
            status=MedicationStatus.STOPPED,
            related=(
                Relation("indication", gout),
                Relation("indication", Span(40, 44, "pain")),
                Relation("adverse-event", rash),
            ),
        ),
    ]
    made_of = [one for _, one in resources(given, SOURCE, NOW) if one]
    for one in made_of:
        assert [i for i in validate(one) if i.severity == "error"] == []
        get_fhir_model_class(one["resourceType"]).model_validate(one)
    first, second, statement = made_of
    assert first["severity"]["coding"][0]["code"] == "24484000"
    assert second["bodySite"] == [{"text": "left arm"}]
    assert second["extension"][-1] == {
        "url": "http://hl7.org/fhir/StructureDefinition/condition-dueTo",
        "valueReference": {"reference": f"MedicationStatement/{statement['id']}"},
    }
    assert statement["reasonReference"] == [{"reference": f"Condition/{first['id']}"}]
    assert statement["reasonCode"] == [{"text": "pain"}]
    assert statement["statusReason"] == [{"text": "rash"}]


def test_a_relation_to_what_makes_no_resource_is_told_in_words() -> None:
    given = finding(related=(Relation("due-to", Span(12, 19, "aspirin")),))
    assert made(given)["extension"][-1]["valueCodeableConcept"] == {"text": "aspirin"}


def test_a_drug_is_no_reason_for_another() -> None:
    first, second = Span(0, 7, "aspirin"), Span(12, 19, "heparin")
    given = [
        finding("medication", span=first, related=(Relation("indication", second),)),
        finding("medication", span=second),
    ]
    statement = next(one for _, one in resources(given, SOURCE, NOW) if one)
    assert "reasonReference" not in statement
    assert [i for i in validate(statement) if i.severity == "error"] == []


def test_steps_are_dosages_in_sequence() -> None:
    step = Sig(strength=Span(20, 25, "20 mg"), frequency=Span(26, 31, "daily"))
    first = Sig(strength=Span(0, 5, "40 mg"), frequency=Span(6, 11, "daily"), then=(step,))
    found = made(finding("medication", status=MedicationStatus.ACTIVE, sig=first))
    assert [(d["sequence"], d["text"]) for d in found["dosage"]] == [
        (1, "40 mg daily"),
        (2, "20 mg daily"),
    ]


@pytest.mark.parametrize(
    ("words", "element"),
    [
        ("since March 2011", {"onsetDateTime": "2011-03"}),
        ("for 10 years", {"onsetString": "for 10 years"}),
        ("since 2020-13-45", {"onsetDateTime": "2020"}),
        ("at age 0", {"onsetString": "at age 0"}),
        (
            "at age 12",
            {
                "onsetAge": {
                    "value": 12,
                    "unit": "years",
                    "system": "http://unitsofmeasure.org",
                    "code": "a",
                }
            },
        ),
    ],
)
def test_onset(words: str, element: dict[str, Any]) -> None:
    told = (Relation("onset", Span(10, 10 + len(words), words)),)
    made = resource(finding(related=told), SOURCE, NOW)
    assert made is not None
    assert element.items() <= made.items()
    assert [i for i in validate(made) if i.severity == "error"] == []


def test_period_and_supply_of_a_drug() -> None:
    supply = Supply((Span(30, 33, "#60"), Span(35, 44, "2 refills")), Quantity(60, ""), 2)
    told = (
        Relation("start", Span(10, 20, "since 2019")),
        Relation("stop", Span(21, 29, "until 2020")),
    )
    given = finding(kind="medication", related=told, sig=Sig(supply=supply))
    made = resource(given, SOURCE, NOW)
    assert made is not None
    assert made["effectivePeriod"] == {"start": "2019", "end": "2020"}
    assert made["extension"][-1]["extension"] == [
        {"url": "quantity", "valueQuantity": {"value": 60}},
        {"url": "refills", "valueUnsignedInt": 2},
        {"url": "quote", "valueString": "#60 2 refills"},
    ]
    assert "dosage" not in made
    assert [i for i in validate(made) if i.severity == "error"] == []


@pytest.mark.parametrize(("first", "last"), [("3/2020", "2020"), ("2020", "1/31/2020")])
def test_ends_of_a_period_may_be_told_more_or_less_exactly(first: str, last: str) -> None:
    told = (
        Relation("start", Span(1, 1 + len(first), first)),
        Relation("stop", Span(20, 20 + len(last), last)),
    )
    made = resource(finding(kind="medication", related=told), SOURCE, NOW)
    assert made is not None
    assert made["effectivePeriod"].keys() == {"start", "end"}


def test_a_period_that_ends_before_it_begins_is_left_out() -> None:
    told = (Relation("start", Span(1, 5, "2020")), Relation("stop", Span(6, 10, "2019")))
    made = resource(finding(kind="medication", related=told), SOURCE, NOW)
    assert made is not None
    assert "effectivePeriod" not in made
