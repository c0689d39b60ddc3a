"""Symptoms that a diagnosis explains are left out with their reason; the others stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.pipeline import Pipeline
from nlp.types import Finding
from terminology.service import Terminology


@pytest.fixture(scope="module")
def terminology(data: Path) -> Terminology:
    return Terminology.open(data)


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [f.codings[0].code for f in findings]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("He has a cough and fever. X-ray shows pneumonia.", ["J18.9"]),
        ("He has a cough and fever. No pneumonia.", ["R05.9", "R50.9", "J18.9"]),
        ("He has a cough. Possible pneumonia.", ["R05.9", "J18.9"]),
        ("He has chest pain. He has pneumonia.", ["R07.9", "J18.9"]),
        ("ASSESSMENT:\n1. Cough\n2. Pneumonia", ["R05.9", "J18.9"]),
        ("REVIEW OF SYSTEMS: Reports toe pain.", []),
        ("He has leukocytosis. CT shows acute appendicitis.", ["K35.80"]),
        ("She has rhinorrhea. It is a viral infection.", ["B34.9"]),
        ("REVIEW OF SYSTEMS: Reports dyspnea.", ["R06.00"]),
        ("He has hypertension. He has a staph infection.", ["I10", "A49.01"]),
        ("He has cellulitis. He has a staph infection.", ["L03.90"]),
    ],
)
def test_symptoms(terminology: Terminology, text: str, left: list[str]) -> None:
    assert codes(Pipeline(terminology).extract(text).findings) == left


def test_what_is_left_out_is_told(terminology: Terminology) -> None:
    text = "He has a cough. X-ray shows pneumonia."
    (dropped,) = Pipeline(terminology).extract(text).dropped
    assert (dropped.candidate.span.quote, dropped.reason) == ("cough", "symptom: J18.9 explains it")
    every = Pipeline(terminology, unexplained=False).extract(text)
    assert codes(every.findings) == ["R05.9", "J18.9"]
    assert every.dropped == ()
