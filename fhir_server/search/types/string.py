"""string: names, addresses, text, without regard to case and accents (R4 search 3.1.1.4.8)."""

from __future__ import annotations

import unicodedata
from typing import Any

from fhir_server.errors import BadRequest
from fhir_server.search.index import Clause, IndexPath, Keys, Rows, SearchType
from fhir_server.search.value import unescape

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


def _text(path: str, value: Any, out: Rows, base: str) -> None:
    out.str.append((path, norm(value), value))
    if path.endswith(".family"):
        _family(path, value, out)


def _parts(path: str, value: Any, out: Rows, fields: tuple[tuple[str, ...], ...]) -> None:
    single, many = fields
    for field in single:
        if part := value.get(field):
            out.str.append((path, norm(part), part))
    for field in many:
        for part in value.get(field, ()):
            if part:
                out.str.append((path, norm(part), part))


def _name(path: str, value: Any, out: Rows, base: str) -> None:
    _parts(path, value, out, NAME)
    if family := value.get("family"):
        _family(path, family, out)


def _family(path: str, family: str, out: Rows) -> None:
    """The later words of a family name: each is found alone (R4 search 3.1.1.4.8)."""
    if " " in family or "-" in family:
        later = norm(family.replace("-", " ")).split()[1:]
        out.str.extend((path + PART, word, word) for word in later)


def _address(path: str, value: Any, out: Rows, base: str) -> None:
    _parts(path, value, out, ADDRESS)


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
