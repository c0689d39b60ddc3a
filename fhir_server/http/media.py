"""Media types: what is read, what is written, and what a client takes."""

from __future__ import annotations

import re
from functools import lru_cache

READABLE = frozenset(  # the last as older clients write it
    {"application/fhir+json", "application/json", "text/json", "application/json+fhir"}
)
WRITABLE = READABLE | {"*/*", "application/*", "json"}
FORM = "application/x-www-form-urlencoded"
VERSIONS = ("4.0", "4.0.1")  # of FHIR, as the parameter fhirVersion of a media type has them
_VERSION = re.compile(r";\s*fhirversion\s*=\s*\"?([^;\",\s]*)", re.IGNORECASE)


def media(value: str) -> str:
    """A media type without its parameters, lower case."""
    return value.partition(";")[0].strip().lower()


def of_version(type: str) -> bool:
    """Whether a media type names no other version of FHIR than R4 (R4 http 3.1.0.1.11)."""
    found = _VERSION.search(type)
    return found is None or found[1] in VERSIONS


@lru_cache(256)
def unreadable(sent: bytes) -> str:
    """Why a body of this Content-Type is no FHIR JSON; empty where it is."""
    type = sent.decode("latin-1")
    if media(type) not in READABLE:
        return f"send application/fhir+json, not {type or 'no Content-Type'!r}"
    return "" if of_version(type) else f"FHIR 4.0 is read here, not {type!r}"


@lru_cache(256)
def acceptable(accept: bytes) -> bool:
    """Whether an Accept header lets FHIR JSON through; nothing said lets all through."""
    if not accept.strip():
        return True
    return any(
        media(each) in WRITABLE
        and of_version(each)
        and not re.search(r";\s*q=0(\.0*)?\s*(;|$)", each)
        for each in accept.decode("latin-1").split(",")
    )
