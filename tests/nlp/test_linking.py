"""Qualifiers and strengths decide the code; every code exists."""

from __future__ import annotations

import pytest

from nlp import linking
from nlp.pipeline import Pipeline
from terminology.types import ICD10CM, RXNORM, Term, TermKind


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Type 2 diabetes mellitus.", "E11.9"),
        ("Chronic kidney disease, stage 4.", "N18.4"),
        ("CKD stage 3.", "N18.30"),
        ("Acute pharyngitis.", "J02.9"),
        ("Low back pain.", "M54.50"),
        ("COPD.", "J44.9"),
        ("COPD with acute exacerbation.", "J44.1"),
        ("Type 2 diabetes with diabetic neuropathy.", "E11.40"),
        ("Type 1 diabetes with ketoacidosis.", "E10.10"),
        ("Osteoarthritis of the right knee.", "M17.11"),
        ("Knee pain, right.", "M25.561"),
        ("Breast cancer.", "C50.919"),
        ("Otitis media (left ear).", "H66.92"),
        ("DVT of the left leg.", "I82.402"),
        ("Asthma, moderate persistent.", "J45.40"),
        ("Acute on chronic systolic heart failure.", "I50.23"),
        ("Carpal tunnel syndrome (bilateral).", "G56.03"),
        ("ASSESSMENT:\n1. Sprain of the left ankle.", "S93.402A"),
    ],
)
def test_condition_codes(pipeline: Pipeline, text: str, code: str) -> None:
    (finding,) = pipeline.extract(text).findings
    assert finding.codings[0].code == code


def test_strength_and_form_give_the_clinical_drug(pipeline: Pipeline) -> None:
    (finding,) = pipeline.extract("Lisinopril 10 mg tablet daily.").findings
    assert finding.codings[0].display.lower() == "lisinopril 10 mg oral tablet"
    assert finding.codings[-1].code == "29046"
    assert finding.ingredients == ("lisinopril",)


@pytest.mark.parametrize(
    ("text", "display"),
    [
        ("Rosuvastatin 5 mg nightly.", "rosuvastatin calcium 5 MG Oral Tablet"),
        ("Metoprolol 25 mg b.i.d.", "metoprolol tartrate 25 MG Oral Tablet"),
        ("Gabapentin 300 mg t.i.d.", "gabapentin 300 MG Oral Capsule"),
        ("Morphine ER 15 mg b.i.d.", "morphine sulfate 15 MG Extended Release Oral Tablet"),
    ],
)
def test_the_commonest_form_stands_where_none_is_told(
    pipeline: Pipeline, text: str, display: str
) -> None:
    (finding,) = pipeline.extract(text).findings
    assert finding.codings[0].display == display


@pytest.mark.parametrize(
    "text",
    [
        "1 ml epoetin alfa 4000 unt/ml injection [epogen]",
        "acetaminophen 21.7 mg/ml / dextromethorphan hydrobromide 1 mg/ml / doxylamine succinate"
        " 0.417 mg/ml oral solution",
    ],
)
def test_a_product_spelt_out_is_one_drug(pipeline: Pipeline, text: str) -> None:
    (finding,) = pipeline.extract(f"MEDICATIONS:\n- {text}").findings
    assert finding.span.quote == text
    assert any(c.isdigit() for c in finding.codings[0].display)


def test_a_brand_keeps_its_ingredients(pipeline: Pipeline) -> None:
    (finding,) = pipeline.extract("She takes Percocet.").findings
    assert set(finding.ingredients) == {"acetaminophen", "oxycodone"}


def test_rank_prefers_titles_then_broad_codes() -> None:
    index = Term("x", ICD10CM, "A00.1", TermKind.INDEX)
    broad = Term("x", ICD10CM, "A00.9", TermKind.TITLE)
    narrow = Term("x", ICD10CM, "A00.12", TermKind.TITLE)
    assert linking.rank([index, narrow, broad]) == [broad, narrow, index]


def test_every_code_exists(pipeline: Pipeline) -> None:
    text = "DM2 with CKD stage 3, prior stroke, gout. Takes Lantus 10 units qhs, ASA 81 mg, alopurinol 100 mg."
    for finding in pipeline.extract(text).findings:
        for coding in finding.codings:
            assert coding.system == (ICD10CM if finding.kind == "condition" else RXNORM)
            assert pipeline.terminology.exists(coding.system, coding.code)
