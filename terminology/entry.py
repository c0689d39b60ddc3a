"""A release as it is read: concepts with their names, and what drugs are made of."""

from __future__ import annotations

from dataclasses import dataclass

from terminology.types import Content, Designation, Property, TermKind

DRUG_KINDS = {
    # RxNorm term type: what a name of it is
    "IN": TermKind.INGREDIENT,
    "PIN": TermKind.INGREDIENT,
    "MIN": TermKind.INGREDIENT,
    "BN": TermKind.BRAND,
    **dict.fromkeys(
        ["SCD", "SBD", "SCDC", "SBDC", "SCDF", "SBDF", "SCDG", "SBDG", "GPCK", "BPCK"],
        TermKind.CLINICAL_DRUG,
    ),
}


@dataclass(frozen=True, slots=True)
class Name:
    """A phrase of the release that names a concept."""

    text: str
    kind: TermKind
    # 1 where it means other things as well, so that a text must write it just so; 2, 3 for what
    # the same letters stand for less often
    ambiguous: int = 0


@dataclass(frozen=True, slots=True)
class Drug:
    """What a clinical drug is made of, as RXCUIs; strength and form as the release writes them."""

    ingredients: tuple[str, ...] = ()
    brand: str = ""
    strength: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One concept of a release; `parent` is a code of the same release or empty."""

    code: str
    display: str
    parent: str = ""
    billable: bool = False
    designations: tuple[Designation, ...] = ()
    properties: tuple[Property, ...] = ()
    names: tuple[Name, ...] = ()
    tty: str = ""
    drug: Drug | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """One code system as read; `source` says where it comes from, for people."""

    version: str
    content: Content
    source: str
    entries: tuple[Entry, ...]
