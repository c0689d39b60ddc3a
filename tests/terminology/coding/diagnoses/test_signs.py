"""Signs and letters of a text are read as what they stand for, and nothing else is touched."""

from __future__ import annotations

import pytest

from terminology.coding.diagnoses.signs import in_words
from tests.growth import linear


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("#NOF left", "fx NOF left"),
        ("tylenol #3", "tylenol #3"),
        ("OA L>R knees", "OA bilateral knees"),
        ("edema right > left", "edema bilateral"),
        ("INR > 5", "INR > 5"),
        ("walking aids", "walking devices"),
        ("walking aid", "walking device"),
        ("zimmer frame and aids", "zimmer frame and devices"),
        ("hearing aids", "hearing aids"),
        ("aids", "aids"),
        ("aids dementia", "aids dementia"),
        ("patient with aids", "patient with aids"),
        ("hiv and aids", "hiv and aids"),
        ("end stage AIDS", "end stage AIDS"),
        ("Cryst arthrop NOS-up/arm", "Cryst arthrop NOS elbow"),
        ("Hemarthrosis-pelvis", "Hemarthrosis hip"),
        ("Osteomyelitis NOS-up/arm", "Osteomyelitis NOS upper arm"),
        ("Heart injury NOS-closed", "Heart injury NOS"),
        ("Fx fibula NOS-closed", "Fx fibula NOS-closed"),
        ("Open wound larynx-compl", "Open wound larynx"),
        ("Cleft palate-compl", "Cleft palate-compl"),
        ("Open wound of eye-compl-compl", "Open wound of eye-compl"),
    ],
)
def test_what_signs_mean(text: str, read: str) -> None:
    assert in_words(text) == read


@pytest.mark.parametrize("run", ["open wound ", "-compl", "l <", "walking aid "])
def test_long_runs(run: str) -> None:
    assert linear(lambda size: in_words(run * size + "-x"), 4_000)
