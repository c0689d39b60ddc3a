"""What there is to say of one code: that it is unknown, barred, given up, or written otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from terminology.codesystem import CodeSystem, Coding, canonical
from terminology.issue import Issue, Severity, issue
from terminology.messages import (
    ABSTRACT_CODE,
    DEPRECATED_CODE,
    DEPRECATED_IN_VALUE_SET,
    INACTIVE_CODE,
    NOT_ACTIVE,
    NOT_IN_VALUE_SET,
    OTHER_CASE,
    OTHER_SYSTEM,
    THIS_NOT_IN_VALUE_SET,
    UNKNOWN_CODE,
    UNKNOWN_CODE_IN_EXAMPLE,
    UNKNOWN_CODE_IN_FRAGMENT,
    UNKNOWN_CODE_NO_VERSION,
    UNKNOWN_GRAMMAR,
)
from terminology.status import status_of
from terminology.validation.version import at
from terminology.valueset import Reference, listed_status

# of systems that may have more codes than are known
IN_PART = {"fragment": UNKNOWN_CODE_IN_FRAGMENT, "example": UNKNOWN_CODE_IN_EXAMPLE}


def unknown(system: CodeSystem, coding: Coding, path: str) -> Iterator[Issue]:
    """That a system has no such code; a fragment may have it all the same."""
    place = at(path, "code")
    told = coding.code, system.url, system.version
    if (message := IN_PART.get(system.content)) is not None:
        yield issue(message, *told, place=place)
        return
    if system.compositional:
        yield issue(UNKNOWN_GRAMMAR, system.url, coding.code, place=place)
    message = UNKNOWN_CODE if system.version else UNKNOWN_CODE_NO_VERSION
    yield issue(message, *told, place=place)


def barred(
    system: CodeSystem, code: str, path: str, abstract: bool, active_only: bool
) -> tuple[Issue, ...]:
    """Why a code that the system has does not pass: it only groups others, or is inactive.

    `abstract` says that codes which group others pass, `active_only` that inactive ones don't.
    """
    place = at(path, "code")
    if not abstract and system.is_abstract(code):
        return (issue(ABSTRACT_CODE, system.url, code, place=place),)
    if active_only and system.is_inactive(code):
        return (issue(NOT_ACTIVE, code, place=place),)
    return ()


def use(system: CodeSystem, code: str, written: str, path: str) -> Iterator[Issue]:
    """Why its use may call for a second look: the case it was written in, and its status."""
    if code != written:
        told = written, code, canonical(system.url, system.version)
        yield issue(OTHER_CASE, *told, place=at(path, "code"))
    status = status_of(system, system.concept(code))
    if system.is_inactive(code):
        known = status and status != "inactive"
        said = f"{status} and inactive" if known else "inactive"
        yield issue(INACTIVE_CODE, code, said, place=path or "code")
    elif status in ("deprecated", "withdrawn"):
        yield issue(DEPRECATED_CODE, code, status, place=path or "code")


def given_up(
    system: CodeSystem, code: str, listed: Reference | None, name: str, path: str
) -> Iterator[Issue]:
    """That the value set itself is giving a code up; `name` is what the set is called."""
    if status := listed_status(listed):
        told = code, system.url, name, status
        yield issue(DEPRECATED_IN_VALUE_SET, *told, place=at(path, "code"))


def foreign(coding: Coding, url: str, path: str, *, concept: bool) -> Issue:
    """That a coding is of another system than the one asked about; another one of it may not be."""
    told = coding.system, url
    severity: Severity = "information" if concept else "error"
    return issue(OTHER_SYSTEM, *told, place=at(path, "system"), severity=severity)


def outsider(coding: Coding, name: str, path: str, *, concept: bool) -> Issue:
    """That a code is not in the value set; another one of its `concept` may be."""
    written = f"{canonical(coding.system, coding.version)}#{coding.code}"
    if coding.display:
        written += f" ('{coding.display}')"
    message = THIS_NOT_IN_VALUE_SET if concept else NOT_IN_VALUE_SET
    return issue(message, written, name, place=at(path, "code"))
