"""What numbs, told in percent alone: up to a few it is injected, above it is smeared."""

from __future__ import annotations

import re
from collections.abc import Iterable

from terminology.coding.drugs.forms import POURED, SHAPES, WAYS
from terminology.coding.drugs.units import NUMBER, value_of

_STEM = re.compile(r"\w{3,}caine\b")  # the stem of local anaesthetics (WHO)
_PERCENT = re.compile(rf"({NUMBER}) ?(?:%|percent\b)")
_INJECTED = 3  # percent: creams of lidocaine have 4 and 5


def poured(substances: Iterable[str], plain: str, forms: int) -> int:
    """POURED where a normalised text tells only such a drug and its percent, else 0.

    `substances` in lower case, of which there is one; `forms`: bits of FORMS, what the text tells.
    """
    share = _PERCENT.search(plain)
    if not share or forms & (SHAPES | WAYS) or value_of(share[1]) > _INJECTED:
        return 0
    alone = [*{*substances}]
    return POURED if len(alone) == 1 and _STEM.search(alone[0]) else 0
