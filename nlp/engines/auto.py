"""Engine "auto": mentions of rules and tagger, of which those stay that are likely right.

How likely that is, by kind and by what either engine says, was counted on the project's own notes
(`nlp.training.arbitration`). Factors of health status and external causes (chapters V to Z) and
what only its place in a list shows the tagger never learnt: the rules decide.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from nlp import engines
from nlp.places import Places
from nlp.types import Candidate, Document, Engine, EngineError, Kind, Naming, Span
from terminology.service import Terminology

_UNLEARNT = ("V", "W", "X", "Y", "Z")
_SURE = 0.9  # score of the tagger from which on it counts as sure
_LIKELY = 0.5


class Case(NamedTuple):
    """What is known of a mention before it is decided."""

    kind: Kind
    rules: bool  # whether they have it
    tagger: str  # "", "unsure" or "sure" of it


# How many mentions of each case are right, of how many.
COUNTED: dict[Case, tuple[int, int]] = {
    Case("condition", False, "sure"): (11, 66),
    Case("condition", False, "unsure"): (5, 46),
    Case("condition", True, ""): (10, 12),
    Case("condition", True, "sure"): (415, 449),
    Case("condition", True, "unsure"): (46, 53),
    Case("medication", False, "sure"): (3, 19),
    Case("medication", False, "unsure"): (2, 20),
    Case("medication", True, ""): (5, 7),
    Case("medication", True, "sure"): (282, 291),
    Case("medication", True, "unsure"): (20, 20),
}


def chance(case: Case) -> float:
    """How likely a mention is right (Laplace's rule of succession)."""
    right, every = COUNTED.get(case, (0, 0))
    return (right + 1) / (every + 2)


def cases(
    rules: Sequence[Candidate], tagger: Sequence[Candidate]
) -> Iterator[tuple[Candidate, Case | None]]:
    """The mentions of both engines; where both have one, that of the rules. None is undecided."""
    ends = [c.span.end for c in tagger]
    for found in rules:
        if not found.method or found.code.startswith(_UNLEARNT):
            yield found, None
            continue
        yield found, Case(found.kind, True, _certainty(_best(tagger, ends, found.span)))
    known = Places(sorted((c.span.start, c.span.end) for c in rules))
    for alone in tagger:
        if not known.touch(alone.span.start, alone.span.end):
            yield alone, Case(alone.kind, False, _certainty(alone.score))


def _best(tagger: Sequence[Candidate], ends: list[int], here: Span) -> float:
    """The highest score of its mentions, which stand in order and apart, that touch a span."""
    score = 0.0
    for at in range(bisect_right(ends, here.start), len(tagger)):
        if tagger[at].span.start >= here.end:
            break
        score = max(score, tagger[at].score)
    return score


def _certainty(score: float) -> str:
    return "sure" if score >= _SURE else "unsure" if score else ""


class Auto:
    """Two engines as one; as thread-safe as they are."""

    name = "auto"

    def __init__(self, rules: Engine, tagger: Engine) -> None:
        """Raises EngineError where the tagger can't read scientific text."""
        if not isinstance(tagger, Naming):
            raise EngineError("the engine auto needs a tagger that names conditions")
        self.model = tagger.model
        self._rules, self._tagger, self.named = rules, tagger, tagger.named

    def extract(self, document: Document) -> list[Candidate]:
        """Candidates in order of their place, those that are likely right."""
        both = cases(self._rules.extract(document), self._tagger.extract(document))
        kept = [c for c, case in both if case is None or chance(case) >= _LIKELY]
        return sorted(kept, key=lambda c: (c.span.start, -c.span.end))


def load(terminology: Terminology, model: str | Path | None = None) -> Engine:
    """Both engines over one terminology; `model` as the tagger takes it."""
    return Auto(
        engines.load("rules", terminology=terminology),
        engines.load("tagger", terminology=terminology, model=model),
    )
