"""Qualifiers and strengths decide the code; every code exists."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp import document, linking, qualifiers
from nlp.pipeline import Pipeline
from terminology.service import Terminology
from terminology.types import ICD10CM, RXNORM, Term, TermKind


@pytest.fixture(scope="module")
def pipeline(data: Path) -> Pipeline:
    return Pipeline(Terminology.open(data))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Type 2 diabetes mellitus.", "E11.9"),
        ("Chronic kidney disease, stage 4.", "N18.4"),
        ("CKD stage 3.", "N18.30"),
        ("Acute pharyngitis.", "J02.9"),
        ("Low back pain.", "M54.50"),
        ("COPD.", "J44.9"),
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


def test_a_brand_keeps_its_ingredients(pipeline: Pipeline) -> None:
    (finding,) = pipeline.extract("She takes Percocet.").findings
    assert set(finding.ingredients) == {"acetaminophen", "oxycodone"}


def test_rank_prefers_titles_then_broad_codes() -> None:
    index = Term("x", ICD10CM, "A00.1", TermKind.INDEX)
    broad = Term("x", ICD10CM, "A00.9", TermKind.TITLE)
    narrow = Term("x", ICD10CM, "A00.12", TermKind.TITLE)
    assert linking.rank([index, narrow, broad]) == [broad, narrow, index]


def test_extend_takes_in_the_qualifiers() -> None:
    text = "He has severe acute pancreatitis stage 2 today."
    read = document.read(text)
    at = text.index("pancreatitis")
    start, end = qualifiers.extend(read, at, at + len("pancreatitis"))
    assert text[start:end] == "severe acute pancreatitis stage 2"


def test_every_code_exists(pipeline: Pipeline) -> None:
    text = "DM2 with CKD stage 3, prior stroke, gout. Takes Lantus 10 units qhs, ASA 81 mg, alopurinol 100 mg."
    for finding in pipeline.extract(text).findings:
        for coding in finding.codings:
            assert coding.system == (ICD10CM if finding.kind == "condition" else RXNORM)
            assert pipeline.terminology.exists(coding.system, coding.code)
