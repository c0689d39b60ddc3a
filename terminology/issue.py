"""What validation and expansion have to say: issues with the standard's tx-issue-type codes.

The texts and their ids are those that the FHIR terminology ecosystem agreed on, so that
validators can tell the cases apart: https://build.fhir.org/ig/HL7/fhir-tx-ecosystem-ig
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from terminology.errors import TerminologyError

Severity = Literal["fatal", "error", "warning", "information"]


@dataclass(frozen=True, slots=True)
class Message:
    """A kind of issue: its id, issue type, tx-issue-type and text, with {} for what varies.

    `told` says whether the text is part of the message that sums a validation up.
    """

    id: str
    code: str
    type: str
    text: str
    severity: Severity = "error"
    told: bool = True


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue; `place` is a FHIRPath into the request ("Coding.code"), or empty."""

    severity: Severity
    code: str
    type: str
    text: str
    id: str = ""
    place: str = ""
    told: bool = True


class Refused(TerminologyError):
    """The request can't be answered; `issues` tell why. `missing` says something wasn't found."""

    def __init__(self, *issues: Issue) -> None:
        super().__init__("; ".join(i.text for i in issues))
        self.issues = issues

    @property
    def missing(self) -> bool:
        """Whether it is for want of a resource."""
        return all(issue.code == "not-found" for issue in self.issues)


class Malformed(Refused):
    """The request doesn't say what it needs to say."""


def issue(
    message: Message, *values: object, place: str = "", severity: Severity | None = None
) -> Issue:
    """An issue of a kind, with the values in its text."""
    return Issue(
        severity or message.severity,
        message.code,
        message.type,
        message.text.format(*values),
        message.id,
        place,
        message.told,
    )


def summary(issues: Iterable[Issue]) -> str:
    """The message of a validation: the texts, each once, in alphabetical order."""
    return "; ".join(sorted({i.text for i in issues if i.told}))


def either(names: Sequence[str]) -> str:
    """a, b or c."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} or {names[-1]}"
