"""Domain errors of the server, and the one table that turns every error into HTTP and v2 replies.

FhirError
├── BadRequest ── Invalid (a resource that does not validate; carries its issues)
├── NotFound ── Gone
├── Conflict ── PreconditionFailed
├── NotAcceptable, UnsupportedMedia, TooLarge, MethodNotAllowed
└── NotSupported
StoreFault ── StoreFull, StoreBusy
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple, Self

from capability.validate import Issue
from nlp.types import EngineError, ModelMissing, UnknownEngine
from terminology.errors import IndexMissing, TerminologyError, UnknownCode, UnknownSystem
from terminology.issue import Issue as TerminologyIssue
from terminology.issue import Malformed, Refused

CONTENT_TYPE = "http.Content-Type"  # where an error is in a header (R4 OperationOutcome.issue)


class FhirError(Exception):
    """Something the client must hear of; `expression` is a FHIRPath, a parameter's place, or
    "http." and a header's name."""

    def __init__(self, text: str, expression: str = "") -> None:
        super().__init__(text)
        self.expression = expression


class BadRequest(FhirError):
    """The request can't be read."""


class Invalid(FhirError):
    """The resource was read and breaks rules: see `issues`."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        super().__init__("the resource is not valid")
        self.issues = tuple(issues)


class NotFound(FhirError):
    """No such resource, version or route."""


class Gone(FhirError):
    """The resource was deleted."""


class Conflict(FhirError):
    """The request does not fit the stored state (no lost updates)."""


class PreconditionFailed(FhirError):
    """If-Match named another version."""


class NotAcceptable(FhirError):
    """No representation the client accepts."""


class UnsupportedMedia(FhirError):
    """The body or attachment is of a type that can't be read."""


class TooLarge(FhirError):
    """A body or attachment over the limit of the settings."""


class MethodNotAllowed(FhirError):
    """The route exists, the method does not; `allowed` is what the Allow header says."""

    def __init__(self, text: str, allowed: str = "") -> None:
        super().__init__(text)
        self.allowed = allowed


class NotSupported(FhirError):
    """A part of the specification that this server does not do."""


class StoreFault(Exception):
    """What the store could not do for now, for reasons of its own: nothing of it was done."""


class StoreFull(StoreFault):
    """There is no room for more."""


class StoreBusy(StoreFault):
    """Somebody else holds the database."""


class Reply(NamedTuple):
    """How an error is told: HTTP status, OperationOutcome issue code, HL7 table 0357 code."""

    status: int
    issue: str
    v2: str


REPLIES: dict[type[Exception], Reply] = {
    BadRequest: Reply(400, "structure", "100"),
    Invalid: Reply(422, "invalid", "102"),
    NotFound: Reply(404, "not-found", "204"),
    Gone: Reply(410, "deleted", "204"),
    Conflict: Reply(409, "conflict", "205"),
    PreconditionFailed: Reply(412, "conflict", "207"),
    NotAcceptable: Reply(406, "not-supported", "207"),
    UnsupportedMedia: Reply(415, "not-supported", "102"),
    TooLarge: Reply(413, "too-long", "102"),
    MethodNotAllowed: Reply(405, "not-supported", "207"),
    NotSupported: Reply(400, "not-supported", "207"),
    UnknownSystem: Reply(404, "not-found", "103"),
    UnknownCode: Reply(404, "not-found", "103"),
    Malformed: Reply(400, "invalid", "100"),
    Refused: Reply(422, "processing", "207"),
    IndexMissing: Reply(503, "not-found", "207"),
    TerminologyError: Reply(400, "processing", "207"),
    UnknownEngine: Reply(400, "not-supported", "207"),
    ModelMissing: Reply(422, "incomplete", "207"),
    EngineError: Reply(500, "processing", "207"),
    StoreFull: Reply(507, "no-store", "207"),
    StoreBusy: Reply(503, "lock-error", "207"),
}

MESSAGE_ID = "http://hl7.org/fhir/StructureDefinition/operationoutcome-message-id"
TX_ISSUE_TYPE = "http://hl7.org/fhir/tools/CodeSystem/tx-issue-type"
TX_ISSUES: dict[type[Exception], str] = {UnknownSystem: "not-found", UnknownCode: "invalid-code"}
# the parameter that an error of another layer speaks of
PARAMETERS: dict[type[Exception], str] = {
    UnknownSystem: "system",
    UnknownEngine: "engine",
    ModelMissing: "engine",
}
INTERNAL = Reply(500, "exception", "207")


class located:  # noqa: N801 - a context manager that reads as a word
    """Puts the place of a Bundle's entry, if any, before that of an error within.

    Who goes from entry to entry within sets `place` on the way; `part` is which part of each.
    """

    __slots__ = ("part", "place")

    def __init__(self, place: str = "", part: str = "") -> None:
        self.place, self.part = place, part

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, at: object) -> None:
        if error is None or not self.place:
            return
        place = self.place + self.part
        if isinstance(error, Invalid):
            error.issues = tuple(
                replace(i, expression=_within(place, i.expression)) for i in error.issues
            )
        elif isinstance(error, FhirError):
            error.expression = _within(place, error.expression)


def _within(place: str, expression: str) -> str:
    """`Patient.name` at Bundle.entry[0].resource is Bundle.entry[0].resource.name."""
    if expression.startswith("http.") or not expression:  # in a Bundle no header says it
        return place
    if expression.startswith("Bundle.entry"):
        return expression
    if expression.startswith("["):  # of a JSON Patch
        return f"{place}{expression}"
    _, dot, rest = expression.partition(".")
    return f"{place}{dot}{rest}" if expression[:1].isupper() else f"{place}.{expression}"


def reply_of(error: Exception) -> Reply:
    """The row of the table for this error: that of its nearest base class."""
    if isinstance(error, Refused) and error.missing:
        return REPLIES[NotFound]
    for kind in type(error).__mro__:
        if kind in REPLIES:
            return REPLIES[kind]
    return INTERNAL


def outcome(error: Exception) -> dict[str, Any]:
    """The OperationOutcome of an error; an unexpected one tells nothing of its text (PHI)."""
    if isinstance(error, Invalid):
        return issues_outcome(error.issues)
    if isinstance(error, Refused):
        return terminology_outcome(error.issues)
    reply = reply_of(error)
    text = "an internal error, see the server's log" if reply is INTERNAL else str(error)
    issue: dict[str, Any] = {"severity": "error", "code": reply.issue, "diagnostics": text}
    if kind := TX_ISSUES.get(type(error)):
        issue["details"] = {"coding": [{"system": TX_ISSUE_TYPE, "code": kind}], "text": text}
    if expression := getattr(error, "expression", PARAMETERS.get(type(error), "")):
        issue["expression"] = [expression]
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def terminology_outcome(issues: Iterable[TerminologyIssue]) -> dict[str, Any]:
    """The OperationOutcome of terminology's issues, with their tx-issue-type codes and ids."""
    return {"resourceType": "OperationOutcome", "issue": [_issue(i) for i in issues]}


def _issue(issue: TerminologyIssue) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if issue.id:
        told["extension"] = [{"url": MESSAGE_ID, "valueString": issue.id}]
    details: dict[str, Any] = {"text": issue.text}
    if issue.type:
        details = {"coding": [{"system": TX_ISSUE_TYPE, "code": issue.type}], **details}
    told |= {"severity": issue.severity, "code": issue.code, "details": details}
    # location says the same for readers of before R4, and of the terminology ecosystem
    return told | ({"location": [issue.place], "expression": [issue.place]} if issue.place else {})


def issues_outcome(issues: Iterable[Issue]) -> dict[str, Any]:
    """The OperationOutcome of validation issues."""
    return {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": i.severity,
                "code": i.code,
                "diagnostics": i.text,
                **({"expression": [i.expression]} if i.expression else {}),
            }
            for i in issues
        ],
    }
