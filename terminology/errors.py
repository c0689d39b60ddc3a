"""What terminology can't do. Messages name systems and codes, never the text of a note."""

from __future__ import annotations

SHOWN = 100  # characters of a code that is told back


class TerminologyError(Exception):
    """The root of this tree."""


class UnknownSystem(TerminologyError, LookupError):
    """No code system is loaded under that url or alias."""

    def __str__(self) -> str:
        return f"no code system {self.args[0]!r} is loaded"


class UnknownCode(TerminologyError, LookupError):
    """The system is loaded, the code is not in it: (system, code, parameter that named it)."""

    @property
    def expression(self) -> str:
        """The parameter that named the code."""
        return str(self.args[2]) if len(self.args) > 2 else "code"

    def __str__(self) -> str:
        code = str(self.args[1])
        shown = code if len(code) <= SHOWN else f"{code[:SHOWN]}…"
        return f"no code {shown!r} in {self.args[0]}"


class IndexMissing(TerminologyError):
    """No usable index in the data folder: `medparser index build` makes it."""


class SourceError(TerminologyError):
    """A release file is absent, cut short or not in its official format; names file and line."""
