"""How seldom a drug is meant: what nobody may prescribe, what goes by more than its ingredient."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from kernels.text import words
from terminology.coding.drugs.forms import FORMS, RELEASE
from terminology.coding.drugs.productnames import QUALITY, is_salt, parts
from terminology.entry import Entry

_BARRED = 4  # steps of what none may prescribe today
_KIND = 4  # of an osmotic or once-daily product beside the plain one
_LESSER = 13  # of a salt that few clinical drugs have, where the text tells none
_OUTSOLD = 8  # of a plain pill where today only one with another release is sold
_PILLS = FORMS["tablet"] | FORMS["capsule"]


def steps(
    entries: Sequence[Entry], forms: Sequence[int], sold_as: Sequence[tuple[object, ...]]
) -> list[int]:
    """The steps of each drug, 0 for the most; `forms`: bits of FORMS, 0 for what is no product.

    `sold_as`: the brand of each, what it is made of, how strong.
    """
    found = [_own(entry, has) for entry, has in zip(entries, forms, strict=True)]
    released = {
        sold
        for sold, has, seldom in zip(sold_as, forms, found, strict=True)
        if has & _PILLS and has & RELEASE and not seldom
    }
    for place, (sold, has) in enumerate(zip(sold_as, forms, strict=True)):
        if found[place] and has & _PILLS and not has & RELEASE and sold in released:
            found[place] += _OUTSOLD
    return found


def untold_steps(entries: Sequence[Entry], forms: Sequence[int]) -> list[int]:
    """The further steps of each drug where a text tells no salt.

    Diclofenac is sodium where nothing more is said, docusate too, paroxetine hydrochloride.
    """
    lesser = {*_lesser(entries, forms)}
    return [_LESSER * (place in lesser) for place in range(len(entries))]


def _lesser(entries: Sequence[Entry], forms: Sequence[int]) -> Iterator[int]:
    """The places of pills of one drug in a salt that fewer than half as many SCDs have as another.

    An SCD is a clinical drug of RxNorm: an ingredient, a strength and a form without a brand.
    """
    drugs: dict[str, dict[frozenset[str], list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, entry in enumerate(entries):
        alone = entry.drug.ingredients if entry.tty == "SCD" and entry.drug else ()
        if len(alone) == 1 and (named := parts(entry.display)):
            salts = frozenset(filter(is_salt, words(named[0])))
            drugs[alone[0]][salts].append(place)
    for by_salt in drugs.values():
        most = max(len(places) for places in by_salt.values())
        for salts, places in by_salt.items():
            if salts and 2 * len(places) < most:
                yield from (each for each in places if forms[each] & _PILLS)


def _own(entry: Entry, has: int) -> int:
    """The steps by what is said of one drug alone."""
    barred = any(each.code == "prescribable" and each.value is False for each in entry.properties)
    return _BARRED * barred + _KIND * bool(has and QUALITY.match(entry.display))
