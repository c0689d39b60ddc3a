"""JSON Merge Patch (RFC 7396) on a resource: what some clients send as a plain object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fhir_server.errors import BadRequest
from fhir_server.patch.document import dump, load

Json = Any


def read(patch: bytes) -> Callable[[bytes], bytes]:
    """What the patch does to a resource's bytes; raises BadRequest where it is no object."""
    given = load(patch)
    if not isinstance(given, dict):
        raise BadRequest("a JSON Merge Patch is an object")

    def apply(body: bytes) -> bytes:
        return dump(_merged(load(body), given))

    return apply


def _merged(target: Json, patch: Json) -> Json:
    """The value with the patch's members in place of its own; null takes a member away."""
    if not isinstance(patch, dict):
        return patch
    made = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            made.pop(name, None)
        else:
            made[name] = _merged(made.get(name), value)
    return made
