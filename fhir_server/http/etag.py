"""Entity tags of versions, and whether what a client has is still so."""

from __future__ import annotations

import re

from fhir_server.store.types import ANY

_ETAG = re.compile(r'(?:W/)?"([^"]*)"')
_BARE = re.compile(r'(?:W/)?(?:"([0-9]{1,18})"|([0-9]{1,18}))')  # some clients leave the quotes out


def version_of(tag: str) -> int | None:
    """The version that an ETag of ours names, ANY for "*"; None where it is none."""
    if tag == "*":
        return ANY
    found = _BARE.fullmatch(tag)
    return int(found[1] or found[2]) if found else None


def unchanged(version: int, last_updated: int, tags: str, since: float | None) -> bool:
    """Whether a version is one of the tags; without tags, whether it is as old as `since` (s)."""
    if tags:
        return tags.strip() == "*" or str(version) in _ETAG.findall(tags)
    return since is not None and last_updated // 1000 <= since
