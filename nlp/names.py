"""Drugs that the loaded terminology names nowhere, or only in its products: new ones, classes.

Three sources, best first: names read out of clinical drugs ("0.5 ML tirzepatide … [Mounjaro]"), a
table of brands and classes with their ingredients, and the stems of nonproprietary names that WHO
publishes ("The use of stems in the selection of International Nonproprietary Names").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from kernels.gazetteer import Gazetteer
from kernels.text import tokenize
from terminology.service import Terminology
from terminology.types import RXNORM


def _table() -> dict[str, tuple[str, ...]]:
    """Name, in lower case → ingredients: for what a fragment of RxNorm lacks or RxNorm dropped."""
    lines = files("nlp").joinpath("data", "brands.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {name: tuple(ingredients.split("; ")) for name, ingredients in rows}


TABLE = _table()
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
# Long enough that few other words end so; "mab" stands in names of five letters more at least.
_STEM = re.compile(
    r"\b(?!cystatin|somatostatin|prostatin|cocaine|interval|reservoir)[A-Za-z]{4,}(?:[lutx]?i[zx]?u?mab"
    r"|tinib|ciclib|rafenib|metinib|parib|gliptin|gliflozin|glutide|sartan|vastatin|floxacin"
    r"|cillin|cycline|conazole|prazole|triptan|setron|gepant|orexant|xaban|gatran|coxib|dipine"
    r"|oprazole|tegravir|asvir|buvir|previr|vudine|ciclovir|barbital|kinra|cilostat|lukast"
    r"|dronate|semide|azosin|lisib|degib|toclax|zomib|limus)\b"
)
_LONG = re.compile(r"\b[A-Za-z]{8,}\b")  # the shortest stem has four letters, and four stand before
_PRODUCT = re.compile(
    r"(?:(?:(?P<volume>[\d.]+) ML|[\d.]+ (?:HR|ACTUAT)) )?(?P<name>[A-Za-z][A-Za-z -]{3,60}?)"
    r"(?:-[a-z]{4})? (?P<amount>[\d.]+) (?P<unit>MG|MCG|UNT|MEQ|G|ML|%)[^\[/]*"
    r"(?:/(?:ML|ACTUAT|HR)[^\[/]*)?(?:\[(?P<brand>[^\]]+)\])?"
)
_VARIANT = re.compile(
    r"(?:once-daily|abuse-deterrent|sensor|sprinkle|pmdd|micronized|modified|the|dhs|correct)\b"
)
_APART = " qzx "  # a word between names that no phrase of a dictionary runs over


@dataclass(frozen=True, slots=True)
class Named:
    """A drug in a text, half-open range of code points; `by_class` where a class is meant."""

    start: int
    end: int
    ingredients: tuple[str, ...]
    by_class: bool = False
    products: tuple[tuple[float, str], ...] = ()  # amount of one unit or vial, code


class Names:
    """Finds drugs that the terminology's own dictionary lacks. Immutable, thread-safe."""

    __slots__ = ("_gazetteer", "_ingredients", "_names", "_products")

    def __init__(self, terminology: Terminology) -> None:
        """Reads the names out of the products once: some 50 ms for the fragment that ships."""
        found: dict[str, tuple[str, ...]] = {}
        products: dict[str, list[tuple[float, str]]] = {}
        for code in terminology.codes(RXNORM):
            product = _PRODUCT.fullmatch(terminology.display(RXNORM, code))
            if product is None or _VARIANT.match(product["name"].lower()):
                continue
            name, brand = product["name"].lower(), (product["brand"] or "").lower()
            amount = float(product["amount"]) * float(product["volume"] or 1)
            for key in {brand or name, name}:
                found[key] = (name,)
            products.setdefault(brand or name, []).append((amount, code))
        found.update({**TABLE, **CLASSES})
        known = _known(terminology, list(found))
        self._names = [name for name in found if name not in known]
        self._ingredients = [found[name] for name in self._names]
        self._products = [tuple(products.get(name, ())) for name in self._names]
        self._gazetteer = Gazetteer.build(self._names)

    def find(self, text: str) -> Iterator[Named]:
        """The drugs of a text by their names, then by the stems of their names."""
        tokens = tokenize(text)
        for first, last, phrase in self._gazetteer.match(tokens).tolist():
            start, end = int(tokens.starts[first]), int(tokens.ends[last - 1])
            by_class = self._names[phrase] in CLASSES
            yield Named(start, end, self._ingredients[phrase], by_class, self._products[phrase])
        for word in _LONG.finditer(text):
            if _has_stem(word[0]):
                yield Named(word.start(), word.end(), (word[0].lower(),))


@lru_cache(maxsize=1 << 14)
def _has_stem(word: str) -> bool:
    """Whether a word ends as the name of a drug; notes use the same words again and again."""
    return _STEM.fullmatch(word) is not None


def _known(terminology: Terminology, names: list[str]) -> set[str]:
    """Those of the names that the terminology's dictionary finds whole."""
    places = {
        (hit.start, hit.end)
        for hit in terminology.hits(_APART.join(names))
        if any(term.system == RXNORM and term.code for term in hit.terms)
    }
    out, at = set(), 0
    for name in names:
        if (at, at + len(name)) in places:
            out.add(name)
        at += len(name) + len(_APART)
    return out
