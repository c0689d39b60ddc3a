"""Issue: one thing that is wrong with a resource, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "information"]


@dataclass(frozen=True, slots=True)
class Issue:
    """`code` is a FHIR issue-type, `expression` a FHIRPath ("Patient.name[0].given[1]").

    `text` says what was expected and what was found; it repeats no free text of the patient's.
    """

    severity: Severity
    code: str
    expression: str
    text: str


def error(code: str, expression: str, text: str) -> Issue:
    """An Issue of severity error."""
    return Issue("error", code, expression, text)


def kind(value: object) -> str:
    """What a JSON value is, in words that tell nothing of its content."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string" if value else "an empty string"
        case list():
            return "an array" if value else "an empty array"
        case dict():
            return "an object" if value else "an empty object"
    return "something that is not JSON"
