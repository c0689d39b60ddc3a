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
        ("personal history of psoriasis", "Z87.2"),  # no name has it: a disease of the skin
        ("Hx-psoriasis", "Z87.2"),  # as claims clip such a title
        ("history of psoriasis", "L40.9"),  # it lasts
        ("history of HIV", "B20"),
        ("h/o COPD", "J44.9"),
        ("history of type 1 diabetes", "E10.9"),
        ("hx of multiple sclerosis", "G35.D"),
        ("history of Parkinson's", "G20.A1"),
        ("history of cystic fibrosis", "E84.9"),
        ("history of Down syndrome", "Q90.9"),
        ("hypertension has resolved", "Z86.79"),
        ("COPD 3 years ago", "J44.9"),
        ("history of embolic stroke", "Z86.73"),
        ("prior stroke with left hemiparesis", "Z86.73"),
        ("history of glioblastoma", "Z85.841"),
        ("history of papillary thyroid cancer", "Z85.850"),
        ("history of seminoma", "Z85.47"),
        ("MI 3 years ago", "I25.2"),
        ("MI 6 weeks ago", "I25.2"),
        ("STEMI 10 days ago", "I21.3"),
        ("ankle sprain 2 days ago", "S93.409A"),
        ("laceration 3 days ago", "T14.8XXA"),
        ("hip fracture 2 weeks ago", "S72.009A"),
        ("hip fracture 3 months ago", "Z87.81"),
        ("hip fracture 90 days ago", "Z87.81"),
        ("hx endometriosis", "N80.9"),
        ("h/o syphilis", "Z86.19"),
        ("Hx-nutrition deficiency", "Z86.39"),
        ("past medical history of lupus", "M32.9"),
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
        ("family history of TIA", "Z82.3"),
        ("past week of cough", "R05"),  # no history
    ],
)
def test_the_code_of_a_history(terminology: Terminology, text: str, code: str) -> None:
    assert terminology.match(text, "icd10cm")[0].code == code


def test_the_condition_itself_is_offered_behind(terminology: Terminology) -> None:
    found = [
        each.code for each in terminology.match("personal history of psoriasis", "icd10cm", count=2)
    ]
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
        ("needs flu shot", "Z23"),
        ("MMR vaccination", "Z23"),
        ("due for tetanus booster shot", "Z23"),
        ("left leg wound vac", "S81.802A"),
        ("covid booster", "Z23"),
        ("fainted with vaccine", "R55"),
        ("lack of immunization", "Z28.39"),
    ],
)
def test_a_vaccine_is_no_illness_that_it_is_for(
    terminology: Terminology, text: str, code: str
) -> None:
    assert terminology.match(text, "icd10cm")[0].code == code
