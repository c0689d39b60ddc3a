"""Extracts for allergy by the scientific names of their species."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from terminology.facts import DATA, rows

_SKIN = (" skin extract", " epithelia extract", " epithelium extract", " dander extract")
_FOOD = (" extract", " allergenic extract", " fruit extract", " seed extract")
# how RxNorm ends the name of an extract: how those go on that tell the species
EXTRACTS = {
    "pollen": ((" pollen extract", (" pollen extract",)),),
    "animal": (
        (" skin extract", _SKIN),
        (" epithelia extract", _SKIN),
        (" hair extract", (" hair extract",)),
        (" feather extract", (" feather extract", " feathers extract")),
        (" allergenic extract", _FOOD[:2]),
    ),
    "matter": ((" allergenic extract", _FOOD), (" extract", _FOOD)),
}


@cache
def allergens() -> dict[str, list[str]]:
    """RxNorm's extracts for allergy, in lower case, each by the scientific names of the species."""
    found: dict[str, list[str]] = defaultdict(list)
    for species, name, kind in rows(DATA / "allergens.tsv", ["species", "name", "kind"]):
        for theirs, ours in EXTRACTS[kind]:
            found[(name + theirs).lower()] += [species + each for each in ours]
    return found
