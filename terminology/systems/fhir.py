"""A FHIR CodeSystem: a JSON resource, or NDJSON that begins with a resource without concepts.

Format: https://hl7.org/fhir/R4/codesystem.html. In NDJSON each further line is one concept, placed
by its properties `parent`. Memory: NDJSON 500 bytes a code; JSON is read whole, 10 times its size.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from terminology.errors import SourceError
from terminology.loading.draft import Draft
from terminology.loading.layout import ABSTRACT, INACTIVE
from terminology.loading.lines import raw_lines, required, whole
from terminology.loading.source import Head, Options
from terminology.types import Content

CONTENT: dict[str, Content] = {"complete": "complete", "fragment": "fragment"}
RETIRED = frozenset({"retired", "inactive"})
Json = dict[str, Any]


class _Shape(msgspec.Struct, rename="camel"):
    """An element; what it has besides is not read."""


class _Use(_Shape):
    code: str = ""


class _Designation(_Shape):
    value: str
    language: str = ""
    use: _Use = msgspec.field(default_factory=_Use)


class _Concept(_Shape):
    code: str = ""
    display: str = ""
    definition: str = ""
    designation: tuple[_Designation, ...] = ()
    property: tuple[Json, ...] = ()
    concept: tuple[_Concept, ...] = ()


class _Declared(_Shape):
    code: str
    uri: str = ""
    type: str = "string"


class _Resource(_Shape):
    resource_type: str = ""
    url: str = ""
    version: str = ""
    name: str = ""
    title: str = ""
    publisher: str = ""
    language: str = "en"
    content: str = ""
    case_sensitive: bool = True
    property: tuple[_Declared, ...] = ()
    concept: tuple[_Concept, ...] = ()


class _Line(_Concept):
    """A further line of NDJSON, which is no resource."""

    resource_type: str = ""


def load(path: Path, draft: Draft, options: Options) -> Head:
    """Reads a CodeSystem of content complete or fragment; raises SourceError with file and line."""
    file = required(path, "CodeSystem", "*.json", "*.ndjson", "*.ndjson.gz")
    head: _Resource | None = None
    begun = draft.begun(file)
    if file.name.removesuffix(".gz").endswith(".ndjson"):
        lines = draft.each(
            file, lambda skip: _filled(raw_lines(file, draft.progress, skip)), heads=1
        )
    else:
        lines = _filled(iter([(1, whole(file, draft.progress))]))
    for number, line in lines:
        try:
            if head is None:
                head = _resource(msgspec.json.decode(line, type=_Resource))
                if not begun:
                    _concepts(draft, head.concept, head)
            else:
                _concepts(draft, [_further(line)], head)
        except msgspec.DecodeError as error:
            raise SourceError(f"{file.name}:{_line(number, line, error)}: {error}") from None
        except (UnicodeDecodeError, RecursionError) as error:
            raise SourceError(f"{file.name}:{number}: {error}") from None
        except SourceError as error:
            raise SourceError(f"{file.name}:{number}: {error}") from None
    if head is None:
        raise SourceError(f"{file.name}:1: nothing in it")
    return _head(head, file, options)


def _filled(lines: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    return (each for each in lines if each[1].strip())


def _line(number: int, text: bytes, error: msgspec.DecodeError) -> int:
    """The line that a decoder means by `byte 123`; NDJSON has its number already."""
    at = re.search(r"byte (\d+)", str(error))
    return number + text[: int(at[1])].count(b"\n") if at else number


def _further(line: bytes) -> _Concept:
    value = msgspec.json.decode(line, type=_Line)
    if value.resource_type:
        raise SourceError("a second resource: load one CodeSystem from a file")
    return value


def _resource(value: _Resource) -> _Resource:
    if value.resource_type != "CodeSystem":
        raise SourceError(f"a {value.resource_type!r} where a CodeSystem must be")
    if not value.url:
        raise SourceError("the CodeSystem has no url")
    if value.content not in CONTENT:
        raise SourceError(f"content {value.content!r}: only complete or fragment holds codes")
    return value


def _head(value: _Resource, file: Path, options: Options) -> Head:
    version = options.version or value.version
    if not version:
        raise SourceError(f"{file.name}:1: the CodeSystem has no version: name it")
    return Head(
        value.url,
        value.title or value.name or value.url,
        version,
        value.publisher or file.name,
        CONTENT[value.content],
        value.language,
        value.case_sensitive,
        value.name or file.name.partition(".")[0],
        tuple((each.code, each.uri, each.type) for each in value.property),
    )


def _concepts(draft: Draft, concepts: Iterable[_Concept], head: _Resource) -> None:
    """Adds concepts and what is nested in them; iterative, as hierarchies may be deep."""
    waiting = [(each, "") for each in reversed(tuple(concepts))]
    called = _meanings(head)
    while waiting:
        value, above = waiting.pop()
        if not value.code:
            raise SourceError("a concept has no code")
        concept = draft.concept(value.code, value.display, head.language)
        if value.definition:
            draft.property(concept, "definition", value.definition, "string")
        for named in value.designation:
            language = named.language or head.language
            draft.term(concept, named.value, named.use.code, language)
        parents = {above} if above else set()
        for each in value.property:
            name, kind, told = _value(each)
            if called.get(name, name) == "parent":
                parents.add(told)
            elif called.get(name, name) != "child":
                draft.property(concept, name, told, kind)
            _status(draft, concept, called.get(name, name), told)
        for parent in sorted(parents):
            draft.below(concept, parent, value.code)
        waiting += [(each, value.code) for each in reversed(value.concept)]


def _meanings(head: _Resource) -> dict[str, str]:
    """What the specification calls a property that the system calls otherwise, by its uri."""
    prefix = "http://hl7.org/fhir/concept-properties#"
    return {
        each.code: each.uri.removeprefix(prefix)
        for each in head.property
        if each.uri.startswith(prefix)
    }


def _value(given: Json) -> tuple[str, str, str]:
    """(code, FHIR type, value as text) of a property."""
    name = given.get("code")
    if not isinstance(name, str):
        raise SourceError("a property has no code")
    for key, value in given.items():
        kind = key.removeprefix("value")
        if kind == "Coding" and isinstance(value, dict):
            parts = [value.get(part, "") for part in ("system", "code", "version", "display")]
            return name, kind, msgspec.json.encode(parts).decode()
        if isinstance(value, bool):
            return name, "boolean", "true" if value else "false"
        if kind not in ("", key) and isinstance(value, str | int | float):
            return name, kind[0].lower() + kind[1:], str(value)
    raise SourceError(f"the property {name!r} has no value")


def _status(draft: Draft, concept: int, name: str, value: str) -> None:
    if (name == "inactive" and value == "true") or (name == "status" and value in RETIRED):
        draft.flag(concept, INACTIVE)
    elif name in ("notSelectable", "abstract") and value == "true":
        draft.flag(concept, ABSTRACT)
