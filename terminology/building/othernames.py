"""The names of drugs that the dictionary of an index lacks: new drugs, clipped names, classes.

Three sources, best first: names read out of clinical drugs ("0.5 ML tirzepatide … [Mounjaro]"), a
table of brands and classes with their ingredients, and names as notes clip them ("chlorthal").
"""

from __future__ import annotations

import re
from collections import defaultdict

from terminology.coding.drugs.brands import brands
from terminology.coding.drugs.othernames import OtherName, arrays_of
from terminology.dictionary import Dictionary
from terminology.facts import DATA, rows
from terminology.index import Array, Index
from terminology.types import RXNORM

# Classes: nobody takes one, but many are allergic to one.
CLASSES: dict[str, tuple[str, ...]] = {
    "sulfa": ("sulfonamide antibiotic",), "sulfa drugs": ("sulfonamide antibiotic",),
    "sulfas": ("sulfonamide antibiotic",), "sulfonamides": ("sulfonamide antibiotic",),
    "sulfa antibiotics": ("sulfonamide antibiotic",), "cephalosporins": ("cephalosporin",),
    "cephalosporin": ("cephalosporin",), "nsaids": ("nonsteroidal anti-inflammatory drug",),
    "nsaid": ("nonsteroidal anti-inflammatory drug",), "statins": ("statin",),
    "statin": ("statin",), "quinolones": ("fluoroquinolone",), "quinolone": ("fluoroquinolone",),
    "fluoroquinolones": ("fluoroquinolone",), "macrolides": ("macrolide",),
    "tetracyclines": ("tetracycline",), "opioids": ("opioid",), "opiates": ("opioid",),
    "ace inhibitors": ("ACE inhibitor",), "ace inhibitor": ("ACE inhibitor",),
    "beta blockers": ("beta blocker",), "iv contrast": ("contrast media",),
    "contrast dye": ("contrast media",), "iodinated contrast": ("contrast media",),
    "iv dye": ("contrast media",), "latex": ("latex",), "shellfish": ("shellfish",),
    "peanuts": ("peanut",), "bees": ("bee venom",),
}  # fmt: skip
_PRODUCT = re.compile(
    r"(?:(?:(?P<volume>[\d.]+) ML|[\d.]+ (?:HR|ACTUAT)) )?(?P<name>[A-Za-z][A-Za-z -]{3,60}?)"
    r"(?:-[a-z]{4})? (?P<amount>[\d.]+) (?P<unit>MG|MCG|UNT|MEQ|G|ML|%)[^\[/]*"
    r"(?:/(?:ML|ACTUAT|HR)[^\[/]*)?(?:\[(?P<brand>[^\]]+)\])?"
)
_VARIANT = re.compile(
    r"(?:once-daily|abuse-deterrent|sensor|sprinkle|pmdd|micronized|modified|the|dhs|correct)\b"
)
_APART = " qzx "  # a word between names that no phrase of a dictionary runs over


def othernames_of(index: Index) -> dict[str, Array]:
    """The arrays of the names that the index's own dictionary doesn't find whole."""
    dictionary = Dictionary(index)
    found, products = _of_products(index)
    found |= brands() | CLASSES
    clipped = _clipped()
    whole = _known(dictionary, sorted(set(clipped.values())))
    short = {clip: whole[name] for clip, name in clipped.items() if name in whole}
    found = {**{clip: (clipped[clip],) for clip in short}, **found}
    known = _known(dictionary, list(found))
    return arrays_of(
        {
            name: OtherName(
                ingredients, name in CLASSES, tuple(products.get(name, ())), short.get(name, "")
            )
            for name, ingredients in found.items()
            if name not in known
        }
    )


def _of_products(
    index: Index,
) -> tuple[dict[str, tuple[str, ...]], dict[str, list[tuple[float, str]]]]:
    """The names in clinical drugs: name → ingredients, name → (amount of one unit, code)."""
    found: dict[str, tuple[str, ...]] = {}
    products: dict[str, list[tuple[float, str]]] = defaultdict(list)
    row = next(row for row in index.rows if row.url == RXNORM)
    for concept in range(row.first, row.last):
        product = _PRODUCT.fullmatch(index.displays[concept])
        if product is None or _VARIANT.match(product["name"].lower()):
            continue
        name, brand = product["name"].lower(), (product["brand"] or "").lower()
        amount = float(product["amount"]) * float(product["volume"] or 1)
        for key in {brand or name, name}:
            found[key] = (name,)
        products[brand or name].append((amount, index.codes[concept]))
    return found, products


def _clipped() -> dict[str, str]:
    """Every way in which notes clip a name → the ingredient: "metf", "metfo", "metfor" …"""
    return {
        name[:length]: name
        for name, shortest in rows(DATA / "clipped.tsv", ["name", "shortest"])
        for length in range(len(shortest), len(name))
    }


def _known(dictionary: Dictionary, names: list[str]) -> dict[str, str]:
    """Those of the names that the dictionary finds whole, with their codes."""
    places = {
        (hit.start, hit.end): code
        for hit in dictionary.hits(_APART.join(names))
        if (code := next((t.code for t in hit.terms if t.system == RXNORM and t.code), ""))
    }
    out, at = {}, 0
    for name in names:
        if (at, at + len(name)) in places:
            out[name] = places[at, at + len(name)]
        at += len(name) + len(_APART)
    return out
