"""References: their syntax, the types they may name, and what is contained (R4 2.3, ref-1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from capability.definitions import RESOURCE_TYPES
from capability.shape import Field

ID = r"[A-Za-z0-9\-.]{1,64}"
RELATIVE = re.compile(rf"([A-Za-z]+)/{ID}(?:/_history/{ID})?")
CONDITIONAL = re.compile(r"([A-Za-z]+)\?\S+")
REMOTE = re.compile(rf"https?://\S+/([A-Za-z]+)/{ID}(?:/_history/{ID})?")
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:\S+")
KNOWN = frozenset(RESOURCE_TYPES)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a resource stands: the types of what its container holds, by id.

    `conditional` allows references like "Patient?identifier=…": in a transaction only. Unless
    `typed`, a reference may name any resource type.
    """

    contained: Mapping[str, str] = field(default_factory=dict)
    conditional: bool = False
    typed: bool = True


def fault(value: Mapping[str, Any], at: Field, scope: Scope) -> tuple[str, str] | None:
    """What is wrong with a Reference: (FHIR issue-type, text); None where nothing is."""
    text = value.get("reference")
    named = value.get("type")
    if isinstance(named, str) and named in KNOWN and not _allowed(named, at, scope):
        return "value", _targets(at)
    if not isinstance(text, str):
        return None
    kind, wrong = target(text, scope)
    if wrong:
        return wrong
    if kind and not _allowed(kind, at, scope):
        return "value", f"{_targets(at)}, found one to {kind}"
    if kind and isinstance(named, str) and named in KNOWN and named != kind:
        return "value", f"expected a reference to {named} as its type says, found one to {kind}"
    return None


def target(text: str, scope: Scope) -> tuple[str, tuple[str, str] | None]:
    """The resource type a reference names ("" where it tells none), and what is wrong with it."""
    if text == "#":
        return "", None
    if text.startswith("#"):
        if text[1:] not in scope.contained:
            return "", (
                "invariant",
                "ref-1: expected a contained resource of this id, found none",
            )
        return scope.contained[text[1:]], None
    if match := RELATIVE.fullmatch(text):
        if match[1] not in KNOWN:
            return "", ("value", "expected a reference to an R4 resource type, found another name")
        return match[1], None
    if match := CONDITIONAL.fullmatch(text):
        if scope.conditional and match[1] in KNOWN:
            return match[1], None
        return "", ("value", "expected Type/id; a conditional reference belongs in a transaction")
    if match := REMOTE.fullmatch(text):
        return match[1] if match[1] in KNOWN else "", None
    if ABSOLUTE.fullmatch(text):
        return "", None
    return "", ("value", "expected Type/id, an absolute URL, urn:uuid:…, or #id")


def _allowed(target: str, at: Field, scope: Scope) -> bool:
    return not (scope.typed and at.element.targets) or target in at.element.targets


def _targets(at: Field) -> str:
    return "expected a reference to " + " or ".join(at.element.targets)
