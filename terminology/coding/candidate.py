"""What text may mean: a concept, how surely, and which name of it told."""

from __future__ import annotations

from typing import NamedTuple

from terminology.types import Method


class Candidate(NamedTuple):
    """A concept that a text may mean, and the term that told (-1: its own name)."""

    concept: int
    score: float
    method: Method
    term: int
