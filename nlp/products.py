"""From a drug and its sig to codes: the clinical drug where words decide it, its ingredients."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from nlp import linking
from nlp.types import Candidate, Coding, Document, Sig
from terminology.errors import TerminologyError
from terminology.service import Terminology
from terminology.types import RXNORM, Method

_INJECTED = re.compile(r"intra|subcutaneous|epidural")
_INJECTION = re.compile(r"Inject|Syringe|Cartridge|Pen\b|Solution for", re.I)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_RATE = re.compile(r"MG/HR|MG/DAY", re.I)
_RELEASE = re.compile(
    r"\b(?:(?-i:XR|ER|XL|SR|CR|LA|CD|XT)|extended|sustained|controlled|long[\s-]acting)\b", re.I
)
_SPECIAL = re.compile(r"extended release|once-daily|\bHR\b", re.I)
_FORM_BEHIND = re.compile(
    r"[ ,]{1,2}(?P<form>(?:(?:delayed|extended|sustained|controlled|immediate)[ -]release[ ,]+"
    r"|enteric[ -]coated |(?:DR|EC|ER|XR|SR) |chewable |disintegrating |oral )*"
    r"(?:tablets?|tabs?|capsules?|caps?|suspension|solution)"
    r"(?:,? (?:delayed|extended)[ -]release)?)\b",
    re.I,
)
_SHAPE = re.compile(r"tab(?:let)?|cap(?:sule)?", re.I)
_DELAYED = re.compile(r"delayed|enteric", re.I)
_HOURS = {"XL": "24 HR", "XR": "24 HR", "LA": "24 HR", "CD": "24 HR", "SR": "12 HR"}
_BEHIND = 25  # code points behind a strength in which a release may be named
_CLOSE = 0.09  # scores so near to the best that only the commonness of the form decides
_FORMS = ("oral tablet", "oral capsule", "disintegrating", "chewable", "oral")


def medication(
    terminology: Terminology, document: Document, candidate: Candidate, sig: Sig
) -> tuple[Coding, ...]:
    """The drug's codings: the exact clinical drug where words decide it, then the drug named."""
    base = linking.given(terminology, candidate)
    if base is None and not candidate.ingredients:
        base = linking.search(terminology, candidate.span.quote, RXNORM, linking.FOUND)
    elif base is None:
        base = _by_ingredients(terminology, candidate.ingredients)
    if sig.strength is None or (base is not None and _NUMBER.search(base.display)):
        return (base,) if base else ()
    near = document.text[candidate.span.start : max(candidate.span.end, sig.strength.end) + _BEHIND]
    release = _RELEASE.search(near)
    form = _form_behind(document.text, sig.strength.end)
    if not form and sig.form:
        form = sig.form.quote
    elif not form and sig.dose_quantity:
        form = sig.dose_quantity.unit
    if base is None:
        product = _product(terminology, f"{candidate.span.quote} {sig.strength.quote} {form}")
        return (product,) if product else ()
    route = sig.route_code if sig.route_code in ("oral", "topical", "nasal") else ""
    asked = _Asked(
        strength=sig.strength.quote,
        form=form or route,
        injected=bool(_INJECTED.search(sig.route_code)),
        release=release[0] if release else "",
    )
    clinical = _clinical_drug(terminology, base, asked)
    return (clinical, base) if clinical and clinical.code != base.code else (base,)


def _by_ingredients(terminology: Terminology, names: tuple[str, ...]) -> Coding | None:
    """The drug that consists of these ingredients, for a brand that the terminology lacks."""
    found = linking.search(terminology, " / ".join(names), RXNORM, linking.EXTENDED)
    return found if found and ingredients(terminology, found) == names else None


def _form_behind(text: str, end: int) -> str:
    """The dose form that follows a strength, with the release that it tells, or nothing."""
    found = _FORM_BEHIND.match(text, end)
    return found["form"] if found else ""


def _product(terminology: Terminology, phrase: str) -> Coding | None:
    """The product of a name that only products have, spelled as they have it."""
    matches = linking.found(terminology, " ".join(phrase.split()), RXNORM, 3)
    best = next((m for m in matches if m.score >= linking.FOUND), None)
    named = best is not None and best.method not in (Method.FUZZY, Method.VECTOR)
    return linking.from_match(best) if best and named and _NUMBER.search(best.display) else None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a sig says of the product: strength and form as written, the release's letters."""

    strength: str
    form: str
    injected: bool
    release: str


@lru_cache(maxsize=4096)
def _clinical_drug(terminology: Terminology, base: Coding, asked: _Asked) -> Coding | None:
    """The clinical drug that has the name, the strength and, where told, the form.

    Where the text names no form the commonest stands (a tablet before a capsule); an extended
    release only where the text says so, or where the drug comes in no other.
    """
    phrase = " ".join(f"{base.display} {asked.strength} {asked.form}".split())
    want = _numbers(asked.strength)
    ours = set(ingredients(terminology, base))
    products = [
        match
        for match in linking.found(terminology, phrase, RXNORM, 24)
        if match.code != base.code
        and set(ingredients(terminology, linking.from_match(match))) == ours
    ]
    of_brand = [m for m in products if f"[{base.display}]".lower() in m.display.lower()]
    if len(of_brand) == 1 and _RATE.search(of_brand[0].display):
        return linking.from_match(
            of_brand[0]
        )  # what a system releases in an hour tells no strength
    fitting = [
        m
        for m in of_brand or [m for m in products if "[" not in m.display]
        if want == _numbers(m.display.partition(" HR ")[2] or m.display)
        and asked.injected == bool(_INJECTION.search(m.display))
    ]
    if not fitting:
        return None
    fitting = [m for m in fitting if base.display.lower() in m.display.lower()] or fitting
    best = max(m.score for m in fitting)
    told = [m for m in fitting if m.score >= best - _CLOSE]
    if shape := _SHAPE.search(asked.form):
        told = [m for m in told if shape[0].lower() in m.display.lower()] or told
    return linking.from_match(min(told, key=lambda m: _commonness(m.display, asked.release)))


def _numbers(text: str) -> set[float]:
    return {float(n) for n in _NUMBER.findall(text.replace(",", ""))}


def _commonness(display: str, release: str) -> tuple[bool, bool, int]:
    """The order of what is meant by a bare strength: the release first, then the form."""
    low = display.lower()
    # what is to pass the stomach is mostly sold in capsules
    forms = ("capsule", "tablet") if _DELAYED.search(low) else _FORMS
    form = next((i for i, f in enumerate(forms) if f in low), len(forms))
    hours = _HOURS.get(release.upper(), "")
    return bool(_SPECIAL.search(display)) != bool(release), hours not in display, form


def ingredients(terminology: Terminology, drug: Coding) -> tuple[str, ...]:
    """Names of a drug's ingredients in lower case; empty where the terminology does not say."""
    return _ingredients(terminology, drug.code)


@lru_cache(maxsize=8192)
def _ingredients(terminology: Terminology, code: str) -> tuple[str, ...]:
    try:
        names = set(_bases(terminology, code))
    except TerminologyError:
        return ()
    # Mixed salts name one base twice: "amphetamine" and "amphetamine aspartate".
    return tuple(sorted(n for n in names if not any(n.startswith(f"{m} ") for m in names)))


def _bases(terminology: Terminology, code: str) -> Iterator[str]:
    """Down to base ingredients: a salt is an ingredient whose own ingredient is the base."""
    for part in terminology.ingredients(code):
        if part.code == code:
            yield part.display.lower()
        else:
            yield from _bases(terminology, part.code)
