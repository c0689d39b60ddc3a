"""What the resource being looked at contains: where a reference "#id" may point."""

from __future__ import annotations

import threading
from collections.abc import Callable

from capability import primitives, references
from capability.references import Scope

Within = tuple[dict[str, str], set[str]]
NOTHING: Within = ({}, set())


class _Here(threading.local):
    """Types of what is contained by "#id", and which of them were pointed to; of this thread."""

    within: Within = NOTHING


HERE = _Here()
ANYWHERE = Scope({}, conditional=True)


def points_to(targets: tuple[str, ...], conditional: bool) -> Callable[[str], bool]:
    """A test of a reference: it is good here, and names one of the types (any without them)."""
    scope = Scope({}, conditional)

    def test(text: str) -> bool:
        kinds, named = HERE.within
        if text in kinds:
            named.add(text)
            return not targets or kinds[text] in targets
        kind, wrong = references.target(text, scope)
        if wrong or primitives.fault("string", text):
            return False
        return not kind or not targets or kind in targets

    return test


def target(text: str) -> str:
    """The type that a good reference names, "" where it names none."""
    return HERE.within[0].get(text) or references.target(text, ANYWHERE)[0]
