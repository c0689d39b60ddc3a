"""Drugs that the loaded terminology names nowhere, or only in its products: new ones, classes.

Four sources, best first: names read out of clinical drugs ("0.5 ML tirzepatide … [Mounjaro]"), a
table of brands and classes with their ingredients, names as notes clip them ("chlorthal"), and the
stems of nonproprietary names that WHO publishes ("The use of stems in the selection of
International Nonproprietary Names").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from kernels.gazetteer import Gazetteer
from kernels.text import tokenize
from nlp.tables import rows
from terminology.service import Terminology
from terminology.types import RXNORM

# Name, in lower case → ingredients: for what a fragment of RxNorm lacks or RxNorm dropped.
TABLE = {name: tuple(value.split("; ")) for name, value in rows("brands.tsv")}
# Every way in which notes clip a name → the ingredient: "metf", "metfo", "metfor" …
CLIPPED = {
    name[:length]: name
    for name, shortest in rows("clipped.tsv")
    for length in range(len(shortest), len(name))
}
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
    r"\b(?!cystatin|somatostatin|prostatin|cocaine|interval|reservoir)[A-Za-z]{4,}(?:mab|dopa"
    r"|tinib|ciclib|rafenib|metinib|parib|gliptin|gliflozin|glutide|sartan|vastatin|floxacin"
    r"|cillin|cycline|conazole|prazole|triptan|setron|gepant|orexant|xaban|gatran|coxib|dipine"
    r"|oprazole|tegravir|asvir|buvir|previr|vudine|ciclovir|barbital|kinra|cilostat|lukast"
    r"|dronate|semide|azosin|lisib|degib|toclax|zomib|limus)\b"
)
_LONG = 8  # letters: the shortest stem has four, and four stand before
_PRODUCT = re.compile(
    r"(?:(?:(?P<volume>[\d.]+) ML|[\d.]+ (?:HR|ACTUAT)) )?(?P<name>[A-Za-z][A-Za-z -]{3,60}?)"
    r"(?:-[a-z]{4})? (?P<amount>[\d.]+) (?P<unit>MG|MCG|UNT|MEQ|G|ML|%)[^\[/]*"
    r"(?:/(?:ML|ACTUAT|HR)[^\[/]*)?(?:\[(?P<brand>[^\]]+)\])?"
)
_VARIANT = re.compile(
    r"(?:once-daily|abuse-deterrent|sensor|sprinkle|pmdd|micronized|modified|the|dhs|correct)\b"
)
_APART = " qzx "  # a word between names that no phrase of a dictionary runs over


class Named(Struct, frozen=True, gc=False):
    """A drug in a text, half-open range of code points; `by_class` where a class is meant."""

    start: int
    end: int
    ingredients: tuple[str, ...]
    by_class: bool = False
    products: tuple[tuple[float, str], ...] = ()  # amount of one unit or vial, code
    clipped: str = ""  # the code of the ingredient whose name is cut short


class Names:
    """Finds drugs that the terminology's own dictionary lacks. Immutable, thread-safe."""

    __slots__ = ("_codes", "_gazetteer", "_ingredients", "_names", "_products")

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
        whole = _known(terminology, sorted(set(CLIPPED.values())))
        short = {clip: (name,) for clip, name in CLIPPED.items() if name in whole}
        found = {**short, **found}
        known = _known(terminology, list(found))
        self._names = [name for name in found if name not in known]
        self._codes = {clip: whole[name] for clip, (name,) in short.items()}
        self._ingredients = [found[name] for name in self._names]
        self._products = [tuple(products.get(name, ())) for name in self._names]
        self._gazetteer = Gazetteer.build(self._names)

    def find(self, text: str) -> Iterator[Named]:
        """The drugs of a text by their names, then by the stems of their names."""
        tokens = tokenize(text)
        for first, last, phrase in self._gazetteer.match(tokens).tolist():
            start, end = int(tokens.starts[first]), int(tokens.ends[last - 1])
            name = self._names[phrase]
            yield Named(
                start,
                end,
                self._ingredients[phrase],
                name in CLASSES,
                self._products[phrase],
                self._codes.get(name, ""),
            )
        long = tokens.ends - tokens.starts >= _LONG
        for start, end in zip(
            tokens.starts[long].tolist(), tokens.ends[long].tolist(), strict=True
        ):
            if _has_stem(text[start:end]):
                yield Named(start, end, (text[start:end].lower(),))


@lru_cache(maxsize=1 << 14)
def _has_stem(word: str) -> bool:
    """Whether a word ends as the name of a drug; notes use the same words again and again."""
    return _STEM.fullmatch(word) is not None


def _known(terminology: Terminology, names: list[str]) -> dict[str, str]:
    """Those of the names that the terminology's dictionary finds whole, with their codes."""
    places = {
        (hit.start, hit.end): code
        for hit in terminology.hits(_APART.join(names))
        if (code := next((t.code for t in hit.terms if t.system == RXNORM and t.code), ""))
    }
    out, at = {}, 0
    for name in names:
        if (at, at + len(name)) in places:
            out[name] = places[at, at + len(name)]
        at += len(name) + len(_APART)
    return out
