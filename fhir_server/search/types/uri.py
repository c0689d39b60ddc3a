"""uri: whole URIs, case and all; above and below by path segment (R4 search 3.1.1.4.13)."""

from __future__ import annotations

from fhir_server.errors import BadRequest
from fhir_server.search.index import Clause, Extract, IndexPath, Keys, SearchType
from fhir_server.search.value import ORDER, unescape

OF_TEXT = {  # what the operators of _filter ask for; no modifiers of queries
    "contains": "instr(uri, ?) > 0",
    "starts": "instr(uri, ?) = 1",
    "ends": "substr(uri, -length(?)) = ?",
} | {name: f"uri {sign} ?" for name, sign in ORDER.items()}


def _uri(path: str) -> Extract:
    return lambda value, out, base: out.uri.append((path, value))


def where(place: IndexPath, value: str, modifier: str, keys: Keys) -> list[Clause]:
    """The very URI (a canonical also with any version), or those under it, or those over it."""
    text = unescape(value)
    if not text:
        raise BadRequest("a uri was expected")
    if modifier in OF_TEXT:
        sql = OF_TEXT[modifier]
        return [Clause("uri", sql, (text,) * sql.count("?"))]
    same = Clause("uri", "uri = ?", (text,), point=True)
    if modifier == "below":
        return [same, *below(text)]
    if modifier == "above":
        over = "uri <> '' AND substr(?, 1, length(uri) + 1) = rtrim(uri, '/') || '/'"
        return [same, Clause("uri", over, (text,))]
    return [same, versions(text)]


def versions(url: str) -> Clause:
    """A canonical in any version."""
    return Clause("uri", "uri > ? AND uri < ?", (f"{url}|", f"{url}}}"))


def below(url: str) -> list[Clause]:
    """Of a URL what lies under it and its versions; of `url|1` the versions 1.x."""
    if "|" in url:
        return [Clause("uri", "uri > ? AND uri < ?", (f"{url}.", f"{url}/"))]
    root = url.rstrip("/")
    return [Clause("uri", "uri > ? AND uri < ?", (f"{root}/", f"{root}0")), versions(url)]


TYPE = SearchType(
    tables=("uri",),
    emit={"uri": _uri, "url": _uri, "canonical": _uri, "oid": _uri, "uuid": _uri},
    modifiers=("missing", "below", "above"),
    where=where,
)
