"""Whether the display that somebody wrote is a name of the concept, in the languages asked for."""

from __future__ import annotations

from dataclasses import replace

from terminology.codesystem import CodeSystem, ConceptDefinition
from terminology.display import Name, given_up, in_default, names, right, shown
from terminology.issue import Issue, Severity, issue
from terminology.languages import Languages
from terminology.messages import (
    INACTIVE_DISPLAY,
    NO_DISPLAY_IN_LANGUAGE,
    WRONG_DISPLAY,
    WRONG_DISPLAY_IN_LANGUAGE,
    WRONG_WHITESPACE,
)
from terminology.valueset import Reference


def preferred(
    system: CodeSystem, concept: ConceptDefinition, listed: Reference | None, languages: Languages
) -> str:
    """The display to give back."""
    name = shown(names(system, concept, listed), replace(languages, only=False))
    return name.value if name else concept.display


def check_display(
    system: CodeSystem,
    concept: ConceptDefinition,
    listed: Reference | None,
    display: str,
    languages: Languages,
    place: str,
    *,
    lenient: bool | None,
) -> Issue | None:
    """What is wrong with a display, or None; only a warning where `lenient`.

    A display that the system gave up is but a warning too, unless that is False and not None.
    """
    every = names(system, concept, listed)
    found = [name for name in every if not given_up(name)]
    valid = right(found, languages)
    severity: Severity = "warning" if lenient else "error"
    old = next((n for n in every if given_up(n) and _same(display, n.value)), None)
    if old is not None and not any(_same(display, n.value) for n in found):
        current = [n.value for n in valid or found]
        several = len(current) > 1
        choices = f"one of {','.join(current)}" if several else "".join(f"'{n}'" for n in current)
        left = display, concept.code, given_up(old), choices
        wrong = lenient is False
        told_of = issue(INACTIVE_DISPLAY, *left, place=place, severity="error" if wrong else None)
        return replace(told_of, told=wrong)
    if valid:
        if any(_same(display, n.value) for n in valid):
            return None
        spaced = any(_squeezed(display) == _squeezed(n.value) for n in valid)
        message = WRONG_WHITESPACE if spaced else WRONG_DISPLAY
        choices = _choices(valid, system.language)
        told = display, system.url, concept.code, choices, languages.summary
        return issue(message, *told, place=place, severity=severity)
    if not found:
        return None
    if any(_same(display, n.value) for n in in_default(found)):
        fine = system.url, concept.code, languages.summary, display
        return issue(NO_DISPLAY_IN_LANGUAGE, *fine, place=place)
    told = display, system.url, concept.code, languages.summary, found[0].value
    return issue(WRONG_DISPLAY_IN_LANGUAGE, *told, place=place, severity=severity)


def _choices(valid: list[Name], language: str) -> str:
    spoken = [n.language or ("" if n.designation else language) for n in valid]
    told = [
        f"'{n.value}' ({tag})" if tag else f"'{n.value}'"
        for n, tag in zip(valid, spoken, strict=True)
    ]
    if len(told) == 1:
        return told[0]
    return f"one of {len(told)} choices: {', '.join(told[:-1])} or {told[-1]}"


def _same(a: str, b: str) -> bool:
    return a.casefold() == b.casefold()


def _squeezed(text: str) -> str:
    return " ".join(text.split()).casefold()
