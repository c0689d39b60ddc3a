"""What is only asked is not claimed; the answer decides."""

from __future__ import annotations

import pytest

from nlp import dialogue, document
from nlp.types import Assertion


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Doctor: Do you have any fever?\nPatient: No, not at all.", Assertion.NEGATED),
        ("[doctor] and is there a fever ?\n[patient] yeah , since monday .", Assertion.PRESENT),
        (
            "Doctor: Have you ever had a fever with it?\nPatient: Since Monday.",
            Assertion.HYPOTHETICAL,
        ),
        ("Early fever?", Assertion.POSSIBLE),
        ("The patient has a fever. Any cough?", None),
    ],
)
def test_asked(text: str, said: Assertion | None) -> None:
    read = document.read(text)
    at = text.index("fever")
    assert dialogue.asked(read, read.span(at, at + 5)) is said
