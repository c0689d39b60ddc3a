"""Versions of code systems: their order, patterns such as 1.x, and the rules of a request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

ANY = ("x", "X", "*")
_PARTS = re.compile(r"\d+|[a-zA-Z]+")
_WILD = re.compile(r"(^|\.)(x|X|\*)(\.|$)")


Rule = Literal["force", "default", "check", ""]


@dataclass(frozen=True, slots=True)
class VersionRules:
    """What a request says of versions, by url: those to use where none is named, and stricter ones.

    There are such rules for systems (system-version and its kin), and for value sets.
    """

    default: Mapping[str, str] = field(default_factory=dict)
    check: Mapping[str, str] = field(default_factory=dict)
    force: Mapping[str, str] = field(default_factory=dict)

    def wanted(self, url: str, named: str) -> str:
        """The version or pattern to use of what is named so."""
        return self.applied(url, named)[1]

    def applied(self, url: str, named: str) -> tuple[Rule, str]:
        """(the rule that decides, or "", the version or pattern to use)."""
        if forced := self.force.get(url):
            return "force", forced
        if named:
            return "", named
        if default := self.default.get(url):
            return "default", default
        if checked := self.check.get(url):
            return "check", checked
        return "", ""

    def required(self, url: str, version: str) -> str:
        """What another version must be, or empty where this one may be used."""
        wanted = self.check.get(url, "")
        return "" if fits(wanted, version) else wanted


def key(version: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts versions: numbers by value, before words; dates and semver both come out right."""
    main, _, label = (
        version.partition("+")[0].partition("-")
        if _semver(version)
        else (
            version,
            "",
            "",
        )
    )
    parts = [_part(p) for p in _PARTS.findall(main)]
    # a pre-release comes before its release
    return (*parts, (0, 0, "")) if label else (*parts, (1, 0, ""))


def latest(versions: Iterable[str], pattern: str = "") -> str | None:
    """The newest of some versions that the pattern allows, or None."""
    fitting = [v for v in versions if fits(pattern, v)]
    if len(fitting) == 1:
        return fitting[0]
    return max(fitting, key=key, default=None)


def fits(pattern: str, version: str) -> bool:
    """Whether a version is what is asked for: the same, or 1.x for 1.2 and 1.2.5.

    A version without a place for any number stands for itself: 1 is not 1.2.0.
    """
    if not pattern or pattern == version:
        return True
    if not is_pattern(pattern):
        return False
    wanted, given = pattern.split("."), version.split(".")
    if len(wanted) > len(given) or (len(wanted) < len(given) and wanted[-1] not in ANY):
        return False
    return all(w in ANY or w == g for w, g in zip(wanted, given, strict=False))


def is_pattern(version: str) -> bool:
    """Whether it has a place that any number fills."""
    return _WILD.search(version) is not None


def ordered(versions: Iterable[str]) -> Sequence[str]:
    """Oldest first, each once, without the empty one."""
    return sorted({v for v in versions if v}, key=key)


def _part(text: str) -> tuple[int, int, str]:
    digits = text.lstrip("0")
    return (2, len(digits), digits) if text.isdigit() else (1, 0, text)


def _semver(version: str) -> bool:
    return re.match(r"\d+\.\d+\.\d+([-+]|$)", version) is not None
