"""Versions of code systems: their order, patterns such as 1.x, and the rules of a request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

ANY = ("x", "X", "*")
_PARTS = re.compile(r"\d+|[a-zA-Z]+")
_WILD = re.compile(r"(^|\.)(x|X|\*)(\.|$)")


@dataclass(frozen=True, slots=True)
class VersionRules:
    """What a request says of versions, by system url: system-version and its two stricter kin."""

    default: Mapping[str, str] = field(default_factory=dict)
    check: Mapping[str, str] = field(default_factory=dict)
    force: Mapping[str, str] = field(default_factory=dict)

    def wanted(self, system: str, included: str) -> str:
        """The version or pattern to use where a value set includes the system so."""
        return self.applied(system, included)[1]

    def applied(self, system: str, included: str) -> tuple[str, str]:
        """(parameter that decides, or "", the version or pattern to use)."""
        if forced := self.force.get(system):
            return "force-system-version", forced
        if included:
            return "", included
        if default := self.default.get(system):
            return "system-version", default
        if checked := self.check.get(system):
            return "check-system-version", checked
        return "", ""


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
