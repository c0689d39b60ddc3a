"""What the resource being looked at contains: where a reference "#id" may point."""

from __future__ import annotations

import threading
from collections.abc import Callable


class _Here(threading.local):
    """Types of what is contained by "#id", and which of them were pointed to; of this thread."""

    def __init__(self) -> None:
        self.kinds: dict[str, str] = {}
        self.named: set[str] = set()


HERE = _Here()


def points_to(targets: tuple[str, ...]) -> Callable[[str], bool]:
    """A test of "#id": it names what is contained here, of one of the types (any without them)."""

    def test(text: str) -> bool:
        kind = HERE.kinds.get(text)
        if kind is None or (targets and kind not in targets):
            return False
        HERE.named.add(text)
        return True

    return test
