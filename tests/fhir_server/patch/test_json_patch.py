"""JSON Patch: the operations of RFC 6902, what they refuse, what they leave as it was."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from fhir_server.errors import BadRequest, FhirError, Invalid
from fhir_server.patch import applying

Json = Any
ROOT: Json = {"a": {"b": [1, 2, 3], "c/d": {"~": 1}}, "e": "x", "f": [{"g": 1}]}


def applied(root: Json, *operations: Json) -> Json:
    patch = orjson.dumps(list(operations))
    return orjson.loads(applying("application/json-patch+json", patch)(orjson.dumps(root)))


def op(name: str, path: str, **more: Json) -> Json:
    return {"op": name, "path": path, **more}


DONE: list[tuple[list[Json], str, Json]] = [
    ([op("add", "/h", value=None)], "h", None),
    ([op("add", "/a/b/1", value=9)], "a", {"b": [1, 9, 2, 3], "c/d": {"~": 1}}),
    ([op("add", "/f/-", value={})], "f", [{"g": 1}, {}]),
    ([op("remove", "/a/b/0")], "a", {"b": [2, 3], "c/d": {"~": 1}}),
    ([op("remove", "/f/0/g"), op("add", "/f/-", value=1)], "f", [1]),
    ([op("add", "/f/-", value={"h": 1}), op("remove", "/f/0/g"), op("remove", "/f/1/h"), op("add", "/f/-", value={})], "f", [{}]),
    ([op("add", "/f/-", value={"h": 1}), op("remove", "/f/0/g"), op("add", "/f/0", value={}), op("remove", "/f/2/h")], "f", [{}]),
    ([op("replace", "/a/c~1d/~0", value="y")], "a", {"b": [1, 2, 3], "c/d": {"~": "y"}}),
    ([op("move", "/f/0", **{"from": "/a/b/2"})], "f", [3, {"g": 1}]),
    ([op("copy", "/e", **{"from": "/f/0"}), op("add", "/e/h", value=1)], "f", [{"g": 1}]),
    ([op("test", "/a/b", value=[1, 2, 3]), op("replace", "/e", value=2)], "e", 2),
    ([op("test", "/f/0/g", value=1.0)], "e", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("operations", "key", "expected"), DONE)
def test_operations(operations: list[Json], key: str, expected: Json) -> None:
    made = applied(ROOT, *operations)
    assert made[key] == expected
    touched = {o[name].split("/")[1] for o in operations for name in ("path", "from") if name in o}
    assert {k: v for k, v in made.items() if k not in touched} == {
        k: v for k, v in ROOT.items() if k not in touched
    }


REFUSED: list[tuple[Json, type[FhirError]]] = [
    ({}, BadRequest),
    ([1], BadRequest),
    ([op("rename", "/e")], BadRequest),
    ([{"op": ["add"], "path": "/e", "value": 1}], BadRequest),
    ([op("add", "/e")], BadRequest),
    ([op("add", "e", value=1)], BadRequest),
    ([op("add", "/~2", value=1)], BadRequest),
    ([op("move", "/a/b/0", **{"from": "/a"})], BadRequest),
    ([op("replace", "", value=[])], BadRequest),
    ([op("remove", "/z")], Invalid),
    ([op("remove", "/a/b/3")], Invalid),
    ([op("remove", "/a/b/01")], Invalid),
    ([op("remove", "/a/b/-")], Invalid),
    ([op("add", "/a/b/4", value=1)], Invalid),
    ([op("add", "/e/x", value=1)], Invalid),
    ([op("test", "/f/0/g", value=True)], Invalid),
    ([op("test", "/e", value="y")], Invalid),
]


@pytest.mark.parametrize(("patch", "error"), REFUSED)
def test_what_is_refused(patch: Json, error: type[FhirError]) -> None:
    with pytest.raises(error):
        applying("application/json-patch+json", orjson.dumps(patch))(orjson.dumps(ROOT))


def test_decimals_keep_their_digits_and_empties_go() -> None:
    patch = orjson.dumps([op("remove", "/name/0/given/0"), op("add", "/b", value=1)])
    body = b'{"value":1.50,"tiny":0.000,"name":[{"given":["x"]}]}'
    made = applying("application/json-patch+json", patch)(body)
    assert made == b'{"value":1.50,"tiny":0.000,"b":1}'


def test_copies_of_copies_have_an_end() -> None:
    with pytest.raises(BadRequest, match="copies more than") as told:
        applied(ROOT, *(op("copy", f"/x{n}", **{"from": ""}) for n in range(40)))
    assert told.value.expression.startswith("[")
    assert len(applied(ROOT, *(op("copy", f"/x{n}", **{"from": "/a"}) for n in range(40)))) == 43


@pytest.mark.parametrize("kind", ["json-patch", "fhir", "merge-patch"])
def test_values_within_values_have_an_end(kind: str) -> None:
    deep = '{"part":[' * 3_000 + "1" + "]}" * 3_000
    patches = {
        "json-patch": f'[{{"op":"add","path":"/a","value":{deep}}}]',
        "fhir": f'{{"resourceType":"Parameters","parameter":[{{"name":"operation","part":[{deep}]}}]}}',
        "merge-patch": f'{{"a":{deep}}}',
    }
    with pytest.raises(FhirError):
        applying(f"application/{kind}+json", patches[kind].encode())(b'{"resourceType":"Patient"}')
    grown = [
        op("add", "/a", value={}),
        *(op("copy", "/a" * 2**n + "/a", **{"from": "/a"}) for n in range(12)),
    ]
    with pytest.raises(FhirError):
        applied(ROOT, *grown)
