"""What one document's prediction got right: counts of every measure of a task.

Gold and predictions are the JSON objects of `nlp.predict`; offsets are code points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
_NEAR = 3  # code points by which a header's start may differ
_STATED = "RZVWXY"  # chapters whose codes are no errors where the gold is silent: symptoms, factors


@dataclass(frozen=True, slots=True)
class Counts:
    """Right, wrong and missing answers of one measure."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn)

    @property
    def precision(self) -> float:
        """Right among the given; 0 where none was given."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 0.0

    @property
    def recall(self) -> float:
        """Right among the wanted; 0 where none was wanted."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        whole = 2 * self.tp + self.fp + self.fn
        return 2 * self.tp / whole if whole else 0.0


def compared(want: set[Any], got: set[Any]) -> Counts:
    """Counts of two sets."""
    return Counts(len(want & got), len(got - want), len(want - got))


def spans(gold: Row, said: Row) -> dict[str, Counts]:
    """Strict spans by label, of the labels that the gold has."""
    labels = {g["label"] for g in gold["gold"]}
    return {
        label: compared(_places(gold["gold"], label), _places(said["spans"], label))
        for label in sorted(labels)
    }


def _places(of: Iterable[Row], label: str) -> set[tuple[int, int]]:
    return {(one["start"], one["end"]) for one in of if one["label"] == label}


def assertion(gold: Row, said: Row) -> dict[str, Counts]:
    """Negation and history of the one target of a sentence."""
    want = gold["gold"][0]["assertion"]
    both = (("negation", "negated"), ("temporality", "historical"))
    return {
        name: compared({1} if want[key] == name else set(), {1} if said[key] == name else set())
        for key, name in both
    }


def sections(gold: Row, said: Row) -> dict[str, Counts]:
    """Headers with their key; those without one in the gold count for nothing."""
    known = [g for g in gold["gold"] if g["label"] != "other"]
    free = list(said["spans"])
    right = 0
    for want in known:
        hit = next((s for s in free if _beside(s, want) and s["label"] == want["label"]), None)
        if hit:
            free.remove(hit)
            right += 1
    plain = [g for g in gold["gold"] if g["label"] == "other"]
    wrong = [
        s for s in free if s["label"] != "other" and not any(_beside(s, other) for other in plain)
    ]
    return {"header and key": Counts(right, len(wrong), len(known) - right)}


def _beside(one: Row, other: Row) -> bool:
    return bool(abs(one["start"] - other["start"]) <= _NEAR)


def deid(gold: Row, said: Row) -> dict[str, Counts]:
    """Identifiers covered whole; a span that touches none is wrong."""
    covered = {at for s in said["spans"] for at in range(s["start"], s["end"])}
    text = gold["text"]
    whole = [
        all(at in covered or not text[at].isalnum() for at in range(g["start"], g["end"]))
        for g in gold["gold"]
    ]
    wrong = sum(not any(_touch(s, g) for g in gold["gold"]) for s in said["spans"])
    return {"identifiers covered": Counts(sum(whole), wrong, len(whole) - sum(whole))}


def codes(gold: Row, said: Row) -> dict[str, Counts]:
    """Drug mentions whose exact RxNorm code is among those of the finding that covers them."""
    right = wanted = 0
    for want in gold["gold"]:
        exact = {
            code.partition(":")[2]
            for code in want.get("codes", ())
            if code.casefold().startswith("rxnorm:")
        }
        if want["label"] != "Medication" or not exact:
            continue
        wanted += 1
        right += any(_touch(s, want) and exact & set(s["codes"]) for s in said["spans"])
    return {"exact RxNorm code": Counts(right, 0, wanted - right)}


def _touch(one: Row, other: Row) -> bool:
    return bool(one["start"] < other["end"] and other["start"] < one["end"])


def docs(gold: Row, said: Row) -> dict[str, Counts]:
    """Active conditions by ICD-10-CM category, active drugs by ingredient."""
    given = {c["code"][:3] for c in said["conditions"] if c["status"] == "active"}
    wrong = [code for code in given if not expected(gold, code)]
    hits = [bool(given & set(c["icd10_3"])) for c in gold["conditions"] if c["required"]]
    taken = {i for m in said["medications"] if m["status"] == "active" for i in m["ingredients"]}
    known = [names(m) for m in gold["medications"]]
    strange = [i for i in taken if not any(alike(i, want) for want in known)]
    drugs = [any(alike(i, names(m)) for i in taken) for m in gold["medications"] if m["required"]]
    return {
        "active conditions": Counts(sum(hits), len(wrong), len(hits) - sum(hits)),
        "active drugs": Counts(sum(drugs), len(strange), len(drugs) - sum(drugs)),
    }


def expected(gold: Row, code: str) -> bool:
    """Whether a code is right, or nothing that the gold decides."""
    if any(code in c["icd10_3"] for c in gold["conditions"]):
        return True
    return code[0] in _STATED and not any(code in t["icd10_3"] for t in traps(gold, "Condition"))


def traps(gold: Row, label: str) -> Iterator[Row]:
    """What the note names and the patient doesn't have or take, where the code tells it apart."""
    return (t for t in gold["traps"] if t["label"] == label and t["code_level"])


def names(drug: Row) -> set[str]:
    """The names of a gold drug's ingredients in lower case."""
    return {name.lower() for part in drug["ingredients"] for name in part}


def alike(one: str, known: set[str]) -> bool:
    """The same ingredient, whichever of both names its salt."""
    return any(one == k or one.startswith(f"{k} ") or k.startswith(f"{one} ") for k in known)


MEASURES: dict[str, Callable[[Row, Row], dict[str, Counts]]] = {
    "docs": docs,
    "meds": spans,
    "ner": spans,
    "assertion": assertion,
    "sections": sections,
    "deid": deid,
    "codes": codes,
}
