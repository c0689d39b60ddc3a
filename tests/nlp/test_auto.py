"""The engine "auto": whose mentions stay, and how that was counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp import document
from nlp.engines import auto, load
from nlp.engines.auto import COUNTED, Case, cases, chance
from nlp.training import arbitration
from nlp.types import Candidate, Naming, Span
from terminology.service import Terminology

NOTE = """HISTORY: Ms. Reed has hypertension and reports dyspnea.
MEDICATIONS:
1. Lisinopril 10 mg daily
2. zorbutamide 5 mg bid
"""


@pytest.fixture(scope="module")
def terminology(data: Path) -> Terminology:
    return Terminology.open(data)


def found(quote: str, *, score: float = 0.9, method: str = "", code: str = "") -> Candidate:
    start = NOTE.index(quote)
    span = Span(start, start + len(quote), quote)
    return Candidate("condition", span, score, "x", "s" if code else "", code, method=method)


def test_what_is_likely_right_stays(terminology: Terminology) -> None:
    engine = load("auto", terminology=terminology)
    assert isinstance(engine, Naming)
    kept = engine.extract(document.read(NOTE))
    assert {"hypertension", "dyspnea", "Lisinopril"} <= {c.span.quote for c in kept}
    assert [c.span.start for c in kept] == sorted(c.span.start for c in kept)


@pytest.mark.parametrize(("right", "stays"), [(9, True), (0, False)])
def test_the_table_decides(
    right: int, stays: bool, terminology: Terminology, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = {Case("medication", False, said): (right, 9) for said in ("sure", "unsure")}
    monkeypatch.setattr(auto, "COUNTED", COUNTED | alone)
    kept = load("auto", terminology=terminology).extract(document.read(NOTE))
    # no dictionary has it: the tagger reads it where it stands
    assert (("zorbutamide", "tagger") in {(c.span.quote, c.source) for c in kept}) == stays


def test_cases_of_two_engines() -> None:
    rules = [
        found("hypertension", method="exact", code="I10"),
        found("dyspnea", method="exact", code="Z99"),
    ]
    tagger = [found("has hypertension"), found("dyspnea"), found("zorbutamide", score=0.4)]
    told = [case for _, case in cases(rules, tagger)]
    assert told == [
        Case("condition", True, "sure"),
        None,  # the tagger never learnt such factors
        Case("condition", False, "unsure"),
    ]
    (_, only) = next(iter(cases(rules, [])))
    assert only == Case("condition", True, "")


def test_chances_lie_between_none_and_all() -> None:
    assert all(0 < chance(case) < 1 and right <= every for case, (right, every) in COUNTED.items())
    assert chance(Case("condition", True, "nobody")) == 0.5


def test_the_table_is_counted_on_notes(terminology: Terminology) -> None:
    row = {
        "id": "n",
        "text": NOTE,
        "conditions": [{"icd10_3": ["I10"]}],
        "medications": [{"ingredients": [["lisinopril"]]}],
        "traps": [],
    }
    counted = arbitration.chances(terminology, [row])
    assert counted[Case("condition", True, "sure")] == (1, 1)  # of dyspnea the gold may be silent
    assert sum(every for case, (_, every) in counted.items() if case.kind == "medication") >= 2
    assert set(counted) <= set(COUNTED)
