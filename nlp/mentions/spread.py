"""Where a cancer is said to have spread: "metastatic pancreatic cancer to liver and lungs"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.places import Place

_SITE = (
    r"(?:liver|lungs?|brain|bones?|spine|adrenals?|adrenal glands?|peritoneum|omentum|pleura|skin"
    r"|lymph nodes?)"
)
_SPREAD = re.compile(
    r"\bmetasta(?:tic|sized)\b[^.;:\n]{0,50}?\sto\s"
    rf"(?P<sites>(?:(?:the|his|her)\s)?{_SITE}(?:(?:,|,?\sand|\s?/)\s?(?:the\s)?{_SITE})*)\b"
)
_ONE = re.compile(_SITE)


def find(low: str) -> Iterator[Place]:
    """The places of the sites that a text in lower case names."""
    if "metasta" in low:
        for spread in _SPREAD.finditer(low):
            yield from (site.span() for site in _ONE.finditer(low, *spread.span("sites")))
