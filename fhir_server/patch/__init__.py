"""PATCH: JSON Patch, FHIRPath Patch, XML Patch, JSON Merge Patch; each reads a patch once and
applies it to stored bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fhir_server.errors import CONTENT_TYPE, UnsupportedMedia
from fhir_server.patch import fhirpath_patch, json_patch, merge_patch, xml_patch
from fhir_server.patch.document import load

Apply = Callable[[bytes], bytes]


def _plain(patch: bytes) -> Apply:
    """Of a body that is called JSON and no more: its form tells what kind of patch it is."""
    given = load(patch)
    if isinstance(given, list):
        return json_patch.read(patch)
    if isinstance(given, dict) and given.get("resourceType") == "Parameters":
        return fhirpath_patch.read(patch)
    return merge_patch.read(patch)


PATCHES: Mapping[str, Callable[[bytes], Apply]] = {
    "application/json-patch+json": json_patch.read,
    "application/fhir+json": fhirpath_patch.read,
    "application/xml-patch+xml": xml_patch.read,
    "application/merge-patch+json": merge_patch.read,
    "application/json": _plain,
}


def applying(kind: str, patch: bytes) -> Apply:
    """What a patch of a media type does to a resource's bytes; UnsupportedMedia."""
    if kind not in PATCHES:
        raise UnsupportedMedia(f"a patch is {' or '.join(PATCHES)}, not {kind!r}", CONTENT_TYPE)
    return PATCHES[kind](patch)
