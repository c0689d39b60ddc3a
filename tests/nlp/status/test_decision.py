"""What notes say of drugs, row by row of statuses.tsv, and by every verb in every voice."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.pipeline import Pipeline
from tests.nlp.cases import found, told

CASES = told(Path(__file__).with_name("statuses.tsv"))


@pytest.mark.parametrize(("status", "drug", "text"), CASES)
def test_status(pipeline: Pipeline, status: str, drug: str, text: str) -> None:
    assert [str(f.status) for f in found(pipeline, text, drug)] == [status]


def test_home_goes_on(pipeline: Pipeline) -> None:
    """A list that names the drugs of home as such closes none of them."""
    course = "HOSPITAL COURSE: He was continued on his home lisinopril.\n\n"
    named = "DISCHARGE MEDICATIONS: Apixaban 5 mg bid."
    told = "DISCHARGE MEDICATIONS: Continue home meds. New: apixaban 5 mg bid."
    assert [str(f.status) for f in found(pipeline, course + told, "lisinopril")] == ["active"]
    assert [str(f.status) for f in found(pipeline, course + named, "lisinopril")] == ["in-hospital"]


_FRAMES = (
    "We {past} metoprolol.",
    "Please {base} metoprolol.",
    "Metoprolol 25 mg BID {part} in March.",
    "Metoprolol has now been {part}.",
    "Aspirin, atenolol and metoprolol {part}.",
    "Metoprolol ({part} 3/12).",
    "Metoprolol: {part}",
    "Let's {base} the metoprolol.",
)
_VERBS = {
    "off": "discontinue discontinued discontinued; drop dropped dropped; omit omitted omitted; "
    "pause paused paused; abandon abandoned abandoned; decline declined declined; "
    "eliminate eliminated eliminated; interrupt interrupted interrupted; reject rejected rejected",
    "on": "commence commenced commenced; introduce introduced introduced; begin began begun; "
    "reinstate reinstated reinstated; uptitrate uptitrated uptitrated; maintain kept maintained",
}


@pytest.mark.parametrize("frame", _FRAMES)
@pytest.mark.parametrize("said", _VERBS)
def test_every_verb_in_every_voice(pipeline: Pipeline, frame: str, said: str) -> None:
    for verb in _VERBS[said].split(";"):
        base, past, part = verb.split()
        (drug,) = found(pipeline, frame.format(base=base, past=past, part=part), "metoprolol")
        taken = drug.status in ("active", "new", "changed")
        assert taken == (said == "on"), (verb, drug.status)
