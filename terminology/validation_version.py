"""Which version of a code system a code is checked against, and what to say of the choice."""

from __future__ import annotations

from dataclasses import dataclass

from terminology.codesystem import CodeSystem, Coding, canonical
from terminology.issue import Issue, Severity, either, issue
from terminology.library import Library
from terminology.messages import (
    OTHER_VERSION,
    OTHER_VERSION_CHANGED,
    OTHER_VERSION_DEFAULT,
    UNKNOWN_SYSTEM,
    UNKNOWN_VERSION,
    UNKNOWN_VERSION_NONE,
    VERSION_NOT_ALLOWED,
)
from terminology.versions import VersionRules, fits


@dataclass(frozen=True, slots=True)
class Choice:
    """The code system, or None; `unknown` are canonicals of what was wanted and isn't there."""

    system: CodeSystem | None
    issues: tuple[Issue, ...] = ()
    unknown: tuple[str, ...] = ()


def choose(
    library: Library, rules: VersionRules, coding: Coding, included: str, path: str
) -> Choice:
    """The system of a coding, where a value set includes it in a version or pattern (or "")."""
    url, given = coding.system, coding.version
    wanted = rules.wanted(url, included)
    if given and (fits(wanted, given) if wanted else library.system(url, given) is not None):
        wanted = given
    system = library.system(url, wanted)
    issues: list[Issue] = []
    unknown: list[str] = []
    if given and system is not None and not fits(given, system.version):
        issues.append(_mismatch(system, given, wanted, included, at(path, "version")))
        if library.system(url, given) is None:
            issues.append(unknown_version(library, url, given, path))
            unknown.append(canonical(url, given))
    elif given and system is None and wanted and wanted != given:
        told = url, wanted, given
        issues.append(issue(OTHER_VERSION, *told, place=at(path, "version")))
    if system is None:
        if wanted:
            issues.append(unknown_version(library, url, wanted, path))
            unknown.append(canonical(url, wanted) if library.versions(url) else url)
        else:
            issues.append(issue(UNKNOWN_SYSTEM, url, place=at(path, "system")))
            unknown.append(url)
    else:
        required = rules.check.get(url, "")
        if required and not fits(required, system.version):
            told = system.version, url, required
            issues.append(issue(VERSION_NOT_ALLOWED, *told, place=at(path, "version")))
    return Choice(system, tuple(issues), tuple(unknown))


def unknown_version(library: Library, url: str, version: str, path: str) -> Issue:
    """That a system has no such version, and which it has."""
    place = at(path, "system")
    if known := library.versions(url):
        return issue(UNKNOWN_VERSION, url, version, either(known), place=place)
    return issue(UNKNOWN_VERSION_NONE, url, version, place=place)


def at(path: str, name: str) -> str:
    """A FHIRPath below another one."""
    return f"{path}.{name}" if path else name


def _mismatch(system: CodeSystem, given: str, wanted: str, included: str, place: str) -> Issue:
    if not wanted:
        severity: Severity | None = "error" if system.version_needed else None
        told = system.url, system.version, given
        return issue(OTHER_VERSION_DEFAULT, *told, place=place, severity=severity)
    if wanted != included:
        changed = system.url, wanted, included, given
        return issue(OTHER_VERSION_CHANGED, *changed, place=place)
    return issue(OTHER_VERSION, system.url, included, given, place=place)
