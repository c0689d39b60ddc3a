"""What a transcript claims: by its turns, its questions and their answers, and who is spoken of."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.pipeline import Pipeline
from nlp.types import Assertion, Extraction, Finding, MedicationStatus
from terminology.service import Terminology

A, S = Assertion, MedicationStatus
SPACED = """\
[doctor] hi maria , what brings you in today ?
[patient] i've had a sore throat , and my husband had the flu last week .
[doctor] okay . any fever ?
[patient] no , not really .
[doctor] any asthma , diabetes or high blood pressure ?
[patient] i have asthma , but no diabetes .
[doctor] have you ever been told you have high cholesterol
[patient] no i haven't
[doctor] what about the metformin ?
[patient] no i stopped that a year ago .
[doctor] smoking can cause lung cancer . i do n't see any signs of heart failure .
[doctor] i think this is an upper respiratory infection , so amoxicillin wo n't help .
[doctor] with your kidney disease i'd stay away from ibuprofen and aleve .
[patient] i had a kidney stone ten years ago .
[doctor] and your gout , how is that doing ?
[patient] no flares .
[doctor] i'm going to start you on flonase two sprays daily for the allergies .
[doctor] i want to make sure you do n't have sleep apnea so we'll order a sleep study .
"""
PLAIN = """\
Doctor: Good morning. Any nausea or vomiting?
Patient: A bit of nausea, no vomiting.
Doctor: Do you suffer from migraines?
Patient: I used to get migraines as a teenager.
Doctor: Have you had a head injury?
Patient: No.
Doctor: It sounds like a tension headache. It's very unlikely to be anything like a brain tumour.
Patient: I've got asthma, is ibuprofen OK?
Doctor: Let's avoid ibuprofen and stick with paracetamol.
Patient: My sister has lupus, could it be that?
"""


@pytest.fixture(scope="module")
def pipeline(data: Path) -> Pipeline:
    return Pipeline(Terminology.open(data), unexplained=False)


def by_quote(extraction: Extraction) -> dict[str, Finding]:
    return {f.span.quote.lower(): f for f in extraction.findings}


@pytest.mark.parametrize(
    ("note", "quote", "assertion"),
    [
        (SPACED, "sore throat", A.PRESENT),
        (SPACED, "the flu", A.FAMILY),
        (SPACED, "fever", A.NEGATED),
        (SPACED, "asthma", A.PRESENT),
        (SPACED, "diabetes", A.NEGATED),
        (SPACED, "high blood pressure", A.HYPOTHETICAL),
        (SPACED, "high cholesterol", A.NEGATED),
        (SPACED, "lung cancer", A.HYPOTHETICAL),
        (SPACED, "heart failure", A.NEGATED),
        (SPACED, "upper respiratory infection", A.PRESENT),
        (SPACED, "kidney disease", A.PRESENT),
        (SPACED, "kidney stone", A.HISTORICAL),
        (SPACED, "gout", A.PRESENT),
        (SPACED, "sleep apnea", A.HYPOTHETICAL),
        (PLAIN, "nausea", A.PRESENT),
        (PLAIN, "vomiting", A.NEGATED),
        (PLAIN, "migraines", A.HISTORICAL),
        (PLAIN, "head injury", A.NEGATED),
        (PLAIN, "tension headache", A.PRESENT),
        (PLAIN, "brain tumour", A.NEGATED),
        (PLAIN, "asthma", A.PRESENT),
        (PLAIN, "lupus", A.FAMILY),
    ],
)
def test_conditions(pipeline: Pipeline, note: str, quote: str, assertion: Assertion) -> None:
    assert by_quote(pipeline.extract(note))[quote].assertion is assertion


@pytest.mark.parametrize(
    ("note", "quote", "status"),
    [
        (SPACED, "metformin", {S.STOPPED, S.NOT_TAKING}),
        (SPACED, "amoxicillin", {S.NOT_TAKING}),
        (SPACED, "ibuprofen", {S.NOT_TAKING}),
        (SPACED, "aleve", {S.NOT_TAKING}),
        (SPACED, "flonase", {S.ACTIVE, S.NEW}),
        (PLAIN, "ibuprofen", {S.NOT_TAKING}),
        (PLAIN, "paracetamol", {S.ACTIVE}),
    ],
)
def test_drugs(pipeline: Pipeline, note: str, quote: str, status: set[MedicationStatus]) -> None:
    assert by_quote(pipeline.extract(note))[quote].status in status


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("[doctor] i don't think it's gout or depression .", set()),
        ("[doctor] i do n't believe that's gout .", set()),
        ("[doctor] it is not gout , it's a pre-cancer .", set()),
        ("[patient] i've been checking the sugars", set()),
        ("[patient] i've got the sugars", {"the sugars"}),
        ("[doctor] please don't give him ibuprofen with this", set()),
        ("[doctor] you take ramipril for that , is it five milligrams ?", {"ramipril"}),
        ("[doctor] there are tablets , like ramipril or amlodipine", set()),
    ],
)
def test_what_a_turn_claims(pipeline: Pipeline, text: str, quotes: set[str]) -> None:
    found = pipeline.extract(f"[doctor] hello\n[patient] hi\n{text}\n[patient] okay").findings
    taken = (None, S.ACTIVE, S.NEW, S.CHANGED)
    assert {f.span.quote for f in found if f.assertion is A.PRESENT and f.status in taken} == quotes
