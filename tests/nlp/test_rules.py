"""The dictionary engine tells mentions from look-alikes and recovers misspelt drugs."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp import document, engines
from nlp.engines.rules import Rules
from nlp.types import Candidate, UnknownEngine
from terminology.service import Terminology


@pytest.fixture(scope="module")
def rules(data: Path) -> Rules:
    return Rules(Terminology.open(data))


def found(rules: Rules, text: str) -> list[tuple[str, str]]:
    return [(c.kind, c.span.quote) for c in rules.extract(document.read(text))]


def candidate(rules: Rules, text: str, quote: str) -> Candidate:
    (one,) = [c for c in rules.extract(document.read(text)) if c.span.quote == quote]
    return one


def test_conditions_and_drugs(rules: Rules) -> None:
    text = "She has hypertension and asthma and takes metoprolol."
    assert found(rules, text) == [
        ("condition", "hypertension"),
        ("condition", "asthma"),
        ("medication", "metoprolol"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Oxygen saturation 98% on RA.",
        "The patient is a 50-year-old female in labor force.",
        "She lives at home and feels cold outside.",
        "Seen in the ED by our staff.",
        "PT and OT were consulted.",
        "He was referred by Dr. Graves for follow up.",
        "Sodium 138, potassium 4.1, chloride 101, calcium 9.2, glucose 98.",
    ],
)
def test_look_alikes_are_no_mentions(rules: Rules, text: str) -> None:
    assert found(rules, text) == []


def test_an_analyte_with_a_dose_is_a_drug(rules: Rules) -> None:
    assert ("medication", "Calcium carbonate") in found(
        rules, "Calcium carbonate 500 mg p.o. daily."
    )
    assert found(rules, "Potassium was 3.1 today.") == []


def test_abbreviations_are_upper_case(rules: Rules) -> None:
    assert ("condition", "HTN") in found(rules, "History of HTN.")
    assert found(rules, "He met ms Brown at ra reception.") == []


def test_a_misspelt_drug_before_its_strength(rules: Rules) -> None:
    one = candidate(rules, "Continue lisinoprl 10 mg daily.", "lisinoprl")
    assert (one.kind, one.code, one.source) == ("medication", "29046", "rules+fuzzy")


def test_an_ordinary_word_before_a_strength_is_no_drug(rules: Rules) -> None:
    assert found(rules, "Increase to 20 mg daily, another 10 mg at night.") == []


def test_section_titles_are_no_mentions(rules: Rules) -> None:
    assert ("condition", "ALLERGIES") not in found(rules, "ALLERGIES: None.\n\nPLAN: Rest.")


def test_unknown_engine_names_the_known(data: Path) -> None:
    with pytest.raises(UnknownEngine, match="llm, rules"):
        engines.load("oracle", terminology=Terminology.open(data))
