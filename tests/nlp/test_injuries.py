"""Injuries of a sided part: the places that may name them, none where no injury is told."""

from __future__ import annotations

import pytest

from nlp.mentions import injuries


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "he fractured his left hip today",
            ["fractured his left hip today", "fractured his left hip"],
        ),
        ("a tear of the right meniscus.", ["tear of the right meniscus"]),
        ("burns to left hand and", ["burns to left hand"]),
        ("broke left wrist in the summer", ["broke left wrist"]),
        ("he was left with pain", []),
        ("the right knee is sore", []),
        ("broken. left knee is sore", []),
    ],
)
def test_told(text: str, said: list[str]) -> None:
    assert [text[a:b] for places in injuries.find(text) for a, b in places] == said
