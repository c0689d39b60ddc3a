"""Classes of errors that notes written fresh showed, each with the reading it must not swallow."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.pipeline import Pipeline
from nlp.types import Assertion
from tests.nlp.cases import found, told


@pytest.mark.parametrize(
    ("assertion", "condition", "text"), told(Path(__file__).with_name("assertions.tsv"))
)
def test_assertion(pipeline: Pipeline, assertion: str, condition: str, text: str) -> None:
    named = found(pipeline, text, condition)
    assert [str(f.assertion) for f in named if f.kind == "condition"] == [assertion]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Medications: none. BP 128/74.", "bp"),
        ("Fell 1 hour PTA.", "pta"),
        ("PSA is 0.1.", "psa"),
        ("UA: nitrite positive.", "ua"),
        ("CTX 1 g, IVF.", "ivf"),
        ("Reminded her of an overdue mammogram.", "overdue"),
        ("Seen by gastro clinic.", "gastro"),
        ("Tetanus > 5 years.", "tetanus"),
        ("Imms: influenza today.", "influenza"),
        ("Immunizations up to date except influenza.", "influenza"),
        ("He injects heroin and fentanyl.", "fentanyl"),
        ("Uses marijuana, THC gummies.", "thc"),
        ("Meds: hydrocortisone cream prn. Mom gave Tylenol at 8pm.", "mom"),
    ],
)
def test_no_mention(pipeline: Pipeline, text: str, word: str) -> None:
    assert not found(pipeline, text, word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Ketamine given for joint reduction.", "ketamine"),
        ("Takes ketamine for depression. Smokes marijuana.", "ketamine"),
        ("UDS positive for marijuana, on amphetamine salts 20 mg daily.", "amphetamine"),
        ("Immunizations: up to date. Patient is a hepatitis B carrier.", "hepatitis b"),
    ],
)
def test_mention(pipeline: Pipeline, text: str, word: str) -> None:
    assert found(pipeline, text, word)


def test_pressure_is_no_peritonitis(pipeline: Pipeline) -> None:
    assert not found(pipeline, "Lisinopril 10 mg daily, hold for SBP < 100.", "sbp")
    assert found(pipeline, "Cirrhosis with ascites and SBP last year.", "sbp")


def test_a_complication_denied_leaves_the_disease(pipeline: Pipeline) -> None:
    text = "HISTORY: She has type 2 diabetes.\n\nASSESSMENT: No diabetic retinopathy."
    diabetes = [f for f in pipeline.extract(text).findings if f.codings[0].code.startswith("E11")]
    assert Assertion.PRESENT in {f.assertion for f in diabetes}


def test_a_statement_is_no_title(pipeline: Pipeline) -> None:
    text = "ASSESSMENT:\nCough.\nPatient refused: chest film.\nGout, stable."
    assert [f.section for f in found(pipeline, text, "gout")] == ["assessment"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("ED was 20. There is mild MR noted.", {"I34.0"}),
        ("He has ED and was 20 when it began.", {"N52.9"}),
        ("Depression and anxiety.", {"F32.A", "F41.9"}),
        ("Breast cancer with metastasis.", {"C50.919", "C79.9"}),
        ("DIAGNOSES: Respiratory syncytial virus bronchiolitis.", {"J21.9"}),
        ("Testing showed a Wernicke's aphasia.", {"R47.01"}),
        ("PROCEDURE: A laceration of 2 cm was closed.", set()),
        ("ASSESSMENT: Scalp laceration.", {"S01.01XA"}),
        ("ASSESSMENT: Lung abscesses, two CVAs.", {"J85.2", "I63.9"}),
        ("ASSESSMENT: Brain aneurysms.", {"I67.1"}),
        ("Ex-32 weeker, had BPD as a newborn.", set()),
        ("HD#4. Osteopenia: Ca/D. Lantus + SSI.", {"M85.80"}),
        ("AKI on CKD 3b, stable.", {"N17.9", "N18.32"}),
        ("AKI on CKD, stable.", {"N17.9", "N18.9"}),
        ("HD with chorea.", {"G10", "G25.5"}),
        ("Takes Norvasc for her blood pressure.", {"I10"}),
        ("Hold Norvasc for blood pressure < 100.", set()),
        ("We check for blood pressure.", set()),
        ("Acute uncomplicated appendicitis.", {"K35.80"}),
        ("GBS bacteriuria, observed 3 hrs.", {"R82.71"}),
        ("GBS after a viral illness.", {"G61.0", "B34.9"}),
        ("Adenocarcinoma of the right lung.", {"C34.91"}),
        ("She vapes nicotine daily, depressed mood.", {"F17.290"}),
        ("She lives in Proctorview, VT 84835.", set()),
        ("Eye pads were placed, then a bench press.", set()),
        ("ASSESSMENT: Duodenal ulcers.", {"K26.9"}),
        ("ASSESSMENT: Laceration of the right hand.", {"S61.411A"}),
        ("ASSESSMENT: Laceration of the tarmac.", {"T14.8XXA"}),
    ],
)
def test_codes(pipeline: Pipeline, text: str, codes: set[str]) -> None:
    found = pipeline.extract(text).findings
    assert {f.codings[0].code for f in found if f.kind == "condition"} == codes


def test_a_brand_that_rxnorm_has_no_more_has_its_ingredients_code(pipeline: Pipeline) -> None:
    (drug,) = pipeline.extract("MEDICATIONS: Cytoxan 75 mg daily.").findings
    assert drug.ingredients == ("cyclophosphamide",)
    assert drug.codings[-1].display.lower() == "cyclophosphamide"


@pytest.mark.parametrize(
    "text",
    [
        "The dexamethasone suppression test was normal.",
        "Hepatitis B vaccine to be given at 30 days.",
        "SLE: NS 2+ OS.",
        "The glip and the ator are words of a poem.",
    ],
)
def test_what_is_no_drug(pipeline: Pipeline, text: str) -> None:
    assert [f for f in pipeline.extract(text).findings if f.kind == "medication"] == []


@pytest.mark.parametrize(
    "text",
    [
        "Clinic PN",
        "Humalog sliding scale AC/HS.",
        "* HCM\n  * PSA normal",
        "Metformin 500mg BD, tamsulosin 400mcg OD",
        "HOLD metformin\nSSI",
        "EF 40% ant hypok",
        "Immunosuppression consists of tacrolimus.",
    ],
)
def test_letters_that_are_no_condition(pipeline: Pipeline, text: str) -> None:
    assert [f for f in pipeline.extract(text).findings if f.kind == "condition"] == []


def test_whose_it_is_where_the_name_begins_with_the_verb(pipeline: Pipeline) -> None:
    text = "[doctor] hello\n[patient] my mother had that . she had a stroke from it ."
    (stroke,) = found(pipeline, text, "stroke")
    assert stroke.assertion is Assertion.FAMILY


def test_a_borrowed_drug_is_who_takes_it(pipeline: Pipeline) -> None:
    (drug,) = found(pipeline, "Taking her sister's gabapentin for leg pain.", "gabapentin")
    (hers,) = found(pipeline, "Her sister's gabapentin was increased.", "gabapentin")
    assert [str(f.assertion) for f in (drug, hers)] == ["present", "family"]


def test_a_clipped_name_joined_to_a_drug_is_one(pipeline: Pipeline) -> None:
    text = "On sertraline, ramipril & rosuva, none to stop."
    assert found(pipeline, text, "rosuva")
    assert not found(pipeline, "Rosa & rosuva were here.", "rosuva")
