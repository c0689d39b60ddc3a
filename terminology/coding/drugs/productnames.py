"""Reads RxNorm's names of products: the parts, their salts, the brand.

RxNorm's grammar: techdoc section 5, "24 HR metoprolol succinate 50 MG Extended Release Oral Tablet
[Toprol]". What a release has products of, but no concept for, is found here by its name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kernels.text import words
from terminology.entry import Entry, Name
from terminology.types import TermKind

MADE = ("SCD", "SBD")
_BRAND = re.compile(r"\s*\[([^\[\]]+)\]$")
QUALITY = re.compile(
    r"(?:[\d.]+ (?:HR|ML) )?(?:Modified|Osmotic|Once-Daily|Sensor|\d-Bead|[\d.]+ UNT Doses) "
)
_BEFORE = re.compile(
    r"^(?:NDA\d+ |Abuse-Deterrent |Modified |Osmotic |Once-Daily |Sensor |Evening Dosing |\d-Bead "
    r"|\d+/\d+ Release "
    r"|[\d.]+ (?:ML|HR|ACTUAT|MG|GM|SQCM|UNT|DOSES?) )+"
)
_NAME = re.compile(r"(?!(?:dose|vitamin)s?$)[a-z]")  # "0.25 mg, 0.5 mg dose" names no substance
_AMOUNT = re.compile(
    r"\s[\d.,]+ ?(?:(?:MG|MCG|GM|ML|UNT|MEQ|MMOL|MCI|CELLS|PNU|VECTOR|AMB|BAU)\b|%)"
)
_BIOSIMILAR = re.compile(r"-[a-z]{4}$")  # infliximab-dyyb is an infliximab
_SALTS = """
hcl=hydrochloride hbr=hydrobromide na=sodium succ=succinate tart=tartrate
sulph=sulfate sulphate=sulfate sulf=sulfate mesilate=mesylate besilate=besylate potass=potassium
mono=monohydrate pot=potassium sod=sodium bitart=bitartrate phos=phosphate acet=acetate
fum=fumarate cyp=cypionate propaned=propanediol enan=enanthate enanth=enanthate
tosilate=tosylate edisilate=edisylate trometamol=tromethamine
"""
_SAME = dict(pair.split("=") for pair in _SALTS.split())
SHORT_SALTS = frozenset(_SAME)
_KNOWN = """
hydrochloride hydrobromide sodium potassium calcium magnesium succinate tartrate sulfate phosphate
acetate citrate maleate mesylate besylate fumarate gluconate lactate bitartrate dihydrate
monohydrate anhydrous tosylate dimesylate malate pamoate mononitrate acetonide valerate
dipropionate propionate furoate cypionate enanthate disodium trihydrate hyclate nitrate
cilexetil medoxomil axetil proxetil pivoxil etexilate dihydrochloride tromethamine tannate
aspartate saccharate iodide bromide diacetate benzathine polistirex butyrate mandelate hippurate
napsylate lactobionate estolate isethionate erbumine stearate hexacetonide benzoate bisulfate
besilate gluceptate orotate pivalate caproate epolamine probutate mucate propanediol dipivoxil
monophosphate edisylate esylate xinafoate oxalate meglumine camsylate hemihydrate fosamil
etabonate mofetil carbonate olamine ethanolate hemifumarate difumarate dimaleate trifenatate
kamedoxomil ditosylate pidolate diaspartate undecanoate disoproxil methylsulfate hexahydrate
heptahydrate pentahydrate monohydrochloride hydroiodide hemisulfate tebutate phenpropionate
"""
# ingredients of which RxNorm has another by the name that people say
ALIASES = {
    "pyridoxine": "vitamin b6",
    "alpha tocopherol": "vitamin e",
    "cholecalciferol": "vitamin d",
    "ergocalciferol": "vitamin d",
}
# of these the salt is what matters: no dose of one salt is that of another
_ELEMENTS = "potassium sodium calcium magnesium zinc iron aluminum copper ammonium"
ELEMENTS = frozenset(_ELEMENTS.split())
KNOWN = frozenset(_KNOWN.split())
SPECIES = frozenset(("human", "porcine", "bovine", "ovine", "equine"))


def is_salt(word: str) -> bool:
    """Whether a lower-case word is that of a salt, or short for one."""
    return _SAME.get(word, word) in KNOWN


def salt_words(text: str) -> frozenset[str]:
    """The words of a name or a text, salts spelled out: "HCl" is "hydrochloride"."""
    return frozenset(_SAME.get(word, word) for word in words(text) if not word.isdigit())


def parts(name: str) -> list[str]:
    """The substances of a product as its name writes them, without amounts; empty for a pack."""
    if name.startswith("{"):
        return []
    plain = _BEFORE.sub("", _BRAND.sub("", name))
    found = [_AMOUNT.split(part, maxsplit=1) for part in plain.split(" / ")]
    if any(len(part) != 2 for part in found):
        return []
    return [_BEFORE.sub("", part[0]).strip() for part in found]


def brand(name: str) -> str:
    """The brand that a product's name ends with, or nothing."""
    found = _BRAND.search(name)
    return found[1] if found and not name.startswith("{") else ""


@dataclass(frozen=True, slots=True)
class Missing:
    """What products name without a concept for it: `names`, and by the place of each product.

    `known` has the codes of the ingredients that only a product's name tells.
    """

    names: dict[str, int] = field(default_factory=dict)
    known: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    parts: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    brand: dict[int, int] = field(default_factory=dict)

    def number(self, name: str) -> int:
        """The number of a missing name, a new one where it was not met before."""
        return self.names.setdefault(name, len(self.names))


def missing(entries: Sequence[Entry]) -> Missing:
    """The ingredients and brands that the entries' products have and that are no entries."""
    display = {entry.code: entry.display.lower() for entry in entries}
    named = {
        name.text.lower()
        for entry in entries
        if entry.tty in ("IN", "PIN", "MIN", "BN")
        for name in (*entry.names, Name(entry.display, TermKind.INGREDIENT))
    }
    ingredients = {entry.display.lower(): entry.code for entry in entries if entry.tty == "IN"}
    found = Missing()
    for place, entry in enumerate(entries):
        if entry.tty not in MADE or entry.drug is None:
            continue
        has = [display[code] for code in entry.drug.ingredients if code in display]
        own = parts(entry.display)
        lost = [part for part in own if not _covered(part.lower(), has)]
        if len(lost) <= len(own) - len(has):
            for part in lost:
                base = _base(part)
                kin = _BIOSIMILAR.sub("", base)
                code = next(
                    (
                        ingredients[each]
                        for each in (part.lower(), base, kin)
                        if each in ingredients
                    ),
                    "",
                )
                if code:
                    found.known[place].append(code)
                elif _NAME.match(base) and base not in named:
                    found.parts[place].append(found.number(base))
        trade = brand(entry.display)
        if trade and not entry.drug.brand and trade.lower() not in named:
            found.brand[place] = found.number(trade.lower())
    return found


def _covered(part: str, ingredients: Iterable[str]) -> bool:
    said = frozenset(words(part))
    return any(said & frozenset(words(name)) for name in ingredients)


def _base(part: str) -> str:
    """The name without the salt: "lurasidone hydrochloride" is of lurasidone."""
    left = part.lower().split()
    while len(left) > 1 and left[-1] in KNOWN:
        left.pop()
    return " ".join(left)


def missing_names(entries: Sequence[Entry]) -> Iterator[tuple[int, Name]]:
    """(place, name): the least specific products there are stand for a name that has no concept."""
    found = missing(entries)
    texts = list(found.names)
    by_name: dict[int, dict[tuple[bool, bool], list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, numbers in found.parts.items():
        several = len(parts(entries[place].display)) > 1
        for number in numbers:
            by_name[number][several, entries[place].tty == "SBD"].append(place)
    for number, groups in by_name.items():
        for place in groups[min(groups)]:
            yield place, Name(texts[number], TermKind.INGREDIENT)
    for place, number in found.brand.items():
        yield place, Name(texts[number], TermKind.BRAND)
