"""id and meta go in; every other byte stays."""

from __future__ import annotations

import string
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_server.parse import parse
from fhir_server.splice import Template, _any, _usual, instant, members, template
from tests.reference import reference

MOMENT = 1_772_366_400_123
WHEN = "2026-03-01T12:00:00.123Z"

space = st.sampled_from(["", " ", "\n  ", "\t"])
number = st.sampled_from(["1.50", "0", "-3", "1e5", "123456789012345678901234567890", "0.10000"])
word = st.sampled_from(['"a"', '"\\u00e9\\/"', '"{\\"id\\": 1}"', '"\\\\"', '"é:,"', '":"'])
name = st.text(string.ascii_letters + "_", min_size=1, max_size=5)


@st.composite
def spaced_object(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    members = draw(st.dictionaries(name, inner, max_size=4))
    told = [
        f'{draw(space)}"{k}"{draw(space)}:{draw(space)}{v}{draw(space)}' for k, v in members.items()
    ]
    return "{" + ",".join(told) + draw(space) + "}"


value = st.recursive(
    number | word | st.sampled_from(["true", "null"]),
    lambda inner: (
        spaced_object(inner)
        | st.lists(inner, max_size=3).map(lambda each: "[" + " , ".join(each) + "]")
    ),
    max_leaves=12,
)
rest = st.dictionaries(name, value, max_size=5)
meta = st.dictionaries(
    st.sampled_from(["versionId", "lastUpdated", "source", "tag"]), value, max_size=4
)


@st.composite
def resource(draw: st.DrawFn) -> str:
    members = {k: v for k, v in draw(rest).items() if k not in ("id", "meta")}
    members["resourceType"] = '"Basic"'
    if draw(st.booleans()):
        members["id"] = '"old"'
    if draw(st.booleans()):
        inner = ",".join(f'"{k}" : {v}' for k, v in draw(meta).items())
        members["meta"] = "{" + inner + "}"
    order = draw(st.permutations(sorted(members)))
    gap = draw(space)
    return (
        f"{gap}{{{gap}"
        + f"{gap},{gap}".join(f'"{k}"{gap}:{gap}{members[k]}' for k in order)
        + gap
        + "}"
    )


def made(body: bytes) -> Template:
    return template(body, orjson.loads(body), "new")


@given(resource())
def test_both_ways_to_a_template_agree(text: str) -> None:
    body = text.encode()
    usual = _usual(body, orjson.loads(body), "new")
    assert usual is None or usual.fill(7, MOMENT) == _any(body, "new").fill(7, MOMENT)


def test_the_usual_order_takes_the_short_way() -> None:
    for text in (
        '{"resourceType":"Basic"}',
        '{"resourceType":"Basic","id":"a"}',
        '{ "resourceType" : "Basic",\n "id" : "a", "meta" : { "source" : "x" } }',
        '{"resourceType":"Basic","id":"a","code":{"text":"x"},"meta":{"source":"x"}}',
    ):
        assert _usual(text.encode(), orjson.loads(text), "b") is not None


def expected(original: dict[str, Any]) -> dict[str, Any]:
    meta = {**original.get("meta", {}), "versionId": "7", "lastUpdated": WHEN}
    return {**original, "id": "new", "meta": meta}


@given(resource())
def test_the_spliced_resource_is_the_original_with_id_and_meta(text: str) -> None:
    spliced = made(text.encode()).fill(7, MOMENT)
    assert orjson.loads(spliced) == expected(orjson.loads(text))


@given(resource())
def test_splicing_again_changes_nothing(text: str) -> None:
    once = made(text.encode()).fill(7, MOMENT)
    assert made(once).fill(7, MOMENT) == once


@given(resource())
def test_values_keep_their_bytes_and_their_order(text: str) -> None:
    spliced = made(text.encode()).fill(7, MOMENT)
    assert raw(spliced) == raw(text.encode())


def raw(body: bytes) -> list[tuple[str, bytes]]:
    found = [(m.name, body[m.start : m.end]) for m in members(body, 0, len(body))]
    return [pair for pair in found if pair[0] not in ("id", "meta")]


def test_every_byte_of_the_client_stays() -> None:
    body = b'{ "resourceType" : "Observation",\r\n "valueQuantity":{"value":1.50},\t"note":[{"text":"\\u00e9 \\/"}] }'
    spliced = made(body).fill(1, MOMENT)
    cut = b',"id":"new","meta":{"versionId":"1","lastUpdated":"%b"}' % WHEN.encode()
    assert spliced.replace(cut, b"") == body


def test_official_examples_survive() -> None:
    for file in sorted(reference("data/fhir/examples").glob("*-*.json")):
        body = file.read_bytes()
        spliced = made(body).fill(7, MOMENT)
        assert parse(spliced) == expected(parse(body)), file.name


@pytest.mark.parametrize(
    ("milliseconds", "told"), [(0, b"1970-01-01T00:00:00.000Z"), (MOMENT, WHEN.encode())]
)
def test_instant(milliseconds: int, told: bytes) -> None:
    assert instant(milliseconds) == told
