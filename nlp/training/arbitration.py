"""`python -m nlp.training.arbitration DATA`: how likely a mention is right, by which engine has it.

Counted on the project's own notes and dialogues: a mention is right where the gold tells its code's
category or its ingredient, as a fact or as a trap. The engine `auto` keeps the figures as a table.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from nlp import document, engines, linking, products
from nlp.engines.auto import Case, cases
from nlp.predict import Row, read_rows
from nlp.quality.tables import OWN
from nlp.types import Candidate, Document, Sig
from terminology.service import Terminology

_SILENT = ("R", "V", "W", "X", "Y", "Z")  # symptoms and factors, of which the gold tells not all


def chances(terminology: Terminology, rows: Iterable[Row]) -> dict[Case, tuple[int, int]]:
    """Of each case, how many of its mentions are right, and how many there are."""
    rules, tagger = (engines.load(name, terminology=terminology) for name in ("rules", "tagger"))
    right: Counter[Case] = Counter()
    every: Counter[Case] = Counter()
    for row in rows:
        read = document.read(row["text"])
        told = _facts(row)
        for candidate, case in cases(rules.extract(read), tagger.extract(read)):
            if case is None:
                continue
            names = _names(terminology, read, candidate)
            is_right = not told.isdisjoint(names)
            if is_right or not any(name.startswith(_SILENT) for name in names):
                every[case] += 1
                right[case] += is_right
    return {case: (right[case], every[case]) for case in sorted(every)}


def _facts(row: Row) -> set[str]:
    """The categories and ingredients that a note names, whatever it claims of them."""
    facts = [*row["conditions"], *row["medications"], *row["traps"]]
    codes = {code for fact in facts for code in fact.get("icd10_3", ())}
    names = {n.lower() for fact in facts for group in fact.get("ingredients", ()) for n in group}
    return codes | names


def _names(terminology: Terminology, read: Document, candidate: Candidate) -> set[str]:
    """The category of a condition's code, or a drug's ingredients."""
    if candidate.kind == "condition":
        _, coding = linking.condition(terminology, read, candidate)
        return {coding.code[:3]} if coding else set()
    codings = products.medication(terminology, read, candidate, Sig())
    return {n.lower() for coding in codings[-1:] for n in products.ingredients(terminology, coding)}


def main() -> None:
    """Prints the table, one case a line."""
    rows = [row for name in ("notes", "dialogues") for row in read_rows(OWN / f"{name}.jsonl")]
    counted = chances(Terminology.open(Path(sys.argv[1])), rows)
    for case, (right, every) in counted.items():
        sys.stdout.write(f"{case}: ({right}, {every}),\n")


if __name__ == "__main__":
    main()
