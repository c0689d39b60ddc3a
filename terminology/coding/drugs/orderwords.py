"""The words of orders that are no names of drugs: how, when, where and why one is taken."""

from __future__ import annotations

import re
from collections.abc import Sequence

from terminology.coding.drugs.forms import FORMS
from terminology.coding.drugs.productnames import SHORT_SALTS

_MANY = 6  # words that are compared
_LETTERS = re.compile(r"[a-z]{3}|^[a-z]{1,2}$")
_NOISE = """
by to of on if or as is no than more when up off only please upon about such this that
extract pollen allergenic allergen human with take takes taking give given use used using apply
applied inject injected instill inhale insert place chew dissolve swallow drink administer infuse
rub rinse mix continue continued start started stop hold increase decrease change taper titrate
sig disp dispense refill refills quantity qty rx script po or bid tid qid qhs qam qpm prn qd qod
qday qwk qweek hs ac pc stat bds tds ad as au aa once twice three four five six times time every
each other day days daily week weeks weekly month months monthly hour hours hourly hrs minute
minutes min nightly night noon midday morning evening bedtime today tomorrow breakfast lunch
dinner supper meal meals food before after during until while needed required directed instructed
tolerated discontinued completed coated home med meds medication medications dose doses dosage
strength maximum total one two half quarter per for the and then but not into under between from
via mouth skin tongue affected area areas thin layer face scalp arm arms leg legs hand hands back
both left right side nostril nostrils teaspoon teaspoons teaspoonful tablespoon tsp tbsp puff
puffs unit units vial vials bottle tube box pain fever cough itching itch rash nausea vomiting
anxiety sleep insomnia headache headaches pressure allergies allergy wheezing breath shortness
constipation diarrhea spasm spasms muscle chest swish spit gargle viscous sliding scale loading otc
severe moderate mild wheeze dizziness migraine seizure agitation flare onset emergency protocol
tiw biw daw x mr om mane nocte bd qds recon reconstituted prefilled sprinkle sprinkles injector
lipocream repack breath activated external
"""
_UNITS = """
mg mcg ug g gm gms gram grams ml l litre litres liter liters oz meq mmol unt unit units iu
hr hrs h act actuat percent microgram micrograms milligram milligrams
"""
NOISE = frozenset((_NOISE + _UNITS).split()) | SHORT_SALTS  # words of orders that are no names
# 2, q12h, 24h, 3x, x7d, q4wk, 100mcg
_TIMES = re.compile(r"[qx]?\d+(?:h|hr|hrs|d|w|wk|wks|mo|x|mg|mcg|ug|g|gm|ml|meq|units?)?")


def runs(left: Sequence[str]) -> list[list[str]]:
    """The words that may be parts of names, parted where a word is empty; six at most."""
    runs: list[list[str]] = [[]]
    for word in left:
        if not word:
            runs.append([])
        elif may_name(word) and sum(map(len, runs)) < _MANY:
            runs[-1].append(word)
    return [run for run in runs if run]


def may_name(word: str) -> bool:
    """Whether a lower-case word may be one of a drug's name, or of one misspelt."""
    return bool(_LETTERS.search(word)) and not of_orders(word)


def of_orders(word: str) -> bool:
    """Whether a lower-case word is one of orders: how, when and why a drug is taken."""
    return word in NOISE or word in FORMS or bool(_TIMES.fullmatch(word))
