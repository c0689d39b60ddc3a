"""What a drug is for and what it did, a condition's degree and place: by the words between them."""

from __future__ import annotations

import pytest

from nlp.pipeline import Pipeline
from nlp.types import Assertion


def related(pipeline: Pipeline, text: str) -> dict[str, list[tuple[str, str]]]:
    """The relations of each finding by its words; every one quotes the text."""
    out = {}
    for finding in pipeline.extract(text).findings:
        for relation in finding.related:
            span = relation.span
            assert text[span.start : span.end] == span.quote
        out[finding.span.quote] = [(r.kind, r.span.quote) for r in finding.related]
    return out


@pytest.mark.parametrize(
    ("text", "drug", "reasons"),
    [
        (
            "Continue lisinopril 10 mg daily for hypertension and heart failure.",
            "lisinopril",
            ["hypertension", "heart failure"],
        ),
        ("Warfarin was started for atrial fibrillation.", "Warfarin", ["atrial fibrillation"]),
        ("Metformin for treatment of her diabetes.", "Metformin", ["diabetes"]),
        ("Aspirin 81 mg and metoprolol for hypertension.", "Aspirin", ["hypertension"]),
        ("Hypertension, well controlled on amlodipine.", "amlodipine", ["Hypertension"]),
        ("Her asthma is treated with albuterol.", "albuterol", ["asthma"]),
        ("Depression, on sertraline 50 mg and bupropion.", "bupropion", ["Depression"]),
        ("PLAN:\n1. Gout - start allopurinol.", "allopurinol", ["Gout"]),
        ("For your hypertension let's start losartan.", "losartan", ["hypertension"]),
        ("Ibuprofen 600 mg p.r.n. headache.", "Ibuprofen", ["headache"]),
        ("He takes aspirin. He has gout.", "aspirin", []),
        ("He takes aspirin and has gout.", "aspirin", []),
        ("He takes aspirin for no headache.", "aspirin", []),
    ],
)
def test_indications(pipeline: Pipeline, text: str, drug: str, reasons: list[str]) -> None:
    assert related(pipeline, text)[drug] == [("indication", reason) for reason in reasons]


@pytest.mark.parametrize(
    ("text", "drug", "event"),
    [
        ("Lisinopril was stopped because of cough.", "Lisinopril", "cough"),
        ("Simvastatin caused myalgias.", "Simvastatin", "myalgias"),
        ("He failed methotrexate (mouth sores).", "methotrexate", "mouth sores"),
        ("Amoxicillin gives her a rash.", "Amoxicillin", "rash"),
    ],
)
def test_what_a_drug_did_that_is_no_longer_taken_is_over(
    pipeline: Pipeline, text: str, drug: str, event: str
) -> None:
    found = related(pipeline, text)
    assert found[drug] == [("adverse-event", event)]
    assert found[event] == [("due-to", drug)]
    (condition,) = [f for f in pipeline.extract(text).findings if f.span.quote == event]
    assert condition.assertion is Assertion.HISTORICAL


def test_what_a_drug_did_that_is_taken_is_there(pipeline: Pipeline) -> None:
    text = "He takes vincristine. Neuropathy due to vincristine."
    found = {f.span.quote: f for f in pipeline.extract(text).findings}
    assert found["Neuropathy"].assertion is Assertion.PRESENT
    assert [r.kind for r in found["Neuropathy"].related] == ["due-to"]


def test_an_allergy_tells_its_reaction(pipeline: Pipeline) -> None:
    text = "ALLERGIES: Penicillin (hives), codeine - nausea, latex."
    assert related(pipeline, text) == {
        "Penicillin": [("adverse-event", "hives")],
        "codeine": [("adverse-event", "nausea")],
        "latex": [],
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Severe osteoarthritis of the right knee.",
            [("severity", "Severe"), ("body-site", "right knee")],
        ),
        ("Left wrist pain, mild.", [("severity", "mild"), ("body-site", "Left wrist")]),
        ("Chronic kidney disease.", []),
    ],
)
def test_degree_and_place(pipeline: Pipeline, text: str, told: list[tuple[str, str]]) -> None:
    (found,) = related(pipeline, text).values()
    assert found == told
