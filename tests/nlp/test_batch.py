"""Worker processes give what one process gives, in the order of the notes."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.batch import CHUNK, Workers
from nlp.pipeline import Pipeline
from nlp.types import UnknownEngine
from terminology.service import Terminology

NOTES = [f"Hypertension. Takes lisinopril {dose} mg daily. No asthma." for dose in range(CHUNK * 4)]


def test_workers_give_what_one_process_gives(data: Path) -> None:
    alone = Pipeline(Terminology.open(data))
    assert list(Workers(data, 2).extract_all(NOTES)) == [alone.extract(note) for note in NOTES]


def test_no_more_notes_are_read_than_are_worked_on(data: Path) -> None:
    read: list[int] = []
    texts = (read.append(n) or f"Gout {n}." for n in range(1000))  # type: ignore[func-returns-value]
    answers = Workers(data, 1).extract_all(texts)
    next(answers)
    answers.close()  # type: ignore[attr-defined]
    assert len(read) <= 5 * CHUNK


def test_what_a_worker_raises_is_told(data: Path) -> None:
    with pytest.raises(UnknownEngine, match="no engine"):
        list(Workers(data, 1).extract_all(NOTES[:1], "none"))
