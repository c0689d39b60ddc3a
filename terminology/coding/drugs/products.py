"""The structure of drugs as arrays: what each is made of, how strong, in which form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from zlib import crc32

import numpy as np

from kernels.text import words
from terminology.coding.drugs.amounts import numbers_in, totals_of
from terminology.coding.drugs.forms import HOURS, read_forms
from terminology.coding.drugs.productnames import (
    ALIASES,
    ELEMENTS,
    MADE,
    SPECIES,
    is_salt,
    missing,
    parts,
    salt_words,
)
from terminology.coding.drugs.seldom import steps, untold_steps
from terminology.coding.drugs.strength import read_strengths
from terminology.entry import Entry
from terminology.index import Array, pack_rows

PACKS = ("GPCK", "BPCK")
PRODUCTS = ("SCD", "SBD", *PACKS)
NONE = 0  # the key of products without a strength
TTYS = ("", "IN", "PIN", "MIN", "BN", *PRODUCTS)


def arrays_of(entries: Sequence[Entry], first: int) -> dict[str, Array]:
    """The arrays of the drugs; concepts are numbered from `first` on.

    What products name and the release has no concept for is numbered after the last concept.
    """
    numbers = {entry.code: first + place for place, entry in enumerate(entries)}
    display = {entry.code: entry.display for entry in entries}
    brands = {entry.display.lower(): entry.code for entry in entries if entry.tty == "BN"}
    substances = {
        frozenset(words(entry.display)): numbers[entry.code]
        for entry in entries
        if entry.tty == "IN"
    }
    # the name of a class: with no more said none of its products is meant
    insulin = substances.get(frozenset(("insulin",)), -1)
    salted = _salted(entries)
    lost, further = missing(entries), first + len(entries)
    lost_names = list(lost.names)
    made_of: list[list[int]] = []
    products: list[list[int]] = [[] for _ in range(len(entries) + len(lost.names))]
    brand_of: list[int] = []
    strengths: list[list[int]] = []
    bare: list[list[int]] = []
    salts: list[list[int]] = []
    forms: list[int] = []
    for place, entry in enumerate(entries):
        drug = entry.drug
        own = _named_in(entry, substances)
        own = own or [
            numbers[code] for code in (drug.ingredients if drug else ()) if code in numbers
        ]
        own += [numbers[code] for code in lost.known.get(place, ())]
        own += [further + number for number in lost.parts.get(place, ())]
        made_of.append(own if entry.tty != "IN" else [first + place])
        brand = drug.brand if drug else ""
        if not brand and entry.display.endswith("]"):
            brand = brands.get(entry.display.rpartition("[")[2][:-1].lower(), "")
        unlisted = lost.brand.get(place, -1)
        brand_of.append(numbers.get(brand, further + unlisted if unlisted >= 0 else -1))
        product = entry.tty in PRODUCTS and not _inactive(entry)
        read = read_strengths((drug.strength if drug else "") or entry.display)
        strengths.append([keys[0] for keys in read.keys] if product else [])
        bare.append(sorted(numbers_in(entry.display)) if product else [])
        forms.append(
            read_forms(drug.form if drug and drug.form else entry.display) if product else 0
        )
        forms[-1] |= read_forms(entry.display) & HOURS if product else 0
        codes = (*(drug.ingredients if drug else ()), *lost.known.get(place, ()))
        bases = [display[code] for code in codes if code in display]
        bases += [lost_names[number] for number in lost.parts.get(place, ())]
        salts.append(_salts(entry.display, bases) if product else [])
        if product:
            bare_names = {numbers[salted[code]] for code in codes if code in salted}
            for name in {*own, *bare_names, brand_of[-1]} - {-1, insulin}:
                products[name - first].append(first + place)
    for place, entry in enumerate(entries):
        if entry.code in salted and not products[place]:  # sold by the plain name alone
            made_of[place] = [numbers[salted[entry.code]]]
    sold_as = [*zip(brand_of, map(tuple, made_of), map(tuple, strengths), strict=True)]
    totals = [totals_of(each.display) if each.tty in PRODUCTS else [] for each in entries]
    having: dict[int, list[int]] = defaultdict(list)
    for place, keys in enumerate(strengths):
        if forms[place] or entries[place].tty in PRODUCTS:
            for key in {*keys, *bare[place], *totals[place]} if keys else {NONE}:
                having[key].append(first + place)
    told = sorted(having)
    families = _families(entries, first)
    return {
        "brand.head": np.array([key for key, _ in families], np.uint32),
        "brand.member": np.array([number for _, number in families], np.uint32),
        **pack_rows("drug.having", (having[key] for key in told)),
        "drug.told": np.array(told, np.uint32),
        **pack_rows("drug.parts", made_of),
        **pack_rows("drug.products", products),
        **pack_rows("drug.strengths", strengths),
        **pack_rows("drug.numbers", bare),
        **pack_rows("drug.salts", salts),
        "drug.base": np.array(
            [numbers[salted[e.code]] if e.code in salted else -1 for e in entries], np.int32
        ),
        **pack_rows("drug.totals", totals),
        "drug.brand": np.array(brand_of, np.int32),
        "drug.forms": np.array(forms, np.uint64),
        "drug.other": np.array(steps(entries, forms, sold_as), np.uint8),
        "drug.lesser": np.array(untold_steps(entries, forms), np.uint8),
        "drug.tty": np.array(
            [TTYS.index(e.tty) if e.tty in TTYS else 0 for e in entries], np.uint8
        ),
    }


def _named_in(entry: Entry, substances: Mapping[frozenset[str], int]) -> list[int]:
    """The ingredients that a product's name tells word for word, if it does so of all.

    They go before those that a release lists: some have insulin aspart under insulin.
    """
    if entry.tty not in MADE or entry.drug is None or not entry.drug.ingredients:
        return []
    found = [substances.get(frozenset(words(part))) for part in parts(entry.display)]
    return [each for each in found if each is not None] if None not in found else []


def _families(entries: Sequence[Entry], first: int) -> list[tuple[int, int]]:
    """(key of the first word, brand), by the key, of every brand of several words."""
    found = []
    for number, entry in enumerate(entries, first):
        said = words(entry.display) if entry.tty == "BN" else []
        if len(said) > 1:
            found.append((crc32(said[0].encode()), number))
    return sorted(found)


def salt_keys(found: frozenset[str]) -> frozenset[int]:
    """The keys of words, as drug.salts has them."""
    return frozenset(crc32(word.encode()) for word in found)


def _salts(name: str, bases: Sequence[str]) -> list[int]:
    """What a product's substances are called beyond its ingredients: succinate, human, XL."""
    said = salt_words(" ".join(parts(name)))
    return sorted(salt_keys(said - salt_words(" ".join(bases)))) if bases else []


def _salted(entries: Sequence[Entry]) -> dict[str, str]:
    """Ingredients that are another with a salt or of a species.

    Triamcinolone acetonide is a triamcinolone, "heparin sodium, porcine" a heparin.
    """
    names = {each.display.lower(): each.code for each in entries if each.tty == "IN"}
    found = {}
    for name, code in names.items():
        whole, _, species = name.rpartition(", ")
        bare = whole if species in SPECIES else name
        head, _, salt = bare.rpartition(" ")
        if bare != name and bare in names:
            found[code] = names[bare]
        elif is_salt(salt) and head in names and head not in ELEMENTS:
            found[code] = names[head]
        elif ALIASES.get(name) in names:
            found[code] = names[ALIASES[name]]
    return found


def _inactive(entry: Entry) -> bool:
    return any(each.code == "inactive" and each.value is True for each in entry.properties)
