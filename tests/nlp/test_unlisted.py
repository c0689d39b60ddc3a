"""Drugs that the dictionary lacks are found by their products, a table or the stem of their name."""

from __future__ import annotations

import pytest

from nlp.pipeline import Pipeline
from nlp.types import MedicationStatus


@pytest.mark.parametrize(
    ("name", "ingredients"),
    [
        ("Keytruda", ("pembrolizumab",)),
        ("tirzepatide", ("tirzepatide",)),
        ("Entresto", ("sacubitril", "valsartan")),
        ("zanubrutinib", ("zanubrutinib",)),
        ("Vicodin", ("acetaminophen", "hydrocodone")),
    ],
)
def test_names(pipeline: Pipeline, name: str, ingredients: tuple[str, ...]) -> None:
    (finding,) = pipeline.extract(f"She takes {name} now.").findings
    assert finding.ingredients == ingredients
    assert finding.span.quote == name


def test_a_strength_tells_the_product(pipeline: Pipeline) -> None:
    (finding,) = pipeline.extract("Mounjaro 5 mg weekly.").findings
    assert finding.codings[0].display == "0.5 ML tirzepatide 10 MG/ML Auto-Injector [Mounjaro]"


def test_allergies_to_classes(pipeline: Pipeline) -> None:
    found = pipeline.extract("ALLERGIES: Penicillin (hives). Sulfa.\n\nPLAN: Rest.").findings
    assert [f.span.quote for f in found] == ["Penicillin", "Sulfa"]
    assert all(f.status is MedicationStatus.ALLERGY for f in found)
    assert found[1].codings == ()
    assert found[1].ingredients == ("sulfonamide antibiotic",)


@pytest.mark.parametrize(
    "text", ["He was started on a statin.", "Cystatin C was high.", "The interval was long."]
)
def test_a_class_that_is_no_allergy_is_no_drug(pipeline: Pipeline, text: str) -> None:
    assert [f for f in pipeline.extract(text).findings if f.kind == "medication"] == []


def test_an_allergy_told_in_words_is_that_of_the_drug(pipeline: Pipeline) -> None:
    (drug,) = [
        f
        for f in pipeline.extract("I'm allergic to penicillin.").findings
        if f.kind == "medication"
    ]
    assert drug.status is MedicationStatus.ALLERGY
