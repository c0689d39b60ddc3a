"""The index on disk: what is packed comes back, and a damaged index says what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.coding.canonical import lexemes
from terminology.coding.diagnoses.rank import Ranker
from terminology.coding.diagnoses.rewrite import diagnosis
from terminology.coding.drugs.forms import read_forms
from terminology.coding.drugs.rewrite import drug
from terminology.coding.drugs.strength import read_strengths
from terminology.errors import IndexMissing
from terminology.index import (
    ARRAYS,
    MANIFEST,
    Index,
    Rows,
    Strings,
    pack_rows,
    pack_strings,
    phrase_of,
)

TEXT = st.text(st.characters(blacklist_categories=["Cs"]), max_size=30)
PIECES = [*"abcdefgimnoprstuy ,()[]-'/129", " of ", ", unspecified", " disease", "anemia"]
TITLES = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@given(st.lists(TEXT))
def test_strings_come_back(strings: list[str]) -> None:
    arrays = pack_strings("x", strings)
    packed = Strings(arrays["x.blob"], arrays["x.offsets"])
    assert packed.all() == strings
    assert [packed[number] for number in range(len(packed))] == strings


@given(st.lists(st.lists(st.integers(0, 2**32 - 1))))
def test_rows_come_back(rows: list[list[int]]) -> None:
    arrays = pack_rows("x", rows)
    packed = Rows(arrays["x.numbers"], arrays["x.offsets"])
    assert [packed[number] for number in range(len(packed))] == rows


@given(TITLES)
def test_no_variant_of_a_title_is_blank(title: str) -> None:
    assert all(text == " ".join(text.split()) and text for text in diagnosis(title))


@given(st.lists(TITLES, max_size=3).map(" / ".join))
def test_no_variant_of_a_drug_is_blank(name: str) -> None:
    assert all(drug(name)) or not name.strip(" /")


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
    ("left", "right"),
    [
        ("renal cancer", "Malignant neoplasm of kidney"),
        ("oedemas", "edema"),
        ("non-toxic goitre", "Nontoxic goiter"),
        ("type ii", "type 2"),
        ("malignant tonsillar tumour", "Malignant neoplasm of tonsil"),
        ("2nd degree", "second degree"),
    ],
)
def test_the_same_meaning_has_the_same_words(left: str, right: str) -> None:
    assert set(lexemes(left)) == set(lexemes(right))


@given(st.lists(TITLES.filter(lexemes), min_size=1, max_size=8))
def test_a_phrase_is_most_like_itself(phrases: list[str]) -> None:
    ranker = Ranker(Ranker.build(phrases))
    for number, phrase in enumerate(phrases):
        found = dict(ranker.topk(phrase, len(phrases)))
        assert found[number] == pytest.approx(max(found.values()))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("50 mcg", "0.05 MG"),
        ("1 g", "1000 mg"),
        ("250 mg/5 ml", "50 MG/ML"),
        ("90 mcg/inh", "0.09 MG/ACTUAT"),
        ("1 %", "10 MG/ML"),
        ("1,000 units", "1000 UNT"),
    ],
)
def test_one_strength_in_two_spellings(left: str, right: str) -> None:
    (a,), (b,) = read_strengths(left).keys, read_strengths(right).keys
    assert set(a) & set(b)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("acetaminophen 325 mg/5 mg", 2),
        ("10-500 mg", 2),
        ("hydrochlorothiazide 12.5 MG / irbesartan 150 MG", 2),
        ("0.05 MG/MG cream", 1),
        ("0.5 ML syringe", 0),
        ("24 HR", 0),
    ],
)
def test_how_many_strengths(text: str, count: int) -> None:
    assert len(read_strengths(text).keys) == count


def test_forms_in_orders_are_those_of_rxnorm() -> None:
    assert read_forms("tab po") == read_forms("Oral Tablet")
    assert read_forms("XR tablet") == read_forms("24 HR Extended Release Oral Tablet")
    assert read_forms("tablet every 24 hours") == read_forms("Oral Tablet")


@given(TEXT)
def test_reading_a_drug_never_fails(text: str) -> None:
    assert all(read_strengths(text).keys)
    assert read_forms(text) >= 0
    assert phrase_of(text) == phrase_of(phrase_of(text))


@pytest.mark.parametrize("damage", ["absent", "json", "array"])
def test_a_damaged_index_says_what_to_do(tmp_path: Path, damage: str) -> None:
    if damage != "absent":
        (tmp_path / ARRAYS).write_bytes(bytes(24))
        text = json.dumps({"systems": [], "arrays": {"x": ("<f8", (4,), 0)}})
        (tmp_path / MANIFEST).write_text(text[: 9 if damage == "json" else None])
    with pytest.raises(IndexMissing, match="index build"):
        Index(tmp_path)
