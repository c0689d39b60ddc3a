"""A condition of the past or of the family has the code of its history, never that of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.service import Terminology


@pytest.fixture(scope="module")
def terminology(data: Path) -> Terminology:
    return Terminology.open(data)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("history of psoriasis", "Z87.2"),  # no name has it: a disease of the skin
        ("hx endometriosis", "Z87.42"),
        ("h/o syphilis", "Z86.19"),
        ("Hx-nutrition deficiency", "Z86.39"),
        ("past medical history of lupus", "Z87.39"),
        ("history of hip fracture", "Z87.81"),
        ("history of meningioma", "Z86.011"),
        ("history of breast cancer", "Z85.3"),  # a name
        ("history of asthma", "Z87.09"),
        ("prior MI", "I25.2"),
        ("history of hysterectomy", "Z90.710"),
        ("history of alcohol abuse", "F10.11"),  # in remission
        ("family history of psoriasis", "Z84.0"),
        ("family hx of kidney stones", "Z84.19"),
        ("family history of lupus", "Z82.69"),
        ("past week of cough", "R05"),  # no history
    ],
)
def test_the_code_of_a_history(terminology: Terminology, text: str, code: str) -> None:
    assert terminology.match(text, "icd10cm")[0].code == code


def test_the_condition_itself_is_offered_behind(terminology: Terminology) -> None:
    found = [each.code for each in terminology.match("history of psoriasis", "icd10cm", count=2)]
    assert found == ["Z87.2", "L40"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Vaccin for mumps", "Z23"),
        ("need for influenza vaccination", "Z23"),
        ("hepatitis B vaccination", "Z23"),
        ("HPV vaccine", "Z23"),
        ("influenza vaccination declined", "Z28.21"),
        ("adverse reaction to vaccine", "T50.Z95A"),
        ("vaccine counseling", "Z71.85"),
    ],
)
def test_a_vaccine_is_no_illness_that_it_is_for(
    terminology: Terminology, text: str, code: str
) -> None:
    assert terminology.match(text, "icd10cm")[0].code == code
