"""_summary and _elements: a part of a resource, its values as they were stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from msgspec import structs

from capability.definitions import elements
from capability.shape import shape
from capability.summary import cut, nested, summary
from fhir_server.errors import BadRequest
from fhir_server.splice import items, members
from fhir_server.store.types import Page

HELD_BACK = ("_format", "_pretty")  # parameters that every interaction has
MODES = ("true", "text", "data", "count", "false")
ALWAYS = frozenset({"resourceType", "id", "meta"})
TEXT = ALWAYS | {"text", "implicitRules", "language"}
INNER = frozenset({"id", "extension", "modifierExtension"})  # whole wherever it is told
EMPTY = (b"{}", b"[]")  # what may be left of an element
TAG = b'{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}'


@dataclass(frozen=True, slots=True)
class Subset:
    """Which part: a _summary mode, or the _elements named (those of a type after its name)."""

    mode: str = "false"
    named: tuple[str, ...] = ()

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters that the part is told by; a mode "count" is the search's own."""
        whole = self.mode in ("false", "count")
        return (() if whole else ("_summary",)) + (("_elements",) if self.named else ())

    def of(self, body: bytes) -> bytes:
        """The part of a resource's bytes, tagged SUBSETTED; the whole where all is asked for."""
        if not self.parameters or not body:
            return body
        listed = list(members(body, 0, len(body)))
        [type] = [
            body[m.start + 1 : m.end - 1].decode() for m in listed if m.name == "resourceType"
        ]
        keep = self._kept(type)
        parts = []
        for member in listed:
            name = member.name.removeprefix("_")
            if name not in keep and not self._data(name):
                continue
            value = body[member.start : member.end]
            if name == "meta":
                value = _tagged(value)
            elif self.mode == "true":
                value = _summarised(value, type, member.name)
            if value in EMPTY:
                continue
            parts.append(b'"%b":%b' % (member.name.encode(), value))
        if not any(m.name == "meta" for m in listed):
            parts.append(b'"meta":{"tag":[%b]}' % TAG)
        return b"{" + b",".join(parts) + b"}"

    def asked(self, query: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """What of a query asks for the part."""
        return tuple(pair for pair in query if pair[0] in self.parameters)

    def page(self, page: Page, query: Iterable[tuple[str, str]]) -> Page:
        """The part of each match of a search; the links of the page say so too."""
        kept = self.asked(query)
        if not kept:
            return page
        entries = tuple(structs.replace(s, body=self.of(s.body)) for s in page.entries)
        following = page.next and page.next + kept
        before = page.previous and page.previous + kept
        used = page.used + kept
        return replace(page, used=used, next=following, previous=before, entries=entries)

    def _data(self, name: str) -> bool:
        return self.mode == "data" and name != "text"

    def _kept(self, type: str) -> frozenset[str]:
        required = {e.name for e in elements(type) if e.min}
        if self.named:
            own = {n.rpartition(".")[2] for n in self.named if n.partition(".")[0] in (type, n)}
            return _spelled(type, ALWAYS | required | own)
        if self.mode == "text":
            return _spelled(type, TEXT | required)
        return _spelled(type, ALWAYS | required | summary(type))


def subset_of(query: Iterable[tuple[str, str]]) -> Subset:
    """The part that a query asks for; raises BadRequest."""
    given = [(name, value) for name, value in query if name in ("_summary", "_elements")]
    if not given:
        return WHOLE
    modes = [value for name, value in given if name == "_summary"]
    if len(modes) > 1 or any(mode not in MODES for mode in modes):
        raise BadRequest(f"_summary is one of {', '.join(MODES)}", "_summary")
    named = ",".join(value for name, value in given if name == "_elements")
    return Subset(modes[0] if modes else "false", tuple(n for n in named.split(",") if n))


WHOLE = Subset()


def _summarised(value: bytes, owner: str, key: str) -> bytes:
    """An element of a summary without what is no summary within it."""
    field = shape(owner).fields.get(key)
    if field is None or field.kind != "object" or not cut(field.type):
        return value
    if value[:1] == b"[":
        each = (_object(value[a:b], field.type) for a, b in items(value, 0, len(value)))
        return b"[" + b",".join(one for one in each if one not in EMPTY) + b"]"
    return _object(value, field.type)


def _object(value: bytes, type: str) -> bytes:
    kept = nested(type)
    names = None if kept is None else _spelled(type, kept | INNER)
    parts = []
    for member in members(value, 0, len(value)):
        if names is not None and member.name.removeprefix("_") not in names:
            continue
        inner = _summarised(value[member.start : member.end], type, member.name)
        if inner not in EMPTY:
            parts.append(b'"%b":%b' % (member.name.encode(), inner))
    return b"{" + b",".join(parts) + b"}"


def _spelled(type: str, names: Iterable[str]) -> frozenset[str]:
    """The JSON names of elements: those of a choice carry its type."""
    kept = set(names)
    for element in elements(type):
        stem = element.name.removesuffix("[x]")
        if stem != element.name and (stem in kept or element.name in kept):
            kept |= {stem + each[0].upper() + each[1:] for each in element.types}
    return frozenset(kept)


def _tagged(meta: bytes) -> bytes:
    """meta with one more tag."""
    for member in members(meta, 0, len(meta)):
        if member.name == "tag":
            inner = meta[member.start + 1 : member.end - 1].strip()
            tags = b"[" + TAG + (b"," if inner else b"") + inner + b"]"
            return meta[: member.start] + tags + meta[member.end :]
    inner = meta.strip()[1:-1].strip()
    return b'{"tag":[' + TAG + b"]" + (b"," + inner if inner else b"") + b"}"
