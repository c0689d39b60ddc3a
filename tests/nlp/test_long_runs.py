"""What a text repeats a hundred thousand times costs no more than its length."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from nlp import document
from nlp.pipeline import Pipeline
from nlp.places import Place
from nlp.status import status
from tests.growth import linear

LENGTH = 60_000  # code points; where the square of it counted, this took minutes


@pytest.mark.parametrize("run", [" ", "\t", "\n", "1/", "10-20-", ".", "- ", "\N{GRINNING FACE}"])
def test_long_runs(pipeline: Pipeline, run: str) -> None:
    def job(size: int) -> None:
        text = "Asthma x " + run * (size // len(run)) + "\nMeds: lisinopril 10 mg daily"
        findings = pipeline.extract(text).findings
        assert [f.span.quote.lower() for f in findings] == ["asthma", "lisinopril"]

    assert linear(job, LENGTH)


@pytest.mark.parametrize("run", [". Lisinopril: pt", "\nlisinopril 10 mg x", ", lisinopril"])
def test_long_allergies(pipeline: Pipeline, run: str) -> None:
    assert linear(lambda size: pipeline.extract("Allergies: sulfa" + run * size), 1_200)


@pytest.mark.parametrize("run", ["asthma neg ", "+ cough -fever "])
def test_long_sentences_of_denials(pipeline: Pipeline, run: str) -> None:
    def job(size: int) -> None:
        findings = pipeline.extract("Seen today" + run * (size // len(run))).findings
        assert "negated" in {f.assertion for f in findings}

    assert linear(job, LENGTH)


@pytest.mark.parametrize("run", ["lisinopril, ", "any asthma or ", "when the asthma "])
def test_long_turns(pipeline: Pipeline, run: str) -> None:
    opening = "[doctor] hello\n[patient] hi\n[doctor] "
    assert linear(lambda size: pipeline.extract(opening + run * size), 4_000)


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
