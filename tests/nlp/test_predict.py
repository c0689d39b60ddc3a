"""Predictions carry the ids of the gold in the scorer's form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nlp.pipeline import Pipeline
from nlp.predict import NotAvailable, predict


def run(task: str, row: dict[str, Any], pipeline: Pipeline, folder: Path) -> dict[str, Any]:
    gold, out = folder / "gold.jsonl", folder / "out.jsonl"
    gold.write_text(json.dumps(row) + "\n\n")
    assert predict(task, gold, out, pipeline) == 1
    answer: dict[str, Any] = json.loads(out.read_text())
    return answer


def test_docs(pipeline: Pipeline, tmp_path: Path) -> None:
    text = "PLAN: Gout. Start allopurinol 100 mg daily. Stop ibuprofen. No fever."
    got = run("docs", {"id": "a", "text": text}, pipeline, tmp_path)
    assert {"code": "M10.9", "status": "active"} in got["conditions"]
    assert {"ingredients": ["allopurinol"], "status": "active"} in got["medications"]
    assert {"ingredients": ["ibuprofen"], "status": "stopped"} in got["medications"]


def test_meds(pipeline: Pipeline, tmp_path: Path) -> None:
    text = "Atenolol 50 mg p.o. q.d."
    got = run("meds", {"id": "b", "text": text}, pipeline, tmp_path)
    shown = [(text[s["start"] : s["end"]], s["label"]) for s in got["spans"]]
    assert shown == [
        ("Atenolol", "Drug"),
        ("50 mg", "Strength"),
        ("p.o.", "Route"),
        ("q.d.", "Frequency"),
    ]
    assert got["medications"][0]["timing"] == "1/d"


def test_ner(pipeline: Pipeline, tmp_path: Path) -> None:
    text = "Haloperidol caused pneumonia."
    got = run("ner", {"id": "c", "text": text}, pipeline, tmp_path)
    assert {"start": 19, "end": 28, "label": "Disease"} in got["spans"]
    assert {"start": 0, "end": 11, "label": "Chemical"} in got["spans"]


def test_sections_and_assertion(pipeline: Pipeline, tmp_path: Path) -> None:
    text = "ALLERGIES: None.\n\nPLAN: No pneumonia."
    got = run("sections", {"id": "d", "text": text}, pipeline, tmp_path)
    assert {s["label"] for s in got["spans"]} == {"allergies", "plan"}
    at = text.index("pneumonia")
    row = {"id": "d", "text": text, "gold": [{"start": at, "end": at + 9}]}
    assert run("assertion", row, pipeline, tmp_path)["negation"] == "negated"


def test_deid(pipeline: Pipeline, tmp_path: Path) -> None:
    text = "Mrs. Okafor, MRN 5512345, is 94 years old."
    got = run("deid", {"id": "d", "text": text}, pipeline, tmp_path)
    shown = [(text[s["start"] : s["end"]], s["label"]) for s in got["spans"]]
    assert shown == [("Okafor", "NAME"), ("5512345", "ID"), ("94", "AGE90")]


def test_other_tasks_are_refused(pipeline: Pipeline, tmp_path: Path) -> None:
    with pytest.raises(NotAvailable, match="unknown"):
        predict("poems", tmp_path / "gold", tmp_path / "out", pipeline)


def test_a_bad_line_is_named(pipeline: Pipeline, tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text('{"id": "a", "text": ""}\n{"id"\n')
    with pytest.raises(ValueError, match=r"gold\.jsonl:2: "):
        predict("docs", tmp_path / "gold.jsonl", tmp_path / "out.jsonl", pipeline)
