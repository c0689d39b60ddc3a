"""Figures are what counting by hand gives; the project's own notes hold their level."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.pipeline import Pipeline
from nlp.quality import measures
from nlp.quality.errors import classes
from nlp.quality.intervals import interval
from nlp.quality.measures import MEASURES, Counts
from nlp.quality.tables import OWN, Figure, run, sets
from terminology.service import Terminology

GOLD: dict[str, Any] = {
    "id": "a",
    "text": "…",
    "conditions": [
        {"icd10_3": ["I10", "I11"], "required": True},
        {"icd10_3": ["E11"], "required": True},
        {"icd10_3": ["J45"], "required": False},
    ],
    "medications": [{"ingredients": [["metoprolol"]], "required": True}],
    "traps": [
        {"label": "Condition", "assertion": "negated", "icd10_3": ["R07"], "code_level": True},
        {"label": "Condition", "assertion": "family", "icd10_3": ["I10"], "code_level": False},
        {
            "label": "Medication",
            "assertion": "stopped",
            "ingredients": [["warfarin"]],
            "code_level": True,
        },
    ],
}
SAID: dict[str, Any] = {
    "conditions": [
        {"code": "I10", "status": "active"},
        {"code": "E11.9", "status": "negated"},
        {"code": "J45.909", "status": "active"},
        {"code": "K21.9", "status": "active"},
        {"code": "R07.9", "status": "active"},
        {"code": "R05.9", "status": "active"},
    ],
    "medications": [
        {"ingredients": ["metoprolol tartrate"], "status": "active"},
        {"ingredients": ["warfarin"], "status": "active"},
        {"ingredients": ["aspirin"], "status": "planned"},
    ],
}


def test_documents() -> None:
    assert MEASURES["docs"](GOLD, SAID) == {
        "active conditions": Counts(1, 2, 1),  # K21 and the trap R07 wrong, E11 missing
        "active drugs": Counts(1, 1, 0),
    }


def test_errors_have_their_class() -> None:
    found = {name: (count, of) for name, count, of in classes([GOLD], [SAID]) if count}
    assert found == {
        "condition claimed though negated": (1, 1),
        "condition claimed though told otherwise": (1, 1),
        "condition claimed that the gold has not": (1, 0),
        "condition taken for negated": (1, 0),
        "drug claimed though stopped": (1, 1),
        "drug claimed though told otherwise": (1, 1),
    }


def place(start: int, end: int, label: str, **more: Any) -> dict[str, Any]:
    return {"start": start, "end": end, "label": label, **more}


def test_spans_count_where_they_are_the_same() -> None:
    gold = {"gold": [place(0, 4, "Drug"), place(5, 9, "Strength")]}
    said = {"spans": [place(0, 4, "Drug"), place(5, 8, "Strength"), place(0, 4, "Route")]}
    assert measures.spans(gold, said) == {"Drug": Counts(1, 0, 0), "Strength": Counts(0, 1, 1)}


def test_headers_may_start_a_little_off() -> None:
    gold = {"gold": [place(0, 4, "plan"), place(20, 24, "other"), place(40, 44, "hpi")]}
    said = {"spans": [place(2, 4, "plan"), place(20, 24, "ros"), place(60, 64, "ros")]}
    assert measures.sections(gold, said) == {"header and key": Counts(1, 1, 1)}


def test_an_identifier_counts_when_it_is_covered_whole() -> None:
    gold = {"text": "Ann Lee, 5 May", "gold": [place(0, 7, "NAME"), place(9, 14, "DATE")]}
    said = {"spans": [place(0, 3, "NAME"), place(4, 7, "NAME"), place(11, 14, "DATE")]}
    assert measures.deid(gold, said) == {"identifiers covered": Counts(1, 0, 1)}


def test_a_target_is_negated_or_historical() -> None:
    gold = {"gold": [{"assertion": {"negation": "negated", "temporality": "recent"}}]}
    said = {"negation": "negated", "temporality": "historical"}
    assert measures.assertion(gold, said) == {
        "negated": Counts(1, 0, 0),
        "historical": Counts(0, 1, 0),
    }


def test_an_exact_code_counts_where_a_finding_covers_it() -> None:
    gold = {
        "gold": [
            place(0, 4, "Medication", codes=["RxNorm:1"]),
            place(5, 9, "Medication", codes=["RxNorm:2"]),
            place(10, 14, "Condition", codes=["RxNorm:3"]),
        ]
    }
    said = {"spans": [place(0, 2, "Medication", codes=["9", "1"])]}
    assert measures.codes(gold, said) == {"exact RxNorm code": Counts(1, 0, 1)}


@given(st.lists(st.builds(Counts, *[st.integers(0, 9)] * 3), min_size=2, max_size=20))
def test_the_interval_holds_what_it_draws(counts: list[Counts]) -> None:
    low, high = interval(counts, draws=200)
    each = [c.f1 for c in counts]
    assert 0 <= low <= high <= 1
    assert min(each) - 1e-9 <= low
    assert high <= max(each) + 1e-9
    assert (low, high) == interval(counts, draws=200)


def test_one_document_says_nothing_of_chance() -> None:
    assert interval([Counts(1, 0, 0)]) == (0.0, 1.0)


def test_a_set_is_known_by_its_name(tmp_path: Path) -> None:
    for name in ("ner_x.train.jsonl", "ner_x.dev.jsonl", "docs_a.jsonl", "other.jsonl"):
        (tmp_path / name).write_text("")
    assert [(task, path.name) for task, path in sets(tmp_path)] == [
        ("docs", "docs_a.jsonl"),
        ("ner", "ner_x.dev.jsonl"),
    ]


def test_each_engine_has_figures(data: Path, tmp_path: Path) -> None:
    gold = json.loads((OWN / "dialogues.jsonl").read_text(encoding="utf-8").splitlines()[0])
    (tmp_path / "dialogues.jsonl").write_text(json.dumps(gold))
    pipeline = Pipeline(Terminology.open(data))
    figures: list[Figure] = [f for some, _ in run(pipeline, tmp_path) for f in some]
    assert {(f.engine, f.measure) for f in figures} == {
        (engine, measure)
        for engine in ("rules", "tagger", "auto")
        for measure in ("active conditions", "active drugs")
    }


@pytest.mark.parametrize(("measure", "least"), [("active conditions", 0.85), ("active drugs", 0.9)])
def test_the_rules_hold_their_level(data: Path, measure: str, least: float) -> None:
    pipeline = Pipeline(Terminology.open(data))
    figures = [f for some, _ in run(pipeline, OWN, ("rules",)) for f in some]
    assert {f.name for f in figures} == {"notes", "dialogues"}
    assert all(f.counts.f1 >= least for f in figures if f.measure == measure)
