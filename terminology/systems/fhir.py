"""A FHIR CodeSystem: a JSON resource, or NDJSON that begins with a resource without concepts.

Format: https://hl7.org/fhir/R4/codesystem.html. In NDJSON each further line is one concept, placed
by its properties `parent`. Memory: NDJSON 500 bytes a code; JSON is read whole, 10 times its size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from terminology.draft import ABSTRACT, INACTIVE, Draft
from terminology.errors import SourceError
from terminology.lines import raw_lines, required
from terminology.source import Head, Options
from terminology.types import Content

CONTENT: dict[str, Content] = {"complete": "complete", "fragment": "fragment"}
RETIRED = frozenset({"retired", "inactive"})
Json = dict[str, Any]


def load(path: Path, draft: Draft, options: Options) -> Head:
    """Reads a CodeSystem of content complete or fragment; raises SourceError with file and line."""
    file = required(path, "CodeSystem", "*.json", "*.ndjson", "*.ndjson.gz")
    head: Json | None = None
    begun = draft.begun(file)
    if file.name.removesuffix(".gz").endswith(".ndjson"):
        lines = draft.each(
            file, lambda skip: _filled(raw_lines(file, draft.progress, skip)), heads=1
        )
    else:
        whole = b"\n".join(line for _, line in raw_lines(file, draft.progress))
        lines = _filled(iter([(1, whole)]))
    for number, line in lines:
        try:
            value = msgspec.json.decode(line, type=Json)
            if head is None:
                head = _resource(value)
                if not begun:
                    _concepts(draft, head.get("concept", []), head, "")
            elif "resourceType" in value:
                raise SourceError("a second resource: load one CodeSystem from a file")
            else:
                _concepts(draft, [value], head, "")
        except msgspec.DecodeError as error:
            raise SourceError(f"{file.name}:{_line(number, line, error)}: {error}") from None
        except SourceError as error:
            raise SourceError(f"{file.name}:{number}: {error}") from None
        except (KeyError, TypeError, AttributeError) as error:
            raise SourceError(
                f"{file.name}:{number}: not a CodeSystem of R4: {type(error).__name__} {error}"
            ) from None
    if head is None:
        raise SourceError(f"{file.name}:1: nothing in it")
    return _head(head, file, options)


def _filled(lines: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    return (each for each in lines if each[1].strip())


def _line(number: int, text: bytes, error: msgspec.DecodeError) -> int:
    """The line that a decoder means by `byte 123`; NDJSON has its number already."""
    at = re.search(r"byte (\d+)", str(error))
    return number + text[: int(at[1])].count(b"\n") if at else number


def _resource(value: Json) -> Json:
    if value.get("resourceType") != "CodeSystem":
        raise SourceError(f"a {value.get('resourceType')!r} where a CodeSystem must be")
    if not value.get("url"):
        raise SourceError("the CodeSystem has no url")
    if value.get("content") not in CONTENT:
        raise SourceError(
            f"content {value.get('content')!r}: only complete or fragment holds codes"
        )
    return value


def _head(value: Json, file: Path, options: Options) -> Head:
    version = options.version or value.get("version", "")
    if not version:
        raise SourceError(f"{file.name}:1: the CodeSystem has no version: name it")
    title = value.get("title") or value.get("name") or value["url"]
    declared = tuple(
        (each["code"], each.get("uri", ""), each.get("type", "string"))
        for each in value.get("property", [])
    )
    return Head(
        value["url"],
        title,
        version,
        value.get("publisher") or file.name,
        CONTENT[value["content"]],
        value.get("language", "en"),
        value.get("caseSensitive", True),
        value.get("name") or file.name.partition(".")[0],
        declared,
    )


def _concepts(draft: Draft, concepts: list[Json], head: Json, parent: str) -> None:
    """Adds concepts and what is nested in them; iterative, as hierarchies may be deep."""
    waiting = [(each, parent) for each in reversed(concepts)]
    language = head.get("language", "en")
    called = _meanings(head)
    while waiting:
        value, above = waiting.pop()
        code = value["code"]
        concept = draft.concept(code, value.get("display", ""), language)
        if definition := value.get("definition"):
            draft.property(concept, "definition", definition, "string")
        for each in value.get("designation", []):
            use = each.get("use", {}).get("code", "")
            draft.term(concept, each["value"], use, each.get("language", language))
        parents = {above} if above else set()
        for each in value.get("property", []):
            name = each["code"]
            kind, told = _value(each)
            if called.get(name, name) == "parent":
                parents.add(told)
            elif called.get(name, name) != "child":
                draft.property(concept, name, told, kind)
            _status(draft, concept, called.get(name, name), told)
        for each in sorted(parents):
            draft.below(concept, each, code)
        waiting += [(each, code) for each in reversed(value.get("concept", []))]


def _meanings(head: Json) -> dict[str, str]:
    """What the specification calls a property that the system calls otherwise, by its uri."""
    prefix = "http://hl7.org/fhir/concept-properties#"
    return {
        each["code"]: each["uri"].removeprefix(prefix)
        for each in head.get("property", [])
        if each.get("uri", "").startswith(prefix)
    }


def _value(given: Json) -> tuple[str, str]:
    """(FHIR type, value as text) of a property."""
    for key, value in given.items():
        if key.startswith("value"):
            kind = key.removeprefix("value")
            if kind == "Coding":
                parts = [value.get(part, "") for part in ("system", "code", "version", "display")]
                return kind, msgspec.json.encode(parts).decode()
            if isinstance(value, bool):
                return "boolean", "true" if value else "false"
            return kind[0].lower() + kind[1:], str(value)
    raise SourceError(f"the property {given['code']!r} has no value")


def _status(draft: Draft, concept: int, name: str, value: str) -> None:
    if (name == "inactive" and value == "true") or (name == "status" and value in RETIRED):
        draft.flag(concept, INACTIVE)
    elif name in ("notSelectable", "abstract") and value == "true":
        draft.flag(concept, ABSTRACT)
