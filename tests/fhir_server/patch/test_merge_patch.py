"""JSON Merge Patch, and bodies that are called JSON and no more."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from fhir_server.errors import BadRequest
from fhir_server.patch import applying

Json = Any
MERGED: list[tuple[Json, Json, Json]] = [  # the examples of RFC 7396, appendix A
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("root", "patch", "expected"), MERGED)
@pytest.mark.parametrize("kind", ["application/merge-patch+json", "application/json"])
def test_merged(kind: str, root: Json, patch: Json, expected: Json) -> None:
    made = applying(kind, orjson.dumps(patch))(orjson.dumps(root))
    assert orjson.loads(made) == expected


def test_decimals_keep_their_digits() -> None:
    assert applying("application/json", b'{"b":2.50}')(b'{"a":1.50}') == b'{"a":1.50,"b":2.50}'


def test_the_form_of_plain_json_tells_the_kind() -> None:
    root = b'{"resourceType":"Patient","active":true}'
    operations = b'[{"op":"remove","path":"/active"}]'
    assert applying("application/json", operations)(root) == b'{"resourceType":"Patient"}'
    part = [
        {"name": "type", "valueCode": "delete"},
        {"name": "path", "valueString": "Patient.active"},
    ]
    parameters = {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": part}]}
    made = applying("application/json", orjson.dumps(parameters))(root)
    assert made == b'{"resourceType":"Patient"}'


@pytest.mark.parametrize("patch", [b"[]", b"1", b"{", b'{"a":"\xff"}'])
def test_what_is_no_merge_patch(patch: bytes) -> None:
    with pytest.raises(BadRequest):
        applying("application/merge-patch+json", patch)
