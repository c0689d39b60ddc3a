"""The pipeline grounds, validates, corrects and merges whatever an engine claims."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from nlp import merge
from nlp.pipeline import Pipeline
from nlp.types import (
    Assertion,
    Candidate,
    Coding,
    Document,
    Extraction,
    Fault,
    Finding,
    MedicationStatus,
    Span,
)
from terminology.types import ICD10CM, Method

NOTE = """CHIEF COMPLAINT: Cough.

HISTORY OF PRESENT ILLNESS: A 60-year-old man with hypertension. He denies chest pain.

PAST MEDICAL HISTORY: Gout.

ALLERGIES: Codeine.

MEDICATIONS:
1. Amlodipine 5 mg p.o. daily.
2. Ibuprofen 400 mg p.o. q.6h. p.r.n. pain.

FAMILY HISTORY: Mother had breast cancer.

ASSESSMENT AND PLAN:
1. Hypertension. Increase amlodipine to 10 mg daily.
2. Stop ibuprofen.
"""
WORDS = st.sampled_from(
    ["hypertension", "no", "DM2", "metformin", "500 mg", "b.i.d.", ".", "\n", "PLAN:", "é", "stop", "🙂", "gout"]
)  # fmt: skip


def by_quote(extraction: Extraction) -> dict[str, Finding]:
    return {f.span.quote.lower(): f for f in extraction.findings}


def test_a_note(pipeline: Pipeline) -> None:
    found = by_quote(pipeline.extract(NOTE))
    assert found["hypertension"].assertion is Assertion.PRESENT
    assert len(found["hypertension"].evidence) == 1
    assert found["chest pain"].assertion is Assertion.NEGATED
    assert found["breast cancer"].assertion is Assertion.FAMILY
    assert found["codeine"].status is MedicationStatus.ALLERGY
    assert found["amlodipine"].status is MedicationStatus.CHANGED
    assert found["ibuprofen"].status is MedicationStatus.STOPPED


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_nothing_in_nothing(pipeline: Pipeline, text: str) -> None:
    assert pipeline.extract(text).findings == ()


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
@given(text=st.text(max_size=120) | st.lists(WORDS, max_size=25).map(" ".join))
def test_every_quote_is_verbatim_and_every_code_exists(pipeline: Pipeline, text: str) -> None:
    for finding in pipeline.extract(text).findings:
        sig = finding.sig
        parts = [sig.strength, sig.dose, sig.form, sig.route, sig.frequency, sig.as_needed, sig.as_needed_for, sig.duration] if sig else []  # fmt: skip
        for span in (finding.span, *finding.evidence, *(p for p in parts if p)):
            assert text[span.start : span.end] == span.quote
        for coding in finding.codings:
            assert pipeline.terminology.exists(coding.system, coding.code)


def test_min_score(pipeline: Pipeline) -> None:
    assert pipeline.extract("Hypertension.", min_score=1.01).findings == ()


def test_threads_agree(pipeline: Pipeline) -> None:
    with ThreadPoolExecutor(4) as pool:
        first, *others = pool.map(pipeline.extract, [NOTE] * 4)
    assert all(other == first for other in others)


class Claims:
    """An engine that claims what it was told to."""

    name = "claims"
    model = "test"

    def __init__(self, *candidates: Candidate) -> None:
        self.candidates = list(candidates)

    def extract(self, document: Document) -> list[Candidate]:
        return self.candidates


class Repents(Claims):
    """One that corrects its code when told of the fault."""

    def correct(self, document: Document, faults: list[Fault]) -> list[Candidate]:
        return [replace(f.candidate, code="I10", system=ICD10CM) for f in faults]


def claim(quote: str, start: int, code: str) -> Candidate:
    span = Span(start, start + len(quote), quote)
    return Candidate("condition", span, 0.9, "claims", ICD10CM, code)


def using(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, engine: Claims) -> Pipeline:
    monkeypatch.setattr(Pipeline, "engine", lambda self, name: engine)
    return pipeline


def test_an_unknown_code_is_searched_again(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Claims(claim("hypertension", 0, "I999.99"))
    (finding,) = using(pipeline, monkeypatch, engine).extract("hypertension").findings
    assert finding.codings[0].code == "I10"
    assert finding.source.startswith("claims")


def test_a_false_quote_is_dropped_with_its_reason(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Claims(claim("diabetes", 0, "E11.9"), claim("hypertension", 50, "I10"))
    got = using(pipeline, monkeypatch, engine).extract("hypertension")
    assert got.findings == ()
    assert [d.reason.split(":")[0] for d in got.dropped] == ["quote", "span"]


def test_an_engine_that_can_is_asked_again(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Repents(claim("hypertension", 0, "ZZZ"))
    (finding,) = using(pipeline, monkeypatch, engine).extract("hypertension").findings
    assert (finding.source, finding.codings[0].code) == ("claims+corrected", "I10")


def finding(assertion: Assertion, start: int, code: str = "I10", section: str = "") -> Finding:
    coding = Coding(ICD10CM, code, "Essential (primary) hypertension", 1.0, Method.EXACT, "")
    return Finding(
        "condition", Span(start, start + 1, "x"), assertion, (coding,), 1.0, "rules", section
    )


A = Assertion


@pytest.mark.parametrize(
    ("assertions", "merged"),
    [
        ([A.NEGATED, A.PRESENT], A.PRESENT),
        ([A.HYPOTHETICAL, A.PRESENT], A.PRESENT),
        ([A.NEGATED, A.NEGATED], A.NEGATED),
        ([A.POSSIBLE, A.HYPOTHETICAL], A.POSSIBLE),
    ],
)
def test_arbitration(assertions: list[Assertion], merged: Assertion) -> None:
    mentions = [merge.Mention(finding(a, i)) for i, a in enumerate(assertions)]
    (one,) = merge.merge(mentions)
    assert one.assertion is merged
    assert len(one.evidence) == len(assertions) - 1


def test_a_relatives_condition_is_another_fact() -> None:
    mentions = [merge.Mention(finding(a, i)) for i, a in enumerate((A.PRESENT, A.FAMILY))]
    assert [f.assertion for f in merge.merge(mentions)] == [A.PRESENT, A.FAMILY]
