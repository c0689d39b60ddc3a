"""Injuries whose part of the body a side stands before: "fractured left hip", "a tear of the right
medial meniscus". No dictionary has them, for the side stands within the name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.places import Place
from nlp.tables import compiled

_SIDE = re.compile(
    r"\b(?:right|left)(?P<part>"
    r"(?:[ \n](?!(?:in|on|at|after|during|from|last|while|when|with|and)\b)[a-z]+){1,3})"
)
_INJURY = compiled(r"\b(?:<injury>)\s(?:(?:of|to|in|on)\s)?(?:(?:the|his|her|my|your|a)\s)?$")
_NEAR = 40  # code points before a side in which the injury stands
_WORD = re.compile(r"[a-z]+")


def find(low: str) -> Iterator[list[Place]]:
    """For each injury of a sided part in a text in lower case the places that may name it, the
    longest first."""
    for side in _SIDE.finditer(low):
        injury = _INJURY.search(low, max(0, side.start() - _NEAR), side.start())
        if injury:
            words = _WORD.finditer(low, *side.span("part"))
            yield [(injury.start(), word.end()) for word in words][::-1]
