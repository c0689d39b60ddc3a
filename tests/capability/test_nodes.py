"""The nodes say what jsonschema_rs says by the same schemas, whatever they are given."""

from __future__ import annotations

import copy
import gc
import random
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import cache
from typing import Any

import orjson
import pytest

from capability import acceptor, primitives
from capability.definitions import RESOURCE_TYPES
from capability.keywords import Test
from capability.nodes import Program
from capability.patterns import PATTERNS, anchored
from capability.schema import DIALECT, Writer
from capability.thorough import Thorough
from kernels import schema
from tests.capability.mutants import STRANGE, Mutants, places
from tests.capability.samples import CONDITION, OBSERVATION, PATIENT, SAMPLES, changed
from tests.reference import reference

Json = dict[str, Any]
WRITERS = {Writer: acceptor.acceptor, Thorough: acceptor.second}

pytestmark = pytest.mark.skipif(not schema.available(), reason="no compiled kernel")


@cache
def _validator(writer: type[Writer], name: str, conditional: bool) -> Test:
    made = writer(conditional)
    return acceptor.validator(made, made.schema(name))


def _same(resource: Json) -> Iterator[bool]:
    """What both say of a resource by each writer's schema."""
    for writer, test in WRITERS.items():
        for conditional in (False, True):
            name = resource["resourceType"]
            said = test(name, conditional)(resource)
            expected = _validator(writer, name, conditional)(resource)
            assert said == expected, (writer, conditional, orjson.dumps(resource))
            yield said


def _mutants(given: list[Json], seed: int, count: int) -> None:
    kinds, mutants = [*{one["resourceType"] for one in given}], Mutants(given, seed)
    made = (mutants.one() for _ in range(count))
    said = [yes for one in made if one.get("resourceType") in kinds for yes in _same(one)]
    assert len(said) / 10 < sum(said) < len(said) * 0.9, "some are accepted, some are not"


def test_mutants_of_samples() -> None:
    _mutants(list(SAMPLES), 7, 2000)


def test_the_official_examples_and_mutants_of_them() -> None:
    texts = [p.read_bytes() for p in sorted(reference("data/fhir/examples").glob("*-*.json"))]
    found = [orjson.loads(text) for text in texts[::5] if len(text) < 6000]
    assert sum(any(_same(one)) for one in found) > len(found) / 2
    _mutants(found, 8, 1000)


def test_every_type_can_be_compiled() -> None:
    for name in RESOURCE_TYPES:
        for test in WRITERS.values():
            assert not test(name, True)({"resourceType": name, "madeUp": 1})


def test_threads_may_ask_for_types_at_once() -> None:
    program = Program(Writer(conditional=False, inline=True))

    def first(sample: Json) -> bool:
        return program.resource(sample["resourceType"])(sample)

    with ThreadPoolExecutor(8) as pool:
        said = [*pool.map(first, [one for one in SAMPLES if "contained" not in one] * 4)]
    assert all(said)


def _by_both(written: Json, conditional: bool = False) -> tuple[Test, Test]:
    """Two tests by one schema: the nodes', jsonschema_rs'."""
    writer = Writer(conditional)
    referred = written.get("targets")
    if referred is not None:
        written = writer._reference(tuple(referred))
    whole = {"$schema": DIALECT, **written, "definitions": copy.deepcopy(writer.definitions)}
    return Program(writer).test(written), acceptor.validator(writer, whole)


SIGNS = [*"aZ09-:.+TZ/_ \n\x1f\x7f\xa0é\u2028\u3000\U0001f600!~?=#", "//", "==", "T", "14:00"]
VALUES = {
    "base64Binary": ("QUJD", "QQ== ", "QUJ\nD", "QUI=" * 40),
    "canonical": ("http://a/b|1", "#a", "é"),
    "code": ("a", "a b", "a-b c"),
    "date": ("2024", "2024-02", "2024-02-29", "1900-02-28", "2023-11-30", "2000-02-29"),
    "dateTime": ("2024", "2024-02-29T10:20:30Z", "1999-12-31T23:59:59.999+14:00"),
    "id": ("a", "A-1.b", "x" * 64, "c757873d-ec9a-4326-a141-556f43239520"),
    "instant": ("2024-02-29T10:20:30Z", "1999-12-31T23:59:59.999-13:59"),
    "markdown": ("a b\n\nc", " é", "\u3000a"),
    "oid": ("urn:oid:1.2.3", "urn:oid:2.16.840.1", "urn:oid:0.0"),
    "string": ("a b", " é", "\u2028a", "x" * 70),
    "time": ("10:20:30", "23:59:59.123"),
    "uri": ("http://a/b", "urn:é", "http://terminology.hl7.org/CodeSystem/x"),
    "url": ("http://a/b", "x"),
    "uuid": ("urn:uuid:c757873d-ec9a-4326-a141-556f43239520",),
}
REFERENCES = (
    "Patient/1", "Patient/1/_history/2", "Practitioner/a-1", "Patient?identifier=1", "http://a/Patient/1", "https://a/b/Patient/1",
    "http://a/patient/1", "http://a/b", "http://a//b/c", "urn:uuid:1", "urn:oid:1.2", "urn:isbn:1", "#a", "#", "Patient", "Patient/",
    "http://Patient/1", "http:///Patient/1", "Observation/1", "http://a/Foo/1", "mailto:a@b", "http://a/B/c",
)  # fmt: skip


def _near(values: tuple[str, ...], draw: random.Random) -> Iterator[str]:
    """Texts that are like some, a few signs apart."""
    for _ in range(3000):
        text = draw.choice(values)
        for _ in range(draw.choice((0, 1, 1, 2, 3))):
            at = draw.randint(0, len(text))
            text = text[:at] + draw.choice([*SIGNS, ""]) + text[at + draw.randint(0, 1) :]
        yield text


@pytest.mark.parametrize("kind", sorted(PATTERNS))
def test_patterns_of_primitive_types(kind: str) -> None:
    ours, theirs = _by_both({"type": "string", "pattern": anchored(PATTERNS[kind])})
    draw = random.Random(kind)  # noqa: S311 - made-up values
    said = set()
    for text in ("", *VALUES[kind], *_near(VALUES[kind], draw)):
        said.add(ours(text))
        if kind == "base64Binary":  # white space in other places is known too
            assert ours(text) >= theirs(text) or not text.isascii()
            assert not ours(text) or primitives.fault(kind, text) is None
        else:
            assert ours(text) == theirs(text), repr(text)
    assert said == {True, False}
    others: list[Any] = [None, 1, b"a", ["a"], {}]
    assert not any(ours(value) for value in others)


@pytest.mark.parametrize("conditional", [False, True])
@pytest.mark.parametrize("targets", [(), ("Patient",), ("Patient", "Practitioner")])
def test_references(targets: tuple[str, ...], conditional: bool) -> None:
    ours, theirs = _by_both({"targets": targets}, conditional)
    draw = random.Random(1)  # noqa: S311 - made-up values
    for text in (*REFERENCES, *_near(REFERENCES, draw)):
        for more in ({}, {"type": "Patient"}, {"type": text}):
            given = {"reference": text, **more}
            assert ours(given) == theirs(given), given


FRAGMENTS: tuple[Json, ...] = (
    {"required": ["a", "b"]}, {"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
    {"not": {"required": ["a", "b"]}}, {"not": {"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}}, {"dependencies": {"a": ["b"]}},
    {"dependencies": {"a": {"properties": {"b": {"enum": ["x"]}}}}}, {"minProperties": 2, "maxProperties": 2}, {"not": {"required": ["a"], "maxProperties": 1}},
    {"properties": {"a": {"not": {"enum": ["x", "y"]}}}}, {"properties": {"a": {"enum": [0, 1]}}}, {"properties": {"a": {"minimum": 0}}},
    {"properties": {"a": {"minimum": 0, "exclusiveMinimum": True}}}, {"properties": {"a": {"maximum": 100}}}, {"properties": {"a": {"type": "integer"}}},
    {"properties": {"a": {"type": "integer", "minimum": -2, "maximum": 1 << 31}}}, {"properties": {"a": {"items": {"enum": ["x"]}}}},
    {"properties": {"a": {"maxItems": 1}}}, {"properties": {"a": {"pattern": "^(?:x|[ab]+)$"}}}, {"properties": {"a": {"not": {"pattern": "/_h/"}}}},
    {"oneOf": [{"required": ["a"], "properties": {"a": {"enum": ["x"]}}}, {"not": {"required": ["b"]}}]}, {"not": {"properties": {"a": {"type": "string"}}}},
    {"properties": {"a": {"required": ["b"], "properties": {"b": {"required": ["a"]}}}}}, {"properties": {"a": {"dependencies": {"a": ["b"]}}}},
    {"properties": {"a": {"type": "number"}}}, {"properties": {"a": {"type": "boolean"}}}, {"once": ["a", "b"]}, {"ordered": ["a", "b"]},
    {"properties": {"a": {"type": "null"}}}, {"allOf": [{"required": ["a"]}, {"properties": {"b": {"type": "array", "items": {}, "minItems": 1}}}]},
)  # fmt: skip
ITEMS: tuple[Any, ...] = (
    "x", "y", "ab", "a/_h/b", "", "2024", "2024-01-02T00:00:00Z", "2024-01-01T23:00:00-10:00", 0, 1, -1, 2.0, 0.5, 1e30, 1 << 31, 1 << 70, -(1 << 70),
    True, False, None, [], ["x"], ["x", "y"], [[]], {}, {"a": "x"}, {"b": {}}, {"b": {"a": 1}}, {"a": 1, "b": 2}, "é",
)  # fmt: skip


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=str)
def test_keywords(fragment: Json) -> None:
    """Of an object's own properties, and within another, where they are looked up by name."""
    whole = {"type": "object", "additionalProperties": False}
    ours, theirs = _by_both(
        {**whole, "properties": {"a": {}, "b": {}, "c": {}}, "allOf": [fragment]}
    )
    inner = {**whole, "properties": {"d": {}}, "allOf": [{"properties": {"d": fragment}}]}
    within, expected = _by_both(inner)
    draw, said = random.Random(2), set()  # noqa: S311 - made-up values
    for _ in range(1500):
        given = {name: draw.choice(ITEMS) for name in draw.sample("abc", draw.randint(0, 3))}
        assert ours(given) == theirs(given), given
        assert within({"d": given}) == expected({"d": given}), given
        said.add(ours(given))
    assert said == {True, False}


class Text(str):
    """A str of another type."""


class Object(dict[str, Any]):
    """A dict of another type."""


class Loud:
    """Equal to everything, and hashed as one pleases; it tells who asks."""

    asked = 0

    def __hash__(self) -> int:
        Loud.asked += 1
        return hash("id")

    def __eq__(self, other: object) -> bool:
        Loud.asked += 1
        return True


def _deep(depth: int) -> Json:
    made: Json = {"url": "a", "valueString": "b"}
    for _ in range(depth):
        made = {"url": "a", "extension": [made]}
    return made


ENDLESS: list[Any] = []
ENDLESS.append(ENDLESS)
DEEP = _deep(5000)
HOSTILE: tuple[Any, ...] = (  # what no JSON text can be, or none that anybody should send
    Text("a"), Object(url="a"), "\ud800", "a\udfff", float("nan"), float("inf"), 10**5000, Decimal(1), b"a", (1,), {1: 2}, {None: 1},
    {Text("id"): "a"}, {"\ud800": 1}, {(): ()}, {"id": object()}, ENDLESS, DEEP, [DEEP], {"extension": ENDLESS}, {"": ""}, {"a" * 300: 1},
    range(3), {"id": 1}.keys(), type, lambda: None, 1j, *STRANGE,
)  # fmt: skip


def test_nothing_hostile_is_accepted_that_the_validator_declines() -> None:
    draw = random.Random(9)  # noqa: S311 - made-up faults
    for _ in range(1500):
        one = copy.deepcopy(draw.choice(SAMPLES[:5]))
        owner, key, _ = draw.choice([*places(one)])
        if key == "resourceType":
            continue
        if isinstance(owner, dict) and draw.random() < 0.3:
            owner[draw.choice((1, None, Text("id"), "\ud800", (), "x" * 1000))] = draw.choice(
                HOSTILE
            )
        owner[key] = draw.choice(HOSTILE)
        name = one["resourceType"]
        if acceptor.acceptor(name)(one):
            assert _validator(Writer, name, False)(one)
            orjson.dumps(one)  # raises where it is no JSON


def test_what_is_nested_too_deep_is_declined() -> None:
    assert acceptor.acceptor("Patient")({**PATIENT, "extension": [_deep(90)]})
    assert not acceptor.acceptor("Patient")({**PATIENT, "extension": [_deep(100)]})
    assert not acceptor.acceptor("Patient")({**PATIENT, "extension": [DEEP]})


def test_keys_that_are_no_texts_are_asked_nothing() -> None:
    one: dict[Any, Any] = {**PATIENT, Loud(): 1}
    Loud.asked = 0
    assert not acceptor.acceptor("Patient")(one)
    assert Loud.asked == 0


def test_no_memory_and_no_reference_is_lost() -> None:
    faults = (
        changed(PATIENT, "birthDate", "2023-02-29"),
        changed(PATIENT, "name.0.given", ["é", "\ud800"]),
        changed(CONDITION, "subject.reference", "#nowhere"),
        changed(OBSERVATION, "valueQuantity.value", 10**400),
    )
    tests = [(acceptor.acceptor(one["resourceType"]), one) for one in (*SAMPLES[:5], *faults)]
    counted = [
        item for _, one in tests for owner, key, _ in places(one) for item in (owner, owner[key])
    ]

    def rounds(count: int) -> tuple[int, int]:
        for _ in range(count):
            for test, one in tests:
                test(one)
        gc.collect()
        return sys.getallocatedblocks(), sum(map(sys.getrefcount, counted))

    rounds(10)
    blocks, references = rounds(10)
    more, same = rounds(1_000_000 // len(tests))
    assert abs(more - blocks) < 100
    assert same == references


def test_a_resource_may_change_under_the_walk() -> None:
    """Another thread that changes what is looked at makes no crash, whatever is then said."""
    one = {**copy.deepcopy(PATIENT), "generalPractitioner": [{"reference": "#a"}] * 50}
    test, done = acceptor.acceptor("Patient"), threading.Event()

    def change() -> None:
        while not done.is_set():
            one["generalPractitioner"] = [{"reference": "#" + "a" * 50}] * 50
            one.pop("name", None)
            one["name"] = [{"family": "x" * 50}]

    other = threading.Thread(target=change)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    other.start()
    try:
        assert not any(test(one) for _ in range(3000))
    finally:
        done.set()
        other.join()
        sys.setswitchinterval(interval)
