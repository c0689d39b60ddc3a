"""Onset of conditions, start and end of drugs: what the text dates, and nothing else."""

from __future__ import annotations

import pytest

from nlp.pipeline import Pipeline
from nlp.relations import when


def told(pipeline: Pipeline, text: str) -> list[tuple[str, str]]:
    findings = pipeline.extract(text).findings
    kinds = ("onset", "start", "stop")
    return [(r.kind, r.span.quote) for f in findings for r in f.related if r.kind in kinds]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("She has asthma since childhood.", "since childhood"),
        ("Type 2 diabetes, diagnosed in March 2011.", "diagnosed in March 2011"),
        ("Hypertension for 10 years.", "for 10 years"),
        ("He has a 20-year history of hypertension.", "20-year"),
        ("RA dx 2009.", "dx 2009"),
        ("Epilepsy at age 12.", "at age 12"),
        ("Back pain x 3 weeks.", "x 3 weeks"),
        ("Hypertension is well controlled in this 50-year-old.", ""),
        ("Asthma. 2019 labs were reviewed.", ""),
    ],
)
def test_onset(pipeline: Pipeline, text: str, words: str) -> None:
    assert told(pipeline, text) == ([("onset", words)] if words else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On lisinopril since 2016.", [("start", "since 2016")]),
        ("She was started on metformin in June 2020.", [("start", "in June 2020")]),
        ("Warfarin was stopped in 3/2021.", [("stop", "was stopped in 3/2021")]),
        ("Tamoxifen 2009 through 2011.", [("start", "2009"), ("stop", "2011")]),
        ("Lisinopril 10 mg daily, metformin since 2019.", [("start", "since 2019")]),
        ("Lisinopril 10 mg daily.", []),
    ],
)
def test_period(pipeline: Pipeline, text: str, expected: list[tuple[str, str]]) -> None:
    assert told(pipeline, text) == expected


@pytest.mark.parametrize(
    ("quote", "written"),
    [
        ("since 2016", "2016"),
        ("in June 2020", "2020-06"),
        ("on March 3, 2020", "2020-03-03"),
        ("on 3 March 2020", "2020-03-03"),
        ("3/4/2020", "2020-03-04"),
        ("3/2021", "2021-03"),
        ("2020-02-29", "2020-02-29"),
        ("31 April 2020", "2020-04"),
        ("13/2020", "2020"),
        ("since 2020-13-45", "2020"),
        ("2019-02-29", "2019-02"),
        ("1/31/2021", "2021-01-31"),
        ("since 20١٩", ""),
        ("for 10 years", ""),
    ],
)
def test_partial(quote: str, written: str) -> None:
    assert when.partial(quote) == written
