"""What a text repeats a hundred thousand times costs no more than its length."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest

from nlp import document
from nlp.pipeline import Pipeline
from nlp.places import Place
from nlp.status import status

LENGTH = 100_000  # code points; where the square of it counted, this took minutes
SECONDS = 10  # of the processor, for a machine that is slow


@pytest.mark.parametrize("run", [" ", "\t", "\n", "1/", "10-20-", ".", "- ", "\N{GRINNING FACE}"])
def test_long_runs(pipeline: Pipeline, run: str) -> None:
    text = "Asthma x " + run * (LENGTH // len(run)) + "\nMeds: lisinopril 10 mg daily"
    begun = time.process_time()
    findings = pipeline.extract(text).findings
    assert time.process_time() - begun < SECONDS
    assert [f.span.quote.lower() for f in findings] == ["asthma", "lisinopril"]


@pytest.mark.parametrize("run", [". Lisinopril: pt", "\nlisinopril 10 mg x", ", lisinopril"])
def test_long_allergies(pipeline: Pipeline, run: str) -> None:
    text = "Allergies: sulfa" + run * (LENGTH // 4 // len(run))
    begun = time.process_time()
    pipeline.extract(text)
    assert time.process_time() - begun < SECONDS


@pytest.mark.parametrize("run", ["asthma neg ", "+ cough -fever "])
def test_long_sentences_of_denials(pipeline: Pipeline, run: str) -> None:
    text = "Seen today" + run * (LENGTH // len(run))
    begun = time.process_time()
    findings = pipeline.extract(text).findings
    assert time.process_time() - begun < SECONDS
    assert "negated" in {f.assertion for f in findings}


class _Bisected(list[Place]):
    """Drugs of which one may look up those near another, never go through them all."""

    def __iter__(self) -> Iterator[Place]:
        raise AssertionError("all drugs of the text are gone through for one of them")


@pytest.mark.parametrize(
    "run", ["stop cephalexin, doxycycline 1 g bid", "was on a now b", "a to b"]
)
def test_of_many_drugs_those_near_are_looked_at(run: str) -> None:
    text = f"{run} " * 40
    drugs = _Bisected(m.span() for m in re.finditer(r"cephalexin|doxycycline|\b[ab]\b", text))
    read = document.read(text)
    assert all(status(read, drugs[i], drugs) for i in range(len(drugs)))
