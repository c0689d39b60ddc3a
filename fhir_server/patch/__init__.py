"""PATCH: JSON Patch and FHIRPath Patch; each reads a patch once and applies it to stored bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fhir_server.errors import UnsupportedMedia
from fhir_server.patch import fhirpath_patch, json_patch

Apply = Callable[[bytes], bytes]
PATCHES: Mapping[str, Callable[[bytes], Apply]] = {
    "application/json-patch+json": json_patch.read,
    "application/fhir+json": fhirpath_patch.read,
}


def applying(kind: str, patch: bytes) -> Apply:
    """What a patch of a media type does to a resource's bytes; UnsupportedMedia."""
    if kind not in PATCHES:
        raise UnsupportedMedia(f"a patch is {' or '.join(PATCHES)}, not {kind!r}")
    return PATCHES[kind](patch)
