"""PATCH: JSON Patch, FHIRPath Patch, XML Patch, JSON Merge Patch; each reads a patch once and
applies it to stored bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from fhir_server.errors import CONTENT_TYPE, BadRequest, UnsupportedMedia
from fhir_server.patch import fhirpath_patch, json_patch, merge_patch, xml_patch
from fhir_server.patch.document import load

T = TypeVar("T")
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
    return _bounded(_bounded(PATCHES[kind])(patch))


def _bounded(step: Callable[[bytes], T]) -> Callable[[bytes], T]:
    """A step that raises BadRequest for values within values without end."""

    def bounded(given: bytes) -> T:
        try:
            return step(given)
        except RecursionError:
            raise BadRequest("the patch nests its values too deep") from None

    return bounded
