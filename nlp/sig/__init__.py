"""Sigs: how a drug is taken, part by part, as the text writes it."""

from nlp.sig.amounts import bare_strength
from nlp.sig.element import Element, Part
from nlp.sig.reading import find, name_end

__all__ = ["Element", "Part", "bare_strength", "find", "name_end"]
