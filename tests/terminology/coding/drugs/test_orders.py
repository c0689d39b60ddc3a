"""Of several drugs the first is meant, of a pair no triple, of a guess what is sold so strong."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.service import Terminology


@pytest.fixture(scope="module")
def terminology(data: Path) -> Terminology:
    return Terminology.open(data)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("omeprazole 20 and amox 1 g", "Omeprazole 20 MG"),
        ("tamsulosin 0.4 and finasteride 5", "Tamsulosin hydrochloride 0.4 MG"),
        ("aspirin 81 + plavix 75", "aspirin 81 MG"),
        ("furosemide 20 spironolactone 25", "furosemide 20 MG"),
        ("spironolactone 25 furosemide 20", "spironolactone 25 MG"),
        ("lisinopril 10 hctz 12.5", "hydrochlorothiazide 12.5 MG / lisinopril 10 MG"),
        ("testosterone cyp 200 mg/ml", "testosterone cypionate 200 MG/ML"),
        ("testosterone enanthate 200 mg/ml", "testosterone enanthate 200 MG/ML"),
        ("Montair 10", "montelukast 10 MG"),
        ("Novalgin 1 g", "Dipyrone"),
        ("Adiro 100", "Aspirin"),
    ],
)
def test_what_is_meant(terminology: Terminology, text: str, first: str) -> None:
    assert terminology.match(text, "rxnorm", 1)[0].display.startswith(first)


@pytest.mark.parametrize("text", ["co-careldopa 12.5/50", "sinemet 12.5/50"])
def test_a_pair_has_no_third_part(terminology: Terminology, text: str) -> None:
    assert "entacapone" not in terminology.match(text, "rxnorm", 1)[0].display


def test_what_is_given_by_the_rectum_is_no_film_for_the_cheek(terminology: Terminology) -> None:
    assert "Film" not in terminology.match("diazepam 5mg pr", "rxnorm", 1)[0].display


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("Seretide 250 evohaler", ("0.23 MG", "0.021 MG", "Metered")),
        ("Seretide Evohaler 125", ("0.115 MG", "0.021 MG", "Metered")),
        ("Seretide 250 accuhaler", ("0.25 MG", "0.05 MG", "Powder")),
    ],
)
def test_the_device_tells_the_second_part(
    terminology: Terminology, text: str, amounts: tuple[str, ...]
) -> None:
    best = terminology.match(text, "rxnorm", 1)[0].display
    assert all(each in best for each in amounts)


@pytest.mark.parametrize("text", ["Adirex 100", "Panadex 777 mg"])
def test_no_brand_is_guessed_that_is_not_sold_so_strong(
    terminology: Terminology, text: str
) -> None:
    assert not terminology.match(text, "rxnorm", 3)
