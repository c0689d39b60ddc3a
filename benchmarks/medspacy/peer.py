"""medSpaCy over notes, run by benchmarks/extract.py in medSpaCy's own environment.

Reads a job from standard input ({"phrases": [[text, label]], "notes": [text]}) and prints one JSON
object: CPU seconds of the notes, and for each note the mentions that it claims of the patient now.
The pipeline is PyRuSH sentences, target rules, ConText and sections, each with its own defaults.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import medspacy
from loguru import logger
from medspacy.ner import TargetRule

ROUNDS = 3
NOT_NOW = frozenset(("family_history", "allergies", "allergy"))


def claimed(entity: Any) -> bool:
    """Whether ConText and the section leave the mention a fact of the patient."""
    told = entity._
    return not (
        told.is_negated
        or told.is_historical
        or told.is_hypothetical
        or told.is_family
        or told.is_uncertain
        or told.section_category in NOT_NOW
    )


def main() -> None:
    """One job from standard input to standard output."""
    logger.remove()
    job = json.load(sys.stdin)
    nlp = medspacy.load()
    nlp.add_pipe("medspacy_sectionizer")
    matcher = nlp.get_pipe("medspacy_target_matcher")
    matcher.add([TargetRule(text, label) for text, label in job["phrases"]])
    nlp(job["notes"][0])
    best, found = float("inf"), []
    for _ in range(ROUNDS):
        began = time.process_time()
        read = [nlp(text) for text in job["notes"]]
        best = min(best, time.process_time() - began)
        found = [[[e.text.lower(), e.label_] for e in doc.ents if claimed(e)] for doc in read]
    json.dump({"seconds": best, "found": found}, sys.stdout)


if __name__ == "__main__":
    main()
