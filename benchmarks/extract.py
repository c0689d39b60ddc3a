"""Ours and medSpaCy side by side: KB/s of text and F1 on the project's notes and dialogues.

medSpaCy gets the same dictionary, cut to the phrases that occur in these notes, which spares it the
other 300,000; what it takes for a fact is mapped to codes and ingredients by our tables. `make
bench-medspacy` installs it into an environment of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

from race import claim

from nlp import linking, products
from nlp.pipeline import Pipeline
from nlp.predict import TASKS, read_rows
from nlp.quality.measures import Counts, docs
from nlp.quality.tables import OWN
from terminology.building.build import build
from terminology.service import Terminology
from terminology.types import ICD10CM, Hit

HERE = Path(__file__).parent / "medspacy"
DATA = Path(os.environ.get("MEDPARSER_DATA", HERE.parents[1] / ".data"))
ROUNDS = 3


def phrases(terminology: Terminology, notes: list[str]) -> dict[tuple[str, str], Any]:
    """(phrase, label) of every dictionary hit → its code, or its ingredients."""
    found: dict[tuple[str, str], Any] = {}
    for text in notes:
        for hit in terminology.hits(text):
            found |= meaning(terminology, hit, text[hit.start : hit.end].lower())
    return found


def meaning(terminology: Terminology, hit: Hit, phrase: str) -> dict[tuple[str, str], Any]:
    """What the likeliest term of a hit stands for."""
    coded = [t for t in hit.terms if t.code]
    if not coded:
        return {}
    best = linking.rank(coded)[0]
    if best.system == ICD10CM:
        return {(phrase, "CONDITION"): best.code}
    coding = linking.coding(terminology, best)
    return {(phrase, "DRUG"): list(products.ingredients(terminology, coding))}


def predicted(found: list[list[str]], known: dict[tuple[str, str], Any]) -> dict[str, Any]:
    """The mentions of a note as a prediction of the task "docs"."""
    meant = [(label, known[text, label]) for text, label in found if (text, label) in known]
    return {
        "conditions": [
            {"code": c, "status": "active"} for label, c in meant if label == "CONDITION"
        ],
        "medications": [
            {"ingredients": names, "status": "active"} for label, names in meant if label == "DRUG"
        ],
    }


def main() -> None:
    """Prints one line a claim."""
    build(DATA)
    terminology = Terminology.open(DATA)
    pipeline = Pipeline(terminology)
    gold = [row for name in ("notes", "dialogues") for row in read_rows(OWN / f"{name}.jsonl")]
    notes = [row["text"] for row in gold]
    size = sum(map(len, notes)) / 1024
    known = phrases(terminology, notes)
    job = json.dumps({"phrases": list(known), "notes": notes})
    peer = json.loads(
        subprocess.run(
            [HERE / ".venv/bin/python", HERE / "peer.py"],
            input=job,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    )
    taken = []
    for _ in range(ROUNDS + 1):
        linking.found.cache_clear()
        began = time.process_time()
        for text in notes:
            pipeline.extract(text)
        taken.append(time.process_time() - began)
    claim(
        "notes to findings, beside medSpaCy", size / min(taken[1:]), size / peer["seconds"], "KB/s"
    )
    ours = [TASKS["docs"](row, pipeline, "rules") for row in gold]
    theirs = [predicted(found, known) for found in peer["found"]]
    for measure in ("active conditions", "active drugs"):
        both = [
            sum((docs(g, s)[measure] for g, s in zip(gold, said, strict=True)), Counts()).f1
            for said in (ours, theirs)
        ]
        claim(f"F1 of {measure}, beside medSpaCy", *both, "F1")


if __name__ == "__main__":
    main()
