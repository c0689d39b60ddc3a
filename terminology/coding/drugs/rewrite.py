"""Other ways to write the name of a drug, and what packs and extracts for allergy are called."""

from __future__ import annotations

import re
from collections.abc import Iterator

from terminology.coding.drugs.allergens import allergens
from terminology.coding.drugs.packs import pack_names
from terminology.coding.drugs.products import PACKS
from terminology.entry import Entry, Name
from terminology.types import TermKind

_APART = re.compile(r"\b([A-Za-z]) (\d+)\b(?! ?(?:MG|MCG|ML|UNT|%))")  # vitamin B 12
_PROTAMINE = re.compile(r"insulin (\w+) protamine, human", re.I)
_VACCINE = re.compile(r"(?:virus |toxoid )?vaccines?(?:,? (?:inactivated|live))?$", re.I)
_ANEW = re.compile(r" Reformulated [A-Z][a-z]{2} \d{4}$")
_LONGEST = 40  # characters: a longer name is that of a product
# how names are spelled outside the United States, mostly in the international way
_ABROAD = tuple(
    (re.compile(ours), theirs)
    for ours, theirs in (
        ("sulf", "sulph"),
        ("(?<![go])estr(?=[aio])", "oestr"),
        ("aluminum", "aluminium"),
        ("amphetamine", "amfetamine"),
        (r"\bceph", "cef"),
        ("barbital", "barbitone"),
        ("tropin(?!e)", "trophin"),
        ("sylate", "silate"),
        ("tromethamine", "trometamol"),
        (r"^([\w ]+) (sodium|potassium|calcium)$", r"\2 \1"),
    )
)


def ways(entry: Entry, name: Name) -> Iterator[Name]:
    """A name of a concept, then other ways to write it.

    What packs are called are brands: "Yasmin 28 Day Pack".
    """
    pack = entry.tty in PACKS
    kind = TermKind.BRAND if pack and "{" not in name.text else name.kind
    for text in (name.text, *drug(name.text), *allergens().get(name.text.lower(), ())):
        yield Name(text, kind)
    for text in pack_names(name.text) if pack else ():
        yield Name(text, TermKind.BRAND)


def drug(name: str) -> Iterator[str]:
    """Other ways to write a drug, which is not read by its parts."""
    if len(name) <= _LONGEST:
        lower = name.lower()
        yield from (ours.sub(theirs, lower) for ours, theirs in _ABROAD if ours.search(lower))
    if (known := _ANEW.sub("", name)) != name:
        yield known
    if len(name) <= _LONGEST and (joined := _APART.sub(r"\1\2", name)) != name:
        yield joined
    if insulin := _PROTAMINE.fullmatch(name):
        yield f"insulin, protamine {insulin[1]}, human"
    if (plain := _VACCINE.sub("vaccine", name)) != name and "," not in plain:
        yield plain
    parts = name.split(" / ")
    if 1 < len(parts) <= 3 and not any(character.isdigit() for character in name):
        for order in (parts, parts[::-1]):
            yield from ("-".join(order), " and ".join(order), " with ".join(order))
            yield "/".join(order)
            yield " ".join(order)
