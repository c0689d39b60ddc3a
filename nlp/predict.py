"""Predictions for sets of notes: one JSON object a line with the ids of the gold, for a scorer."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from nlp import assertion, deid, document, medication, products, sections
from nlp.batch import Workers
from nlp.pipeline import Pipeline
from nlp.sig import Element, Part, timing
from nlp.types import Assertion, EngineError, Finding, MedicationStatus, Naming
from terminology.types import ICD10CM, Term

Row = dict[str, Any]
ACTIVE = frozenset({MedicationStatus.ACTIVE, MedicationStatus.NEW, MedicationStatus.CHANGED})
LABELS: dict[Part, str] = {
    "strength": "Strength",
    "dose": "Dose",
    "form": "Form",
    "route": "Route",
    "frequency": "Frequency",
    "as_needed": "AsNeeded",
    "duration": "Duration",
}

# What the gold calls a category; every other number is an ID.
DEID: dict[deid.Category, str] = {
    deid.Category.NAME: "NAME",
    deid.Category.LOCATION: "LOCATION",
    deid.Category.DATE: "DATE",
    deid.Category.AGE: "AGE90",
    deid.Category.PHONE: "PHONE",
    deid.Category.FAX: "PHONE",
    deid.Category.EMAIL: "EMAIL",
    deid.Category.URL: "URL",
}


OWN_ENGINE = {"ner": "auto"}


class NotAvailable(EngineError):
    """A task that this version can't predict."""


def predict(
    task: str,
    gold_path: Path,
    out_path: Path,
    pipeline: Pipeline | Workers,
    engine: str = "",
) -> int:
    """Writes a prediction for every row of the gold, and gives their number.

    Where no engine is named it is the task's own: `auto` for ner, which labels every mention
    whatever is said of it, `rules` for what a text claims of a patient.

    Tasks: ner, assertion, sections, meds, docs, deid, codes. Workers read several rows at once, and
    predict the same. Raises NotAvailable for others,
    ValueError for a line of the gold that is no JSON object with an id and a text, and names it.
    """
    if task not in TASKS:
        raise NotAvailable(f"task {task!r} is unknown; the tasks are {', '.join(TASKS)}")
    rows = read_rows(gold_path)
    work = partial(_answer, task, engine or OWN_ENGINE.get(task, "rules"))
    answers = (
        pipeline.map(work, rows)
        if isinstance(pipeline, Workers)
        else (work(pipeline, row) for row in rows)
    )
    with out_path.open("w", encoding="utf-8") as out:
        for answer in answers:
            out.write(answer + "\n")
    return len(rows)


def _answer(task: str, engine: str, pipeline: Pipeline, row: Row) -> str:
    """The prediction for one row, as JSON."""
    return json.dumps({"id": row["id"], **TASKS[task](row, pipeline, engine)}, ensure_ascii=False)


def read_rows(path: Path) -> list[Row]:
    """The rows of a set; ValueError names the line that is no JSON object with id and text."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise ValueError(f"{path.name}:{number}: no JSON object: {error.msg}") from None
        if not isinstance(row, dict) or not {"id", "text"} <= row.keys():
            raise ValueError(f"{path.name}:{number}: a row needs an id and a text")
        rows.append(row)
    return rows


def _span(start: int, end: int, label: str) -> Row:
    return {"start": start, "end": end, "label": label}


def _ner(row: Row, pipeline: Pipeline, engine: str) -> Row:
    """Every mention whatever is claimed of it: longest dictionary matches, or an engine's spans."""
    read = document.read(row["text"])
    spans = []
    running = pipeline.engine(engine)
    found = running.named(read) if isinstance(running, Naming) else running.extract(read)
    for candidate in found:
        label = "Disease" if candidate.kind == "condition" else "Chemical"
        spans.append(_span(candidate.span.start, candidate.span.end, label))
    if engine == "rules":
        for hit in pipeline.terminology.hits(row["text"]):
            if _named(hit.terms) and not any(s["start"] == hit.start for s in spans):
                spans.append(_span(hit.start, hit.end, "Chemical"))
    return {"spans": spans}


def _named(terms: tuple[Term, ...]) -> bool:
    """A chemical named in full, though no drug that a patient takes."""
    return all(t.system != ICD10CM and len(t.text) > 3 for t in terms)


def _assertion(row: Row, pipeline: Pipeline, engine: str) -> Row:
    target = row["gold"][0]
    said = assertion.classify(row["text"], target["start"], target["end"])
    return {"negation": said.negation, "temporality": said.temporality}


def _sections(row: Row, pipeline: Pipeline, engine: str) -> Row:
    found = sections.find(row["text"])
    return {"spans": [_span(s.title.start, s.title.end, s.key) for s in found]}


def _meds(row: Row, pipeline: Pipeline, engine: str) -> Row:
    """Drugs and sig parts as spans; each drug with its parts, normalised."""
    read = document.read(row["text"])
    candidates = pipeline.engine(engine).extract(read)
    drugs = [c for c in candidates if c.kind == "medication"]
    places = [(c.span.start, c.span.end) for c in drugs]
    spans = [_span(a, b, "Drug") for a, b in places]
    parts: list[Element] = []
    for (start, end), inside in medication.regions(read, places):
        owned = medication.attach(read.text, start, end, [places[i] for i in inside])
        parts += [e for owner, e in owned if owner is not None or e.part == "strength"]
    parts += _without_drug(read.text, [(s.start, s.end) for s in read.sentences], parts, places)
    spans += [
        _span(a, b, c) for a, b, c in sorted({(e.start, e.end, LABELS[e.part]) for e in parts})
    ]
    findings = pipeline.extract(row["text"], engine).findings
    found = {f.span: f for f in findings}
    reasons = {r.span for f in findings for r in f.related if r.kind == "indication"}
    spans += [_span(s.start, s.end, "Indication") for s in sorted(reasons, key=lambda s: s.start)]
    out = []
    for candidate, sig in zip(drugs, medication.sigs(read, places), strict=True):
        finding = found.get(candidate.span)
        codings = products.medication(pipeline.terminology, read, candidate, sig)
        said: Row = {
            "drug_start": candidate.span.start,
            "drug_end": candidate.span.end,
            "ingredients": list(products.ingredients(pipeline.terminology, codings[-1]))
            if codings
            else [],
            "strength": sig.strength.quote if sig.strength else None,
            "route": sig.route.quote if sig.route else None,
            "frequency": sig.frequency.quote if sig.frequency else None,
            "timing": timing.notation(sig.timing) if sig.timing else None,
            "status": finding.status if finding else None,
        }
        out.append(said)
    return {"spans": spans, "medications": out}


def _without_drug(
    text: str,
    sentences: list[tuple[int, int]],
    parts: list[Element],
    places: list[tuple[int, int]],
) -> list[Element]:
    """Sig parts of sentences that name no drug, where a strength shows that one is meant."""
    out: list[Element] = []
    for start, end in sentences:
        if any(start <= a < end for a, _ in places):
            continue
        found = [e for _, e in medication.attach(text, start, end, [])]
        if any(e.part == "strength" for e in found):
            out += [e for e in found if e not in parts]
    return out


def _docs(row: Row, pipeline: Pipeline, engine: str) -> Row:
    findings = pipeline.extract(row["text"], engine).findings
    conditions = [
        {"code": f.codings[0].code, "status": _condition_status(f)}
        for f in findings
        if f.kind == "condition" and f.codings
    ]
    drugs = [
        {"ingredients": list(f.ingredients), "status": _drug_status(f)}
        for f in findings
        if f.kind == "medication"
    ]
    return {"conditions": conditions, "medications": drugs}


def _codes(row: Row, pipeline: Pipeline, engine: str) -> Row:
    """Every mention of a drug with all its codes."""
    read = document.read(row["text"])
    drugs = [c for c in pipeline.engine(engine).extract(read) if c.kind == "medication"]
    sigs = medication.sigs(read, [(c.span.start, c.span.end) for c in drugs])
    linked = [
        (c.span, products.medication(pipeline.terminology, read, c, sig))
        for c, sig in zip(drugs, sigs, strict=True)
    ]
    return {
        "spans": [
            {**_span(span.start, span.end, "Medication"), "codes": [c.code for c in codings]}
            for span, codings in linked
        ]
    }


def _condition_status(finding: Finding) -> str:
    return "active" if finding.assertion is Assertion.PRESENT else str(finding.assertion)


def _drug_status(finding: Finding) -> str:
    if finding.assertion is Assertion.FAMILY:
        return str(finding.assertion)
    return "active" if finding.status in ACTIVE else str(finding.status)


def _deid(row: Row, pipeline: Pipeline, engine: str) -> Row:
    return {
        "spans": [_span(p.start, p.end, DEID.get(p.category, "ID")) for p in deid.find(row["text"])]
    }


TASKS: dict[str, Callable[[Row, Pipeline, str], Row]] = {
    "ner": _ner,
    "assertion": _assertion,
    "sections": _sections,
    "meds": _meds,
    "docs": _docs,
    "deid": _deid,
    "codes": _codes,
}
