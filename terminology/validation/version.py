"""Which version of a code system a code is checked against, and what to say of the choice."""

from __future__ import annotations

from collections.abc import Sequence
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
    VERSION_NEEDED,
    VERSION_NOT_ALLOWED,
)
from terminology.validation.display import check_display, preferred
from terminology.validation.membership import Membership
from terminology.validation.types import Checked, Options
from terminology.versions import VersionRules, fits, key


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
        if system.version_needed and not given:
            issues.append(issue(VERSION_NEEDED, url, place=at(path, "version")))
        if required := rules.required(url, system.version):
            told = system.version, url, required
            issues.append(issue(VERSION_NOT_ALLOWED, *told, place=at(path, "version")))
    return Choice(system, tuple(issues), tuple(unknown))


def likeliest(
    library: Library,
    membership: Membership,
    options: Options,
    coding: Coding,
    included: Sequence[str],
) -> str:
    """The version that a coding without one means, of several that a value set includes.

    The newest in which the code is in the set under the coding's display; else under any display;
    else the newest.
    """
    rules, found = options.rules, dict[str, CodeSystem]()
    for version in included:
        if system := library.system(coding.system, rules.wanted(coding.system, version)):
            found[version] = system
    newest = sorted(found, key=lambda version: key(found[version].version), reverse=True)
    members = [v for v in newest if _member(membership, found[v], coding.code, options)]
    named = [v for v in members if _named(membership, found[v], coding, options)]
    return (named or members or newest or list(included))[0]


def own_version(library: Library, coding: Coding, options: Options) -> Checked:
    """What is told of a coding whose system isn't known in the version that the set asks for."""
    told = Checked(coding.system, coding.code)
    own = library.system(coding.system, coding.version) if coding.version else None
    if own is None or (code := own.find(coding.code)) is None:
        return told
    display = preferred(own, own.concept(code), None, options.languages)
    return Checked(coding.system, coding.code, own.version, display)


def _member(membership: Membership, system: CodeSystem, code: str, options: Options) -> bool:
    own = system.find(code)
    found = None if own is None else membership.find(system, own)
    if own is None or found is None:
        return False
    return not (system.is_inactive(own) and (options.active_only or found.active_only))


def _named(membership: Membership, system: CodeSystem, coding: Coding, options: Options) -> bool:
    code = system.find(coding.code)
    if code is None or not coding.display:
        return code is not None
    found = membership.find(system, code)
    listed = found.listed if found else None
    given = system, system.concept(code), listed, coding.display, options.languages
    wrong = check_display(*given, "", lenient=None)
    return wrong is None or wrong.severity != "error"


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
