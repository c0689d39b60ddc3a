"""string: names, addresses, text, without regard to case and accents (R4 search 3.1.1.4.8)."""

from __future__ import annotations

import unicodedata
from typing import Any

from fhir_server.errors import BadRequest
from fhir_server.search.index import Clause, Extract, IndexPath, Keys, Rows, SearchType
from fhir_server.search.value import ORDER, unescape

Fields = tuple[tuple[str, ...], tuple[str, ...]]  # of an element: single ones, lists
NAME = ("family", "text"), ("given", "prefix", "suffix")
ADDRESS = ("city", "district", "state", "postalCode", "country", "text"), ("line",)
PART = ":part"  # follows the path of the later words of family names
ENDS, WHOLE = "ends", "whole"  # what `ew` and `eq` of _filter ask for; no modifiers of queries
LAST = "\U0010ffff"


def norm(text: str) -> str:
    """Text for comparing: compatibility form, no accents, case folded, one space between words."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).casefold()
        text = unicodedata.normalize("NFKD", text)  # folding may compose anew
        text = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(text.lower().split())


def _text(path: str) -> Extract:
    def extract(value: Any, out: Rows, base: str) -> None:
        out.str.append((path, norm(value), value))

    def family(value: Any, out: Rows, base: str) -> None:
        extract(value, out, base)
        _later(path, value, out)

    return family if path.endswith(".family") else extract


def _name(path: str) -> Extract:
    def extract(value: Any, out: Rows, base: str) -> None:
        _parts(path, value, out, NAME)
        if "family" in value:
            _later(path, value["family"], out)

    return extract


def _address(path: str) -> Extract:
    return lambda value, out, base: _parts(path, value, out, ADDRESS)


def _parts(path: str, value: Any, out: Rows, fields: Fields) -> None:
    single, many = fields
    for field in single:
        if field in value:
            part = value[field]
            out.str.append((path, norm(part), part))
    for field in many:
        if field in value:
            out.str += [(path, norm(part), part) for part in value[field] if part]


def _later(path: str, family: str, out: Rows) -> None:
    """The later words of a family name: each is found alone (R4 search 3.1.1.4.8)."""
    if " " in family or "-" in family:
        later = norm(family.replace("-", " ")).split()[1:]
        out.str.extend((path + PART, word, word) for word in later)


def where(place: IndexPath, value: str, modifier: str, keys: Keys) -> list[Clause]:
    """Starts with the value, or as the modifier says: contains it, is exactly it."""
    text = unescape(value)
    key = norm(text)
    if not key:
        raise BadRequest("an empty string finds nothing: use :missing")
    if modifier == "exact":
        return [Clause("str", "norm = ? AND exact = ?", (key, text), point=True)]
    if modifier == WHOLE:
        return [Clause("str", "norm = ?", (key,))]
    if modifier == ENDS:
        return [Clause("str", "substr(norm, -length(?)) = ?", (key, key))]
    if modifier in ORDER:
        return [Clause("str", f"norm {ORDER[modifier]} ?", (key,))]
    if modifier == "contains":
        return [Clause("str", "instr(norm, ?) > 0", (key,))]
    return [starts(key), starts(key, PART)]


def starts(key: str, under: str = "") -> Clause:
    """Rows whose normalised text starts so."""
    return Clause("str", "norm >= ? AND norm < ?", (key, key + LAST), under=under)


TYPE = SearchType(
    tables=("str",),
    emit={
        "HumanName": _name,
        "Address": _address,
        "string": _text,
        "markdown": _text,
        "code": _text,
        "uri": _text,
    },
    modifiers=("missing", "exact", "contains"),
    where=where,
)
