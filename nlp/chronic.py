"""Which conditions of a note stay, by their codes or by what it says of them."""

from __future__ import annotations

import re

from terminology.chronic import lasts

_SPREAD = re.compile(r"metasta|\bstage\s(?:iv|4)\b|inoperable|unresectable|end[\s-]stage", re.I)


def chronic(code: str, phrase: str = "") -> bool:
    """Whether a condition with this code, once told of so, is taken to last."""
    return lasts(code) or _SPREAD.search(phrase) is not None
