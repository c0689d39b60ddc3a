"""What is no JSON object, or shows a key twice, is refused with its place."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_server.errors import BadRequest
from fhir_server.parse import parse

BAD = {
    b"": "not JSON",
    b"{": "not JSON",
    b'{"a":1}}': "not JSON",
    b'{\n "a": NaN}': "line 2, column 7",
    b'\xef\xbb\xbf{"a":1}': "byte order mark",
    b'{"a":Infinity}': "line 1, column 6",
    b'{"a":1e400}': "infinity",
    b'{"a":1.}': "not JSON",
    b'{"a":01}': "not JSON",
    b'{"a":+1}': "not JSON",
    b'{"a":1,}': "not JSON",
    b"{'a':1}": "not JSON",
    b'{"a":1}//': "not JSON",
    b'{"a":"\t"}': "not JSON",
    b'{"a":' * 1200 + b"1" + b"}" * 1200: "not JSON: depth",
    b"[]": "no object",
    b'"text"': "no object",
    b'{"a":"\xff"}': "not UTF-8 from byte 7 on",
    '{"a":"ä"}'.encode("utf-16"): "looks like UTF-16",
    '{"a":"ä"}'.encode("utf-16-be"): "looks like UTF-16",
    '{"a":"ä"}'.encode("utf-32"): "looks like UTF-16 or UTF-32",
    b'{"a":"\\ud800"}': "not JSON",
}
TWICE = {
    b'{"id":"a","id":"b"}': ("line 1, column 11", "id"),
    b'{"name":[{"family":"A"},{"family":"B",\n"family" : "C"}]}': (
        "line 2, column 1",
        "name[1].family",
    ),
    b'{"a":{"i\\u0064":1, "id":2}}': ("line 1, column 20", "a.id"),
    b'{"text":"\\":\\"","x":1,"x":2}': ("column 23", "x"),
    b'{"a":"\\"\\u0020:","b":1,"b":2}': ("line 1, column 24", "b"),
    b'{"a":"\\" :","b" :1,"b"\t:2}': ("line 1, column 20", "b"),
    b'{"a":[1,[2,{"b":1,"b":1}]]}': ("column 19", "a[1][1].b"),
}


@pytest.mark.parametrize("body", BAD)
def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequest, match=BAD[body]):
        parse(body)


@pytest.mark.parametrize("body", TWICE)
def test_a_second_key_is_refused_with_its_place(body: bytes) -> None:
    where, expression = TWICE[body]
    with pytest.raises(BadRequest, match=where) as refused:
        parse(body)
    assert refused.value.expression == expression


@pytest.mark.parametrize("text", ['":', '": "', "a\\", '"', '\\":', ":", ' :"x":'])
def test_text_that_looks_like_a_key_is_text(text: str) -> None:
    resource = {"text": text, text: [text, {text: text}]}
    assert parse(orjson.dumps(resource)) == resource


@given(
    st.dictionaries(st.text('":\\ a', max_size=4), st.text('":\\ a,{}[]', max_size=6), max_size=5)
)
def test_no_key_is_taken_for_a_second_one(resource: dict[str, str]) -> None:
    assert parse(orjson.dumps(resource)) == resource


@given(st.text('":\\ a', max_size=4), st.text('":\\ a,{}[]', max_size=6))
def test_every_second_key_is_seen(key: str, value: str) -> None:
    member = orjson.dumps({key: value})[1:-1]
    with pytest.raises(BadRequest, match="twice"):
        parse(b'{"a1":[{' + member + b" , " + member + b"}]}")


def test_what_is_nested_too_deep_is_told() -> None:
    body = b'{"a":' * 300 + b"1" + b"}" * 300
    with pytest.raises(BadRequest, match="deeper than 254 levels"):
        parse(body)
