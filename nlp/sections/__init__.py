"""Sections of a clinical note: titles found by layout, keys by one table and a small grammar."""

from nlp.sections.outline import find
from nlp.sections.titles import LISTS, SECTIONS, fold, key

__all__ = ["LISTS", "SECTIONS", "find", "fold", "key"]
