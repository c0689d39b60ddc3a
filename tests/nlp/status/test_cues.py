"""The cues behind a drug: each holds a stem that lets its clause be read."""

from __future__ import annotations

import re
from importlib.resources import files

from nlp.status import cues


def test_every_cue_behind_a_drug_holds_a_stem() -> None:
    notes = files("nlp").joinpath("quality", "notes")
    texts = [notes.joinpath(n).read_text("utf-8") for n in ("notes.jsonl", "dialogues.jsonl")]
    clauses = [c.lower() for text in texts for c in re.split(r"[.;]|\\n", text)]
    silent = [c for c in clauses if not any(stem in c for stem in cues.STEMS)]
    assert len(silent) > len(clauses) / 4  # else they would spare nothing
    rules = [re.compile(rf"(?<![\w-])(?:{cue})", re.I) for _, cue in cues.AFTER]
    assert [c for c in silent for rule in rules if rule.search(c)] == []
