"""The phrases that decide an assertion: the table nlp/data/assertion_cues.tsv."""

from __future__ import annotations

from typing import cast

from nlp.cues.kinds import Category, CueKind, Reach, Side
from nlp.tables import rows


def _read() -> dict[CueKind, tuple[str, ...]]:
    found: dict[CueKind, list[str]] = {}
    for category, side, reach, phrase in rows("assertion_cues.tsv"):
        kind = CueKind(cast(Category, category), cast(Side, side), cast(Reach, reach))
        found.setdefault(kind, []).append(phrase)
    return {kind: tuple(phrases) for kind, phrases in found.items()}


CUES = _read()  # by their kinds, in the order in which they are tried

__all__ = ["CUES", "Category", "CueKind"]
