"""Canonical references: to the definitions of this server by their url, whatever their id.

One with a version (`url|1.2`) names the definition of that version, one without any of that url.
"""

from __future__ import annotations

from capability.definitions import RESOURCE_TYPES
from fhir_server.search.index import IndexPath
from fhir_server.store.names import UNKNOWN, Numbers

URL = "substr(u.uri, 1, instr(u.uri || '|', '|') - 1)"
VERSION = "lower(substr(u.uri, instr(u.uri, '|') + 1))"
_NAMED = f"""FROM uri u
    CROSS JOIN uri t ON t.p IN (SELECT value FROM json_each(?)) AND t.uri = {URL}
    AND (instr(u.uri, '|') = 0 OR EXISTS (SELECT 1 FROM tok v WHERE v.rid = t.rid AND v.sys = 0
        AND v.p IN (SELECT value FROM json_each(?)) AND v.code = {VERSION})) WHERE u.p = ?"""


def named(
    numbers: Numbers, place: IndexPath, type: str = ""
) -> tuple[str, tuple[str | int, ...]] | None:
    """The FROM and WHERE of what refers by canonical at a place (row id u.rid) with the definitions
    that it names (t.rid), of one type or any, and the values that it binds; None where there are
    none."""
    path = numbers.paths.find(place.path)
    if not place.canonical or path == UNKNOWN:
        return None
    types = (type,) if type else RESOURCE_TYPES
    urls, versions = (
        [n for t in types if (n := numbers.paths.find(f"{t}.{name}")) != UNKNOWN]
        for name in ("url", "version")
    )
    return (_NAMED, (str(urls), str(versions), path)) if urls else None
