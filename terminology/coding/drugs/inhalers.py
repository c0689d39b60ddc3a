"""Inhalers by the labels of other countries, in the amounts of those of the United States.

There a label tells what is inhaled, elsewhere mostly what leaves the valve: Symbicort 200/6 is
160/4.5; of Relvar's 92 micrograms the American label tells the 100 that lie in the blister.
"""

from __future__ import annotations

import re

_SINGLE = re.compile(
    r"^(?!.*\b(?:ipratropium.*(?:salbutamol|albuterol)|(?:salbutamol|albuterol).*ipratropium)\b)"
    r"(?=.*\b(?:inhalers?|puffs?|inh|mdi|evohaler)\b)(?P<head>.*?)"
    r"\b(?P<name>salbutamol|albuterol|ipratropium)\b(?P<between>\D*)"
    r"(?P<amount>100|20) ?(?:mcg|ug|micrograms?)\b(?!/)"
)
_INHALED = {"salbutamol100": 90, "albuterol100": 90, "ipratropium20": 17}
# micrograms of each part: by the label abroad, by the American one
_LABELS = {
    "symbicort": {"100/6": "80/4.5", "200/6": "160/4.5"},
    "seretide": {"50/25": "45/21", "125/25": "115/21", "250/25": "230/21"},
    "relvar": {"92/22": "100/25", "184/22": "200/25"},
    "trelegy": {"92/55/22": "100/62.5/25"},
    "anoro": {"55/22": "62.5/25"},
}
_PAIR = re.compile(
    rf"\b(?P<name>{'|'.join(_LABELS)})\b(?P<between>\D*)(?P<label>\d+(?: ?/ ?\d+)+)(?![\d.])"
)
# by the number alone; the puffer and the disc have other second parts
_SERETIDE = re.compile(
    r"\bseretide (?P<amount>50|100|125|250|500)(?!\d| ?/)(?=.*\b(?P<device>evohaler|accuhaler)\b)"
    r"|\bseretide (?P<by>evohaler|accuhaler) (?P<then>50|100|125|250|500)(?!\d| ?/)"
)
_SECOND = {"evohaler": "25", "accuhaler": "50"}


def inhaled(plain: str) -> str:
    """The normalised text with the amounts that RxNorm has."""
    plain = _SERETIDE.sub(_by_device, plain)
    return _PAIR.sub(_american, _SINGLE.sub(_of_mouthpiece, plain))


def _of_mouthpiece(found: re.Match[str]) -> str:
    amount = _INHALED.get(found["name"] + found["amount"], found["amount"])
    return f"{found['head']}{found['name']}{found['between']}{amount} mcg"


def _by_device(found: re.Match[str]) -> str:
    device = found["device"] or found["by"]
    return f"seretide {device} {found['amount'] or found['then']}/{_SECOND[device]}"


def _american(found: re.Match[str]) -> str:
    label = _LABELS[found["name"]].get(found["label"].replace(" ", ""), found["label"])
    return f"{found['name']}{found['between']}{label}"
