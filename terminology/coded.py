"""The codes of one loaded system, and which stands above which."""

from __future__ import annotations

from kernels.codes import Block, Codes
from terminology.errors import UnknownCode


class Coded:
    """One system of one version by its codes. Immutable: threads may share it.

    `number(code)` is the number of its concept, -1 where it has no such code.
    """

    __slots__ = ("_subsumes", "number", "url", "version")

    def __init__(self, url: str, version: str, block: Block) -> None:
        """`block` is what kernels.codes.build made; raises ValueError where it isn't whole."""
        codes = Codes(block)
        self.url, self.version, self.number, self._subsumes = (
            url,
            version,
            codes.number,
            codes.subsumes,
        )

    def known(self, code: str) -> int:
        """The number of a code's concept; raises UnknownCode."""
        number = self.number(code)
        if number < 0:
            raise UnknownCode(self.url, code)
        return number

    def subsumes(self, a: str, b: str) -> bool:
        """Whether `a` is `b` or stands above it; raises UnknownCode."""
        found = self._subsumes(a, b)
        if found < 0:
            raise UnknownCode(self.url, a if self.number(a) < 0 else b)
        return found > 0
