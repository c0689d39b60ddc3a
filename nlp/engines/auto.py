"""Engine "auto": the rules' mentions, of which the tagger confirms the conditions.

What the dictionary has for a disease may be an ordinary word where it stands; the tagger reads the
words around it. Factors of health status and external causes (chapters V to Z) it never learnt.
"""

from __future__ import annotations

from pathlib import Path

from nlp import engines
from nlp.types import Candidate, Document, Engine, EngineError, Naming
from terminology.service import Terminology

_UNLEARNT = ("V", "W", "X", "Y", "Z")


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
        """Candidates of the rules in order of their place, without conditions of one alone."""
        seen = [c.span for c in self._tagger.extract(document)]
        return [
            c
            for c in self._rules.extract(document)
            if c.kind == "medication"
            or c.code.startswith(_UNLEARNT)
            or any(c.span.start < span.end and span.start < c.span.end for span in seen)
        ]


def load(terminology: Terminology, model: str | Path | None = None) -> Engine:
    """Both engines over one terminology; `model` as the tagger takes it."""
    return Auto(
        engines.load("rules", terminology=terminology),
        engines.load("tagger", terminology=terminology, model=model),
    )
