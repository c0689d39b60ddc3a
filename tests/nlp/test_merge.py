"""Mentions become one finding where they are one fact, and stay apart where they are two."""

from __future__ import annotations

import pytest

from nlp.pipeline import Pipeline
from nlp.types import Assertion


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        # The fuller mention decides, wherever it stands.
        ("She has type 2 diabetes. Type 2 diabetes with diabetic neuropathy.", ["E11.40"]),
        ("Osteoarthritis of the right knee. Her arthritis is stable.", ["M17.11"]),
        ("Iron deficiency anemia. Anemia is improving.", ["D50.9"]),
        # Two facts.
        ("Osteoarthritis of the right knee. Osteoarthritis of the left hip.", ["M17.11", "M16.12"]),
        ("Essential hypertension. Hyperlipidemia.", ["I10", "E78.5"]),
        ("Hip pain. Shoulder pain.", ["M25.559", "M25.519"]),
        ("Hypertension. Pulmonary hypertension.", ["I10", "I27.20"]),
        # The type of another line is that of the complication too.
        ("Type 1 diabetes mellitus. Diabetic retinopathy.", ["E10.319"]),
        # A manifestation has no code of its own.
        ("Type 2 diabetes with retinopathy and nephropathy.", ["E11.319", "E11.21"]),
    ],
)
def test_facts(pipeline: Pipeline, text: str, codes: list[str]) -> None:
    assert [f.codings[0].code for f in pipeline.extract(text).findings] == codes


def test_what_is_negated_takes_nothing_in(pipeline: Pipeline) -> None:
    found = pipeline.extract("He has pneumonia. No aspiration pneumonia.").findings
    assert [f.assertion for f in found] == [Assertion.PRESENT, Assertion.NEGATED]


def test_mentions_are_kept_as_evidence(pipeline: Pipeline) -> None:
    (found,) = pipeline.extract("Type 2 diabetes. Type 2 diabetes with neuropathy. DM2.").findings
    assert [span.quote for span in found.evidence] == ["Type 2 diabetes", "DM2"]


def test_a_change_gives_the_new_amount_and_keeps_what_it_leaves_unsaid(pipeline: Pipeline) -> None:
    note = (
        "MEDICATIONS:\n- Lisinopril 10 mg PO daily\n- Insulin glargine 18 units subcutaneously at "
        "bedtime\n\nPLAN:\n1. Increase lisinopril from 10 mg to 20 mg.\n"
        "2. Increase insulin glargine to 22 units at bedtime.\n"
    )
    drugs = {f.span.quote.lower(): f for f in pipeline.extract(note).findings}
    pill, insulin = drugs["lisinopril"], drugs["insulin glargine"]
    assert pill.codings[0].display == "lisinopril 20 MG Oral Tablet"
    assert pill.sig
    assert pill.sig.strength
    assert pill.sig.route
    assert pill.sig.frequency
    assert (pill.sig.strength.quote, pill.sig.route_code) == ("20 mg", "oral")
    assert pill.sig.frequency.quote == "daily"
    assert insulin.sig
    assert insulin.sig.strength
    assert (insulin.sig.strength.quote, insulin.sig.route_code) == ("22 units", "subcutaneous")
