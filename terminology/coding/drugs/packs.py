"""What packs are called: "Zpak" for Z-PAK, "Chantix starter kit" for its Starting Month PAK."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

_LABEL = re.compile(r"\} Pack \[([^]]+)\]$")
_PACK = re.compile(r"[ -](?P<dose>dose)?[ -]?pa(?:k|ck?)$", re.I)
_BEGUN = re.compile(
    r"(?P<brand>[A-Za-z]+(?: \w+){0,3}?)[ -]+(?:\d.*?|pen.*?|patient )?"
    r"(?:starter|starting|titration|initiation)\b",
    re.I,
)
_BEGINNING = ("starter", "starting", "titration", "initiation")


def pack_names(name: str) -> Iterator[str]:
    """Other ways to say the name of a pack, which may be a label behind what it holds.

    A brand's pack with which it is begun goes by any word for that: "Namenda titration pack".
    """
    label = _LABEL.search(name)
    called = label[1] if label else name
    if begun := _BEGUN.match(called):
        yield called
        for first, pack in product(_BEGINNING, ("pack", "pak", "kit")):
            yield f"{begun['brand']} {first} {pack}"
    elif label:
        yield f"{called} pack"
    elif "{" not in name and (found := _PACK.search(called)):
        head = called[: found.start()] + (" dose" if found["dose"] else "")
        yield from (f"{head}{joint}{pack}" for pack in ("pack", "pak") for joint in (" ", ""))
