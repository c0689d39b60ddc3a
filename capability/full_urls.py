"""Bundle.entry.fullUrl: absolute, and of the resource that the entry has (R4 Bundle, 2.36.4).

An official example breaks it, so it makes no Bundle invalid: it is told as a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from capability.definitions import RESOURCE_TYPES

Json = dict[str, Any]
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:\S+")
KNOWN = frozenset(RESOURCE_TYPES)
FREE = ("transaction", "batch")  # what is to be written has its URL from the server


def misnamed(bundle: Json) -> Iterator[tuple[int, str]]:
    """The entries with another fullUrl than their resources can have: (index, what is wrong)."""
    if bundle.get("type") in FREE:
        return
    for index, entry in enumerate(bundle.get("entry", ())):
        if url := entry.get("fullUrl"):
            if not ABSOLUTE.fullmatch(url):
                yield index, "expected an absolute URL (or urn:uuid:…), found a relative one"
            elif url.startswith(("http://", "https://")) and (told := _other(url, entry)):
                yield index, f"expected a URL that ends in {told}, as the resource says"


def _other(url: str, entry: Json) -> str:
    """What the URL should end in; "" where it does."""
    resource = entry.get("resource", {})
    kind, id = resource.get("resourceType"), resource.get("id")
    *_, named, last = url.split("/")
    if id is None or (last == id and (named == kind or named not in KNOWN)):
        return ""
    return f"{kind}/{id}"
