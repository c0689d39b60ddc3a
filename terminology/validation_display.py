"""Whether the display that somebody wrote is a name of the concept, in the languages asked for."""

from __future__ import annotations

from dataclasses import replace

from terminology.codesystem import CodeSystem, ConceptDefinition
from terminology.display import Name, in_default, names, right, shown
from terminology.issue import Issue, Severity, issue
from terminology.languages import Languages
from terminology.messages import (
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
    lenient: bool,
) -> Issue | None:
    """What is wrong with a display, or None; only a warning where `lenient`."""
    found = names(system, concept, listed)
    valid = right(found, languages)
    severity: Severity = "warning" if lenient else "error"
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
    told = [f"'{n.value}' ({n.language or language or 'en'})" for n in valid]
    if len(told) == 1:
        return told[0]
    return f"one of {len(told)} choices: {', '.join(told[:-1])} or {told[-1]}"


def _same(a: str, b: str) -> bool:
    return a.casefold() == b.casefold()


def _squeezed(text: str) -> str:
    return " ".join(text.split()).casefold()
