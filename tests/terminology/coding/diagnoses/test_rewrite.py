"""Further ways to write a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.coding.diagnoses.rewrite import british, clipped, diagnosis, plurals


@pytest.mark.parametrize(
    ("name", "several"),
    [
        ("lung abscess", ["lung abscesses"]),
        ("brain aneurysm", ["brain aneurysms"]),
        ("fracture of the hip", ["fractures of the hip"]),
        ("pulmonary embolus", ["pulmonary emboli"]),
        ("liver metastasis", ["liver metastases"]),
        ("hives", []),
        ("throwing up", []),
        ("flu", []),
        ("", []),  # else "s" would name all that has no British spelling
    ],
)
def test_plurals(name: str, several: list[str]) -> None:
    assert list(plurals(name)) == several


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("anemia of chronic disease", "anaemia of chronic disease"),
        ("mesenteric ischemia", "mesenteric ischaemia"),
        ("ischemic colitis", "ischaemic colitis"),
        ("Preterm labor", "preterm labour"),
        ("atypical nevi", "atypical naevi"),
        ("tracheoesophageal fistula", "tracheo-oesophageal fistula"),
        ("epidemic typhus", ""),
        ("systemic sclerosis", ""),
        ("asthma", ""),
    ],
)
def test_british_spelling(name: str, written: str) -> None:
    assert british(name) == written


def test_no_name_ends_within_a_phrase() -> None:
    names = list(diagnosis("Avulsion of unspecified eye"))
    assert "Avulsion of eye" in names
    assert "Avulsion of" not in names


PIECES = [*"abcdefgimnoprstuy ,()[]-'/129", " of ", ", unspecified", " disease", "anemia"]


TITLES = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@given(TITLES)
def test_no_variant_of_a_title_is_blank(title: str) -> None:
    assert all(text == " ".join(text.split()) and text for text in diagnosis(title))


@pytest.mark.parametrize(
    ("title", "variant"),
    [
        ("Cholera, unspecified", "Cholera"),
        ("Type 2 diabetes mellitus without complications", "Type 2 diabetes mellitus"),
        ("Type 2 diabetes mellitus", "Type II diabetes mellitus"),
        ("Essential (primary) hypertension", "Essential hypertension"),
        ("Malignant neoplasm of prostate", "prostate cancer"),
        ("Pneumonia, bacterial", "bacterial Pneumonia"),
        ("Abscess of lung", "lung Abscess"),
        ("Parkinson's disease", "Parkinson disease"),
        ("Pulmonary edema", "pulmonary oedema"),
        ("Iron deficiency anemia", "iron deficiency anaemia"),
        ("Leprosy [Hansen's disease]", "Hansen's disease"),
    ],
)
def test_a_title_is_also_written(title: str, variant: str) -> None:
    assert variant.casefold() in {text.casefold() for text in diagnosis(title)}


def test_a_bracketed_abbreviation_of_the_last_words_is_no_name() -> None:
    assert "HIV" not in set(
        diagnosis("Encounter for screening for human immunodeficiency virus [HIV]")
    )


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("lung cancer", ["lung ca"]),
        ("cancer of the lung", ["ca lung", "ca of lung", "ca of the lung"]),
        ("adenocarcinoma of colon", ["adenoca colon", "adenoca of colon", "adenoca of the colon"]),
        ("cancer", []),
        ("carcinoma in situ of skin", []),
        ("lung cancer, left", []),
    ],
)
def test_clipped_cancers(name: str, written: list[str]) -> None:
    assert list(clipped(name)) == written
