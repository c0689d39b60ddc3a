"""Every parameter that R4's examples have values for finds what reading finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import orjson
import pytest

from capability.definitions import RESOURCE_TYPES, search_parameters
from capability.validate import validate
from tests.fhir_server.search import brute
from tests.fhir_server.search.loaded import Loaded, Resource, escaped
from tests.reference import reference

Values = dict[str, list[brute.Value]]  # by resource id
Case = tuple[str, str, set[str]]  # parameter, value, ids
LEFT_OUT = {("Patient", "deceased"), ("Bundle", "composition"), ("Bundle", "message")}
PREFIXES = ("", "ne", "gt", "lt", "ge", "le", "sa", "eb")
SAMPLES = 2  # values of each parameter


@pytest.fixture(scope="module")
def by_type() -> dict[str, list[Resource]]:
    found: dict[str, dict[str, Resource]] = {}
    for path in sorted(reference("data/fhir/examples").glob("*.json")):
        example = orjson.loads(path.read_bytes())
        if "id" in example and example.get("resourceType") in RESOURCE_TYPES:
            found.setdefault(example["resourceType"], {})[example["id"]] = example
    return {
        name: [r for r in listed.values() if not any(i.severity == "error" for i in validate(r))]
        for name, listed in found.items()
    }


@pytest.fixture(scope="module")
def everything(by_type: dict[str, list[Resource]]) -> Iterator[Loaded]:
    loaded = Loaded(r for listed in by_type.values() for r in listed)
    yield loaded
    loaded.connection.close()


def test_what_is_found_is_what_reading_finds(
    by_type: dict[str, list[Resource]], everything: Loaded
) -> None:
    wrong: list[str] = []
    asked = 0
    for type, listed in by_type.items():
        for parameter in search_parameters(type):
            code, kind = parameter.code, parameter.type
            if (
                kind not in brute.SUITED
                or not parameter.expression
                or code in ("_id", "_lastUpdated")
            ):
                continue
            if (type, code) in LEFT_OUT:
                continue
            held = {r["id"]: brute.values(r, kind, parameter.expression) for r in listed}
            for name, value, expected in cases(code, kind, held):
                asked += 1
                page = everything.page(type, (name, value), ("_count", "1000"))
                if {s.id for s in page.entries} != expected or page.total != len(expected):
                    wrong.append(f"{type}?{name}={value}")
    assert asked > 5000
    assert wrong == []


def cases(code: str, kind: str, held: Values) -> Iterator[Case]:
    filled = {id for id, found in held.items() if found}
    yield f"{code}:missing", "false", filled
    yield f"{code}:missing", "true", held.keys() - filled
    for id in islice(sorted(filled), SAMPLES):
        yield from KINDS[kind](code, held[id][0][0], held)


def ids(held: Values, test: Callable[[Any], bool]) -> set[str]:
    return {id for id, found in held.items() if any(test(value) for value, _ in found)}


def by_token(code: str, value: Any, held: Values) -> Iterator[Case]:
    listed = brute.tokens(value)
    system, each = listed[0] if listed else (None, "")
    if each:
        same = ids(held, lambda v: each in [c for _, c in brute.tokens(v)])
        yield code, escaped(each), same
        yield f"{code}:not", escaped(each), held.keys() - same
        if system:
            both = ids(held, lambda v: (system, each) in brute.tokens(v))
            yield code, f"{escaped(system)}|{escaped(each)}", both
            of = ids(held, lambda v: system in [s for s, _ in brute.tokens(v)])
            yield code, f"{escaped(system)}|", of


def by_string(code: str, value: Any, held: Values) -> Iterator[Case]:
    text = next(iter(brute.strings(value)), "")
    if text:
        yield f"{code}:exact", escaped(text), ids(held, lambda v: text in brute.strings(v))
        start, part = text[: len(text) // 2 + 1].upper(), text[len(text) // 3 :]
        for name, asked in ((code, start), (f"{code}:contains", part)):
            key = brute.plain(asked)
            if not key:
                continue
            whole = name.endswith("contains")

            def test(v: Any, key: str = key, whole: bool = whole) -> bool:
                texts = [brute.plain(each) for each in brute.strings(v)]
                return any(key in t if whole else t.startswith(key) for t in texts)

            yield name, escaped(asked), ids(held, test)


def by_date(code: str, value: Any, held: Values) -> Iterator[Case]:
    text = value if isinstance(value, str) else value.get("start") or value.get("end")
    for asked in {text, text[:10], text[:7], text[:4]} if text else ():
        for prefix in PREFIXES:

            def test(v: Any, asked: str = asked, prefix: str = prefix) -> bool:
                return any(brute.compares(prefix, asked, each) for each in brute.spans(v))

            yield code, f"{prefix}{asked}", ids(held, test)


def by_reference(code: str, value: Any, held: Values) -> Iterator[Case]:
    type, id = brute.target(value)
    if type:
        same = ids(held, lambda v: brute.target(v) == (type, id))
        yield code, f"{type}/{id}", same
        yield f"{code}:{type}", id, same
        yield code, id, ids(held, lambda v: brute.target(v)[1] == id and brute.target(v)[0] != "")


def by_uri(code: str, value: Any, held: Values) -> Iterator[Case]:
    yield code, escaped(value), ids(held, lambda v: v == value or v.startswith(f"{value}|"))


KINDS = {
    "token": by_token,
    "string": by_string,
    "date": by_date,
    "reference": by_reference,
    "uri": by_uri,
}
