"""What terminology can't do. Messages name systems and codes, never the text of a note."""

from __future__ import annotations


class TerminologyError(Exception):
    """The root of this tree."""


class UnknownSystem(TerminologyError, LookupError):
    """No code system is loaded under that url or alias."""

    def __str__(self) -> str:
        return f"no code system {self.args[0]!r} is loaded"


class UnknownCode(TerminologyError, LookupError):
    """The system is loaded, the code is not in it."""

    def __str__(self) -> str:
        return f"no code {self.args[1]!r} in {self.args[0]}"


class IndexMissing(TerminologyError):
    """No usable index in the data folder: `medparser index build` makes it."""


class SourceError(TerminologyError):
    """A release file is absent, cut short or not in its official format; names file and line."""
