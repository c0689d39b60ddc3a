"""What an engine can do, and how it fails."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from nlp.types.document import Document
from nlp.types.finding import Candidate, Fault


class Engine(Protocol):
    """Finds candidates in a document. Thread-safe."""

    name: str
    model: str

    def extract(self, document: Document) -> list[Candidate]:
        """Candidates in order of their place; raises EngineError."""
        ...


@runtime_checkable
class Correcting(Protocol):
    """An engine that can be told what was wrong and asked again (targeted re-prompt)."""

    def correct(self, document: Document, faults: list[Fault]) -> list[Candidate]:
        """Replacements for the faulty candidates only."""
        ...


@runtime_checkable
class Naming(Protocol):
    """An engine that can also read scientific text, for the names in it alone."""

    def named(self, document: Document) -> list[Candidate]:
        """Every condition and chemical named, in order, whatever the text claims of it."""
        ...


class EngineError(Exception):
    """An engine can't run; the message tells the user what to do and holds no document text."""


class UnknownEngine(EngineError):
    """No engine has that name."""


class ModelMissing(EngineError):
    """The engine needs a model folder that the settings don't name or that can't be read."""
