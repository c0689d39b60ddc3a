"""Criteria read: one parameter of a query with its values, chains and reverse chains of them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from capability.definitions import RESOURCE_TYPES
from fhir_server.errors import BadRequest, NotSupported
from fhir_server.search import embedded, lists
from fhir_server.search.extract import OF_ITSELF, Compiled, compiled
from fhir_server.search.index import IndexPath
from fhir_server.search.pairs import Composite, place_of
from fhir_server.search.terms import (
    Chain,
    Criterion,
    Each,
    Either,
    Has,
    Listed,
    Match,
    Missing,
    Not,
    Own,
    Words,
)
from fhir_server.search.types import SEARCH_TYPES
from fhir_server.search.types.date import OVERLAPS
from fhir_server.search.types.string import ENDS, WHOLE
from fhir_server.search.types.uri import OF_TEXT
from fhir_server.search.value import ORDER, split, unescape
from fhir_server.search.words import read as words

OF_ALL = ("_id", "_lastUpdated", "_list", "_text", "_content")  # no elements of a type
TYPES = frozenset(RESOURCE_TYPES)
FILTERS: dict[str, Collection[str]] = {  # modifiers that _filter alone has
    "string": (ENDS, WHOLE, *ORDER),
    "date": (OVERLAPS,),
    "uri": OF_TEXT,
}
DEEPEST = 4  # links of a chain
MOST = 300  # alternatives of one parameter
MANY = 10_000  # of one whose alternatives can be asked together: see `alternatives`


class Unknown(NotSupported):
    """A parameter that the server does not know or do."""


LINKS = 2_000  # of all the chains of one search: a reference of any type leads to 146
Lookup = Callable[[str], Compiled]


@dataclass(slots=True)
class Walked:
    """How many links the chains of one search have led over so far: each may go to any type."""

    links: int = 0

    def on(self, name: str) -> None:
        """One more; raises NotSupported where they are too many."""
        self.links += 1
        if self.links > LINKS:
            text = "the chain may lead over too many types: name them, as in subject:Patient.name"
            raise NotSupported(text, name)


def criterion(
    type: str,
    name: str,
    value: str,
    depth: int = 0,
    *,
    compiled: Lookup = compiled,
    filtering: bool = False,
    walked: Walked | None = None,
) -> Criterion:
    """The criterion of one query parameter. Raises Unknown, NotSupported, BadRequest.

    `compiled` tells what a type can be searched by; `filtering` allows the modifiers that only
    the operators of _filter have; `walked` counts the links of its chains, with those before.
    """
    walked = walked or Walked()
    if depth > DEEPEST:
        raise NotSupported(f"a chain has up to {DEEPEST} links", name)
    if name.startswith("_has:"):
        return _has(type, name, value, depth, compiled, walked)
    head, dot, rest = name.partition(".")
    code, colon, modifier = head.partition(":")
    if dot:

        def link(target: str) -> Criterion:
            walked.on(name)
            return criterion(
                *(target, rest, value, depth + 1),
                compiled=compiled,
                filtering=filtering,
                walked=walked,
            )

        return _chain(type, name, compiled, link)
    if name == "_type":
        return _of_type(type, value, compiled)
    if code in OF_ALL:
        if code in OF_ITSELF and modifier in ("missing", "not"):
            return _of_itself(type, name, value, compiled)
        if colon:
            raise NotSupported(f"{code} has no modifier {modifier!r}", name)
        return _of_all(type, code, value, compiled)
    known = compiled(type)
    if code in known.composites:
        return _composite(type, name, value, known.composites[code])
    return _match(type, name, value, known, filtering=filtering)


def _match(type: str, name: str, value: str, known: Compiled, *, filtering: bool) -> Criterion:
    code, colon, modifier = name.partition(":")
    if code not in known.kinds:
        raise _unknown(type, code, name, known)
    places, kind = known.paths[code], known.kinds[code]
    if modifier == "missing":
        return Missing(name, kind, places, _switch(name, value))
    if not (filtering and modifier in FILTERS.get(kind, ())):
        _check(name, kind, modifier, colon)
    if places[0].path.startswith(embedded.PLACE):
        return embedded.named(name, places[0], modifier, _values(name, value))
    values = _values(name, value, MANY)
    if name == "url" and "|" in value and "version" in known.kinds:
        return Either(type, tuple(_canonical(type, known, each) for each in values))
    return Match(name, kind, places, modifier, values)


def _unknown(type: str, code: str, name: str, known: Compiled) -> Unknown:
    why = f": {known.left_out[code]}" if code in known.left_out else ""
    return Unknown(f"{type} can't be searched by {code!r}{why}", name)


def _canonical(type: str, known: Compiled, value: str) -> Criterion:
    """`url|version` of a definition: that version of it (R4 search 3.1.1.4.9)."""
    url, *version = split(value, "|")
    same = Match("url", "uri", known.paths["url"], "", (url,))
    if len(version) != 1 or not version[0]:
        return same
    return Each(type, (same, Match("url", "token", known.paths["version"], "", (version[0],))))


def _check(name: str, kind: str, modifier: str, colon: str) -> None:
    allowed = SEARCH_TYPES[kind].modifiers
    typed = "[type]" in allowed and modifier in TYPES
    if colon and not typed and (modifier not in allowed or modifier == "[type]"):
        listed = ", ".join(f":{m}" for m in allowed)
        raise NotSupported(f"{modifier!r} is no modifier of this parameter; it has {listed}", name)


def _values(name: str, value: str, most: int = MOST) -> tuple[str, ...]:
    values = tuple(v for v in split(value, ",") if v)
    if not values:
        raise BadRequest("the parameter has no value", name)
    if len(values) > most:
        raise NotSupported(f"a parameter has up to {most} alternatives", name)
    return values


def _of_itself(type: str, name: str, value: str, compiled: Lookup) -> Criterion:
    """`_id` and `_lastUpdated` are never missing; `_id:not` is whatever has another."""
    code, _, modifier = name.partition(":")
    if modifier == "missing":
        return Missing(name, "", (), missing=not _switch(name, value))
    if code != "_id":
        raise NotSupported(f"{code} has no modifier {modifier!r}", name)
    return Not(type, _of_all(type, code, value, compiled))


def _of_type(type: str, value: str, compiled: Lookup) -> Criterion:
    """All or none of a type: at the end of a chain it may be one of several."""
    named = _values("_type", value)
    if wrong := [each for each in named if each not in TYPES]:
        raise BadRequest(f"FHIR R4 has no resource type {wrong[0]!r}", "_type")
    return _of_itself(type, "_id:missing", str(type not in named).lower(), compiled)


def _switch(name: str, value: str) -> bool:
    if value not in ("true", "false"):
        raise BadRequest(":missing is true or false", name)
    return value == "true"


def _of_all(type: str, code: str, value: str, compiled: Lookup) -> Criterion:
    values = _values(code, value, MANY if code == "_id" else MOST)
    if code in OF_ITSELF:
        return Own(code, values, type)
    if code != "_list":
        for each in values:
            words(unescape(each), code)
        return Words(type, code, tuple(unescape(v) for v in values))
    every = tuple(_list(type, unescape(v), compiled) for v in values)
    return every[0] if len(every) == 1 else Either(type, every)


def _list(type: str, name: str, compiled: Lookup) -> Criterion:
    if not name.startswith("$"):
        return Listed(type, name)
    asked = lists.asked(type, name)
    return Each(type, tuple(criterion(type, n, v, compiled=compiled) for n, v in asked))


def _reference(type: str, code: str, name: str, compiled: Lookup) -> tuple[IndexPath, ...]:
    known = compiled(type)
    if code not in known.kinds:
        raise _unknown(type, code, name, known)
    if known.kinds[code] != "reference":
        raise BadRequest(f"{code!r} of {type} is no reference", name)
    return known.paths[code]


def _chain(
    type: str, name: str, compiled: Lookup, link_to: Callable[[str], Criterion]
) -> Criterion:
    """A chain of which `link_to` gives the rest, as it is to a type."""
    code, _, only = name.partition(".")[0].partition(":")
    if only and only not in TYPES:
        raise BadRequest(f"{only!r} is no resource type", name)
    places = _reference(type, code, name, compiled)
    links: list[tuple[str, Criterion]] = []
    unknown: Unknown | None = None
    for target in (only,) if only else compiled(type).targets[code] or RESOURCE_TYPES:
        try:
            links.append((target, link_to(target)))
        except Unknown as error:
            unknown = error
    if not links:
        raise unknown or Unknown(f"{code!r} of {type} refers to nothing", name)
    if places[0].path.startswith(embedded.PLACE):
        ((_, link),) = links
        return embedded.within(link, type, places[0], name)
    return Chain(places, tuple(links))


def _has(type: str, name: str, value: str, depth: int, compiled: Lookup, walked: Walked) -> Has:
    parts = name.split(":", 3)
    if len(parts) < 4 or not all(parts):
        raise BadRequest("_has is written _has:Type:reference:parameter", name)
    _, source, code, rest = parts
    if source not in TYPES:
        raise BadRequest(f"{source!r} is no resource type", name)
    inner = criterion(source, rest, value, depth + 1, compiled=compiled, walked=walked)
    return Has(type, source, _reference(source, code, name, compiled), inner)


def _composite(type: str, name: str, value: str, known: Composite) -> Criterion:
    if ":" in name:
        raise NotSupported("a composite has no modifiers here", name)
    either: list[Criterion] = []
    for written in _values(name, value):
        parts = split(written, "$")
        if len(parts) != len(known.kinds) or not all(parts):
            raise BadRequest(f"the value has {len(known.kinds)} parts with $ between", name)
        for whole in known.wholes:
            each = zip(known.kinds, whole, parts, strict=True)
            matches = tuple(Match(name, kind, places, "", (p,)) for kind, places, p in each)
            either.append(Each(type, matches))
        for token, numbers in known.spans:
            span = Match(name, "span", numbers, "", (f"{parts[1]}${parts[2]}",))
            either.append(Each(type, (Match(name, known.kinds[0], token, "", (parts[0],)), span)))
        if known.pairs:
            key, other = parts[known.key], 1 - known.key
            places = tuple(place_of(pair, key, name) for pair in known.pairs)
            either.append(Match(name, known.kinds[other], places, "", (parts[other],)))
    return either[0] if len(either) == 1 else Either(type, tuple(either))
