"""Drugs that the loaded terminology names nowhere, or only in its products: new ones, classes.

By the names that the index has of them, then by the stems of nonproprietary names that WHO
publishes ("The use of stems in the selection of International Nonproprietary Names").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kernels.text import tokenize
from terminology.coding.drugs.othernames import OtherName
from terminology.service import Terminology

# Long enough that few other words end so; "mab" stands in names of five letters more at least.
_STEM = re.compile(
    r"\b(?!cystatin|somatostatin|prostatin|cocaine|interval|reservoir)[A-Za-z]{4,}(?:mab|dopa"
    r"|tinib|ciclib|rafenib|metinib|parib|gliptin|gliflozin|glutide|sartan|vastatin|floxacin"
    r"|cillin|cycline|conazole|prazole|triptan|setron|gepant|orexant|xaban|gatran|coxib|dipine"
    r"|oprazole|tegravir|asvir|buvir|previr|vudine|ciclovir|barbital|kinra|cilostat|lukast"
    r"|dronate|semide|azosin|lisib|degib|toclax|zomib|limus)\b"
)
_LONG = 8  # letters: the shortest stem has four, and four stand before


def find(terminology: Terminology, text: str) -> Iterator[tuple[int, int, OtherName]]:
    """(start, end, what is told) of the drugs of a text: by their names, then by their stems."""
    tokens = tokenize(text)
    yield from terminology.othernames.find(tokens)
    long = tokens.ends - tokens.starts >= _LONG
    for start, end in zip(tokens.starts[long].tolist(), tokens.ends[long].tolist(), strict=True):
        if _has_stem(text[start:end]):
            yield start, end, OtherName((text[start:end].lower(),))


@lru_cache(maxsize=1 << 14)
def _has_stem(word: str) -> bool:
    """Whether a word ends as the name of a drug; notes use the same words again and again."""
    return _STEM.fullmatch(word) is not None
