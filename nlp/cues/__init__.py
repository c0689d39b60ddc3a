"""The phrases that decide an assertion, as literal tables (after NegEx 2001 and ConText 2009)."""

from __future__ import annotations

from nlp.cues.limits import LIMITS
from nlp.cues.negation import NEGATION
from nlp.cues.row import Category, Cues
from nlp.cues.time import TIME

CUES = (*NEGATION, *TIME, *LIMITS)

__all__ = ["CUES", "Category", "Cues"]
