"""What an expansion is asked, what it is made from, and what it gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from terminology.codesystem import CodeSystem
from terminology.expansion.contains import Contains, Details
from terminology.valueset import Reference
from terminology.versions import VersionRules

Key = tuple[str, str, str]  # system, its version, code


@dataclass(frozen=True, slots=True)
class Options:
    """What a request asks of an expansion; `count` None is all. `excluded` are system canonicals.

    `rules` are for the versions of systems, `set_rules` for those of value sets.
    """

    text: str = ""
    active_only: bool = False
    nested: bool = True
    offset: int = 0
    count: int | None = None
    wanted: Details = field(default_factory=Details)
    rules: VersionRules = field(default_factory=VersionRules)
    excluded: tuple[str, ...] = ()
    set_rules: VersionRules = field(default_factory=VersionRules)


@dataclass(frozen=True, slots=True)
class Member:
    """A code of a value set; `listed` is what the set itself says of it, if it lists it."""

    system: CodeSystem
    code: str
    listed: Reference | None = None


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes of one system, not yet made into members: there may be a hundred thousand."""

    system: CodeSystem
    codes: Sequence[str]

    def __len__(self) -> int:
        return len(self.codes)

    def members(self, first: int, last: int | None) -> list[Member]:
        """Some of the codes as members."""
        return [Member(self.system, code) for code in self.codes[first:last]]


@dataclass(frozen=True, slots=True)
class Expansion:
    """An expansion: `used` are (parameter, canonical) of what it was made from, in order.

    `unclosed` are why there may be codes that it lacks.
    """

    total: int
    contains: tuple[Contains, ...]
    used: tuple[tuple[str, str], ...]
    unclosed: tuple[str, ...] = ()
