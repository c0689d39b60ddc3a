"""What labels say of the drugs behind them, and where they end."""

from __future__ import annotations

import pytest

from nlp.document import read
from nlp.pipeline import Pipeline
from nlp.status import labels
from tests.nlp.cases import found

_PRIOR = "Prior meds: metoprolol 25 mg BID, glyburide. Current meds: carvedilol, sitagliptin."
_DISCHARGE = """DISCHARGE MEDICATIONS:
CONTINUE: lisinopril 20 mg daily; omeprazole 20 mg daily
START: thiamine 100 mg daily; folic acid 1 mg daily
STOP: hydrochlorothiazide; ibuprofen
On hold: metformin

She was seen with aspirin 81 mg in hand."""


@pytest.mark.parametrize(
    ("text", "drug", "status"),
    [
        (_PRIOR, "metoprolol", "stopped"),
        (_PRIOR, "glyburide", "stopped"),
        (_PRIOR, "carvedilol", "active"),
        (_PRIOR, "sitagliptin", "active"),
        (_DISCHARGE, "omeprazole", "active"),
        (_DISCHARGE, "folic acid", "new"),
        (_DISCHARGE, "ibuprofen", "stopped"),
        (_DISCHARGE, "metformin", "held"),
        (_DISCHARGE, "aspirin", "active"),
        ("Medicines stopped: ramipril (replaced), furosemide, amlodipine", "amlodipine", "stopped"),
        # What is said of one drug counts for more than the label of all.
        ("STOPPED: ramipril; restarted amlodipine", "amlodipine", "new"),
        # A label with words in its own line ends with it, unless the next is set in.
        ("Prior regimens: Norco, morphine.\nHe says Movantik works.", "movantik", "active"),
        ("Stopped: ramipril\n   amlodipine (cost)", "amlodipine", "stopped"),
        ("STOP\n- ramipril\n- amlodipine", "amlodipine", "stopped"),
        ("Meds: Lexapro; (discontinued: Flonase)", "flonase", "stopped"),
        # A label within a line ends with its sentence, or with the next label.
        ("Seen today. Stopped: ramipril. Takes amlodipine 5 mg.", "amlodipine", "active"),
        ("Seen today. Stopped: ramipril; Other: amlodipine 5 mg", "amlodipine", "active"),
    ],
)
def test_drugs_behind_a_label(pipeline: Pipeline, text: str, drug: str, status: str) -> None:
    assert {f.status for f in found(pipeline, text, drug)} == {status}


@pytest.mark.parametrize("title", ["Past medical history", "Prior to admission", "Home meds", "Dx"])
def test_other_labels_say_nothing(title: str) -> None:
    document = read(f"{title}: aspirin 81 mg daily")
    assert labels.governing(document, len(title) + 2) is None
