"""What goes wrong in whole notes, by class: which claims came through, which facts stayed away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from nlp.quality.measures import Row, alike, expected, names, traps

ALL = "claimed though told otherwise"  # every trap of a kind


def classes(gold: Sequence[Row], said: Sequence[Row]) -> list[tuple[str, int, int]]:
    """Rows of class, errors, and how many there could have been (0 where that is unbounded)."""
    wrong: Counter[str] = Counter()
    of: Counter[str] = Counter()
    for want, got in zip(gold, said, strict=True):
        _conditions(want, got, wrong, of)
        _drugs(want, got, wrong, of)
    for what in ("condition", "drug"):
        every = [name for name in of if name.startswith(f"{what} claimed though")]
        wrong[f"{what} {ALL}"] = sum(wrong[name] for name in every)
        of[f"{what} {ALL}"] = sum(of[name] for name in every)
    return [(name, wrong[name], of[name]) for name in sorted({*wrong, *of})]


def _conditions(want: Row, got: Row, wrong: Counter[str], of: Counter[str]) -> None:
    status = {c["code"][:3]: c["status"] for c in reversed(got["conditions"])}
    active = {c["code"][:3] for c in got["conditions"] if c["status"] == "active"}
    trapped: set[str] = set()
    for trap in traps(want, "Condition"):
        name = f"condition claimed though {trap['assertion']}"
        of[name] += 1
        wrong[name] += bool(active & set(trap["icd10_3"]))
        trapped |= set(trap["icd10_3"])
    wrong["condition claimed that the gold has not"] += sum(
        not expected(want, code) and code not in trapped for code in active
    )
    for fact in want["conditions"]:
        if fact["required"] and not active & set(fact["icd10_3"]):
            taken = next((status[c] for c in fact["icd10_3"] if c in status), None)
            wrong[f"condition taken for {taken}" if taken else "condition not found"] += 1


def _drugs(want: Row, got: Row, wrong: Counter[str], of: Counter[str]) -> None:
    status = {i: m["status"] for m in got["medications"] for i in m["ingredients"]}
    active = {i for m in got["medications"] if m["status"] == "active" for i in m["ingredients"]}
    trapped: set[str] = set()
    for trap in traps(want, "Medication"):
        name = f"drug claimed though {trap['assertion']}"
        hits = {i for i in active if alike(i, names(trap))}
        of[name] += 1
        wrong[name] += bool(hits)
        trapped |= hits
    known = [names(m) for m in want["medications"]]
    wrong["drug claimed that the gold has not"] += sum(
        not any(alike(i, k) for k in known) for i in active - trapped
    )
    for drug in want["medications"]:
        if drug["required"] and not any(alike(i, names(drug)) for i in active):
            taken = next((s for i, s in status.items() if alike(i, names(drug))), None)
            wrong[f"drug taken for {taken}" if taken else "drug not found"] += 1
