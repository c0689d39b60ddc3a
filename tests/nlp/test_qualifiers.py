"""What touches a condition's name is read with it, and no more."""

from __future__ import annotations

import pytest

from nlp import document, qualifiers


def wide(text: str, name: str) -> str:
    at = text.index(name)
    start, end = qualifiers.extend(document.read(text), at, at + len(name))
    return text[start:end]


@pytest.mark.parametrize(
    ("text", "name", "whole"),
    [
        ("He has severe acute pancreatitis today.", "pancreatitis", "severe acute pancreatitis"),
        ("Osteoarthritis of the right knee.", "Osteoarthritis", "Osteoarthritis of the right knee"),
        ("Asthma, moderate persistent.", "Asthma", "Asthma, moderate persistent"),
        ("Otitis media (left ear) today.", "Otitis media", "Otitis media (left ear)"),
        ("Rotator cuff tear, left", "Rotator cuff tear", "Rotator cuff tear, left"),
        ("Pain, right worse than left", "Pain", "Pain"),
        ("Asthma. Left knee swollen.", "Asthma", "Asthma"),
        ("Gout and hypertension", "Gout", "Gout"),
    ],
)
def test_extend(text: str, name: str, whole: str) -> None:
    assert wide(text, name) == whole


def test_what_a_condition_comes_with_is_one_of_its_spans() -> None:
    text = "Type 2 diabetes with diabetic neuropathy: stable."
    here = text.index("diabetes") - 7, text.index(" with")
    after = text.index("diabetic"), text.index(":")
    spans = qualifiers.spans(document.read(text), *here, after)
    assert text[slice(*spans[0])] == "Type 2 diabetes with diabetic neuropathy"
    apart = qualifiers.spans(document.read("Diabetes. Neuropathy."), 0, 8, (10, 20))
    assert all(end <= 8 for _, end in apart)


@pytest.mark.parametrize(
    ("text", "plain", "side"),
    [
        ("knee pain (R)", "knee pain right", "right"),
        ("b/l cataracts", "bilateral cataracts", "bilateral"),
        ("both knees", "bilateral knees", "bilateral"),
        ("left and right knee", "left and right knee", ""),
        ("knee pain", "knee pain", ""),
    ],
)
def test_phrase_and_side(text: str, plain: str, side: str) -> None:
    assert qualifiers.phrase(text, (0, len(text))) == plain
    assert qualifiers.side(text, (0, len(text))) == side
