"""What is said of a class of drugs holds for its members, and for no others."""

from __future__ import annotations

import pytest

from nlp.pipeline import Pipeline
from tests.nlp.cases import found

_MEDS = "Meds: lisinopril 10 mg, ibuprofen 800 mg tid, atorvastatin 40 mg, takes Eliquis.\n"


@pytest.mark.parametrize(
    ("text", "drug", "status"),
    [
        ("Hold ACEi. No NSAIDs.", "lisinopril", "held"),
        ("Hold ACEi. No NSAIDs.", "ibuprofen", "not-taking"),
        ("Hold ACEi. No NSAIDs.", "atorvastatin", "active"),
        ("Stopped statin herself.", "atorvastatin", "stopped"),
        ("Statin stopped in May and then resumed.", "atorvastatin", "active"),
        ("Anticoagulation held for GI bleed.", "eliquis", "held"),
        # What is only weighed is no news of what is taken.
        ("The risk without anticoagulation is high.", "eliquis", "active"),
        ("Consider stopping the statin.", "atorvastatin", "active"),
        ("Avoid other NSAIDs.", "ibuprofen", "active"),
    ],
)
def test_classes(pipeline: Pipeline, text: str, drug: str, status: str) -> None:
    assert {f.status for f in found(pipeline, _MEDS + text, drug)} == {status}


def test_an_allergy_is_no_drug_of_the_class(pipeline: Pipeline) -> None:
    (one,) = found(pipeline, "Allergic to lisinopril. ACE inhibitor stopped.", "lisinopril")
    assert one.status == "allergy"
