"""resolve(): where a reference leads within the resource that is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from capability.definitions import RESOURCE_TYPES
from capability.fhirpath.env import Env
from capability.fhirpath.node import Node, children

Json = dict[str, Any]


def resolved(node: Node, env: Env) -> Iterator[Node]:
    """What a Reference or a canonical leads to: contained, in the same Bundle, or elsewhere.

    Of what is elsewhere the type alone is known, as far as the reference tells it.
    """
    given = node.value
    target = given.get("reference") if isinstance(given, dict) else given
    if not isinstance(target, str):
        return
    if target.startswith("#"):
        yield from _contained(target[1:], env)
        return
    for entry in children(env.bundle or env.root, "entry"):
        if _names(str(entry.value.get("fullUrl", "")), target):
            yield from children(entry, "resource")
            return
    parts = target.partition("/_history/")[0].split("/")
    kind = parts[-2] if len(parts) > 1 else ""
    kind = kind or str(given.get("type", "") if isinstance(given, dict) else "")
    if kind in RESOURCE_TYPES:
        yield Node({"resourceType": kind}, kind, away=True)


def _names(full_url: str, target: str) -> bool:
    return full_url == target or (bool(full_url) and full_url.endswith(f"/{target}"))


def _contained(id: str, env: Env) -> Iterator[Node]:
    if not id:
        yield env.root
        return
    for inner in children(env.root, "contained"):
        if inner.value.get("id") == id:
            yield inner
