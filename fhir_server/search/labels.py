"""The labels that are in use: distinct profiles, tags and security labels of the index."""

from __future__ import annotations

from typing import Any

from capability.definitions import RESOURCE_TYPES
from fhir_server.search.extract import compiled
from fhir_server.store.names import UNKNOWN, Numbers
from fhir_server.store.types import Connection

CODINGS = """SELECT DISTINCT t.code, coalesce(s.uri, '') FROM tok t
    LEFT JOIN sys s ON s.k = t.sys WHERE t.p IN ({paths}) AND t.code <> '' ORDER BY 2, 1"""
PROFILES = "SELECT DISTINCT uri FROM uri WHERE p IN ({paths}) ORDER BY 1"


def labels(connection: Connection, numbers: Numbers, type: str = "") -> dict[str, Any]:
    """The Meta of a type, or of all with the type "": codings without their displays."""
    meta: dict[str, Any] = {}
    types = (type,) if type else RESOURCE_TYPES
    rows = connection.execute(PROFILES.format(paths=_paths(numbers, types, "_profile")))
    if profiles := [uri for (uri,) in rows]:
        meta["profile"] = profiles
    for name, code in (("security", "_security"), ("tag", "_tag")):
        rows = connection.execute(CODINGS.format(paths=_paths(numbers, types, code)))
        if codings := [{"system": s, "code": c} if s else {"code": c} for c, s in rows]:
            meta[name] = codings
    return meta


def _paths(numbers: Numbers, types: tuple[str, ...], code: str) -> str:
    used = (name for name in types if numbers.types.find(name) != UNKNOWN)
    found = {numbers.paths.find(p.path) for name in used for p in compiled(name).paths[code]}
    return ", ".join(str(p) for p in sorted(found - {UNKNOWN}))
