"""The sig of a drug from its parts: its first step, and the steps that follow it."""

from __future__ import annotations

import re

from msgspec.structs import replace

from nlp.sig.element import Element, Part
from nlp.types import Document, Sig

# Before the amount of a later step; between an old and a new amount; before both.
_THEN = re.compile(
    r"(?:\b(?:and|then|followed\sby|plus)|→"
    r"|->)\s(?:(?:take|to|down\sto|decrease\sto|increase\sto|by)\s)*$",
    re.I,
)
_ARROW = re.compile(r"\s?(?:→|-{1,2}>|=>)\s?|\sto\s", re.I)
_RAISED = re.compile(r"\bfrom\s$", re.I)
_NEW_AMOUNT = re.compile(r"\sto\s", re.I)
_LINK = 30  # code points before an amount in which its link stands


def regimen(document: Document, elements: list[Element]) -> Sig:
    """The sig of the elements: its first step, and in `then` those that follow it."""
    steps = _steps(document.text, sorted(elements, key=lambda e: e.start))
    if not steps:
        return Sig()
    first, *later = (_step(document, step) for step in steps)
    kept = (
        replace(s, route=s.route or first.route, route_code=s.route_code or first.route_code)
        for s in later
    )
    return replace(first, then=tuple(kept)) if later else first


def _steps(text: str, elements: list[Element]) -> list[list[Element]]:
    """The elements by step: another amount behind "then" or "and" opens one, once it was told
    how often or how long the one before is taken."""
    steps: list[list[Element]] = []
    for element in elements:
        told = {e.part for e in steps[-1]} if steps else set()
        opens = element.part in told and element.part in ("strength", "dose")
        timed = told & {"frequency", "duration"}
        if not steps or (
            opens and timed and _THEN.search(text, max(0, element.start - _LINK), element.start)
        ):
            steps.append([])
        steps[-1].append(element)
    return steps


def _step(document: Document, elements: list[Element]) -> Sig:
    """The first part of each kind; of "10 → 20 mg" and "from 10 to 20 mg" the new amount."""
    first: dict[Part, Element] = {}
    for e in elements:
        before = first.get(e.part)
        if before and e.part == "strength" and _ARROW.fullmatch(document.text, before.end, e.start):
            first[e.part] = e
        first.setdefault(e.part, e)
    spans = {part: document.span(e.start, e.end) for part, e in first.items()}
    strength = first.get("strength")
    raised = strength and _RAISED.search(
        document.text, max(0, strength.start - _LINK), strength.start
    )
    if strength and raised:
        amount = _NEW_AMOUNT.search(document.text, strength.start, strength.end)
        if amount:
            spans["strength"] = document.span(amount.end(), strength.end)
    dose, route, often = first.get("dose"), first.get("route"), first.get("frequency")
    lasts, needed = first.get("duration"), first.get("as_needed")
    return Sig(
        strength=spans.get("strength"),
        dose=spans.get("dose"),
        dose_quantity=dose.quantity if dose else None,
        form=spans.get("form"),
        route=spans.get("route"),
        route_code=route.code if route else "",
        frequency=spans.get("frequency"),
        timing=often.timing if often else None,
        as_needed=spans.get("as_needed"),
        as_needed_for=document.span(*needed.reason) if needed and needed.reason else None,
        duration=spans.get("duration"),
        duration_quantity=lasts.quantity if lasts else None,
    )
