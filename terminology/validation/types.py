"""What a validation is asked, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from terminology.codesystem import Coding
from terminology.issue import Issue, summary
from terminology.languages import Languages
from terminology.versions import VersionRules


@dataclass(frozen=True, slots=True)
class Options:
    """How strictly to check. `languages` are the request's own, `header` those of its header.

    `lenient_display` is None where the request doesn't say.
    """

    languages: Languages = field(default_factory=Languages)
    header: Languages = field(default_factory=Languages)
    rules: VersionRules = field(default_factory=VersionRules)
    set_rules: VersionRules = field(default_factory=VersionRules)
    abstract: bool = True
    active_only: bool = False
    lenient_display: bool | None = None
    membership_only: bool = False
    infer_system: bool = False


@dataclass(frozen=True, slots=True)
class Codings:
    """The codes to check: `paths` are where they stand in the request ("" for a bare code).

    `concept` says that any one of them will do.
    """

    codings: tuple[Coding, ...]
    paths: tuple[str, ...]
    concept: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of one code."""

    system: str = ""
    code: str = ""
    version: str = ""
    display: str = ""
    normalized: str = ""
    status: str = ""
    inactive: bool = False
    member: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer: `best` is the code that it is about. `unknown` are systems that aren't known,
    `caused` those among them that the value set needs."""

    result: bool
    best: Checked | None
    issues: tuple[Issue, ...]
    unknown: tuple[str, ...] = ()
    caused: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """What the issues say, as one text; empty where there is nothing to say."""
        return summary(self.issues)
