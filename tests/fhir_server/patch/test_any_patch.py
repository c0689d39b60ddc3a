"""Whatever is sent as a patch is done or refused."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fhir_server.errors import BadRequest, FhirError
from fhir_server.patch import PATCHES, applying, limits, xml_patch

ROOT = b'{"resourceType":"Patient","gender":"male","name":[{"family":"A","given":["x","y"]}]}'
WORDS = ("op", "path", "value", "from", "add", "remove", "/name", "/name/0/given/1", "resourceType", "Parameters", "parameter", "operation", "name", "part",
         "type", "valueCode", "valueString", "replace", "insert", "delete", "move", "Patient.name", "Patient.gender", "Patient", "gender", "index")  # fmt: skip
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.sampled_from(WORDS)  # fmt: skip
JSON = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=2)
    ),
    max_leaves=4,
)
PART = st.fixed_dictionaries({"name": st.sampled_from(("type", "path", "name", "value", "index"))},
                             optional={"valueCode": JSON, "valueString": JSON, "part": JSON})  # fmt: skip
OPERATION = st.fixed_dictionaries({"name": st.just("operation")}, optional={"part": st.lists(PART, max_size=4) | JSON})  # fmt: skip
PARAMETERS = st.fixed_dictionaries({"resourceType": st.just("Parameters"), "parameter": st.lists(OPERATION, max_size=2) | JSON})  # fmt: skip
STEP = st.fixed_dictionaries({"op": st.sampled_from(WORDS) | JSON}, optional={"path": JSON, "from": JSON, "value": JSON})  # fmt: skip


def done(kind: str, patch: bytes) -> None:
    with suppress(FhirError):
        assert applying(kind, patch)(ROOT)


@pytest.mark.parametrize("kind", [kind for kind in PATCHES if "json" in kind])
@settings(max_examples=50)
@given(patch=JSON | PARAMETERS | st.lists(STEP, max_size=3))
def test_no_patch_is_a_fault(kind: str, patch: Any) -> None:
    with suppress(orjson.JSONEncodeError):  # numbers of more than 64 bits
        done(kind, orjson.dumps(patch))


@pytest.mark.parametrize("kind", PATCHES)
@settings(max_examples=50)
@given(patch=st.binary(max_size=40))
def test_no_bytes_are_a_fault(kind: str, patch: bytes) -> None:
    done(kind, patch)
    done(kind, b'{"a":"' + patch + b'"}')


def fhirpath(*operations: dict[str, Any]) -> bytes:
    rows = [
        {"name": "operation", "part": [{"name": name} | value for name, value in each.items()]}
        for each in operations
    ]
    return orjson.dumps({"resourceType": "Parameters", "parameter": rows})


ADD = {"type": {"valueCode": "add"}}
AGAIN = {
    "application/json-patch+json": b'''[{"op":"add","path":"/name/-","value":{"given":["z"]}},
        {"op":"add","path":"/name/1/given/-","value":"q"}]''',
    "application/fhir+json": fhirpath(
        ADD | {"path": {"valueString": "Patient"}, "name": {"valueString": "name"}, "value": {"valueHumanName": {"given": ["z"]}}},
        ADD | {"path": {"valueString": "Patient.name[1]"}, "name": {"valueString": "given"}, "value": {"valueString": "q"}},
    ),
    "application/xml-patch+xml": b'''<diff><add sel="Patient"><name xmlns="http://hl7.org/fhir"><given value="z"/></name></add>
        <add sel="Patient/name[2]"><given xmlns="http://hl7.org/fhir" value="q"/></add></diff>''',
}  # fmt: skip


@pytest.mark.parametrize("kind", AGAIN)
def test_a_patch_that_is_done_again_does_the_same(kind: str) -> None:
    """A conditional patch is tried anew where its condition has moved."""
    plain = b'{"resourceType":"Patient","name":[{"family":"A"}]}'
    run = applying(kind, AGAIN[kind])
    first = run(plain)
    assert orjson.loads(first)["name"][1] == {"given": ["z", "q"]}
    assert run(plain) == first


@pytest.mark.parametrize("kind", AGAIN)
def test_operations_have_an_end(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_OPERATIONS", 1)
    with pytest.raises(BadRequest, match="up to 1 operations"):
        applying(kind, AGAIN[kind])


def test_selectors_look_at_so_many_elements(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_patch, "MOST_ELEMENTS", 20)
    search = b"<remove sel=\"Patient/name[given/@value='q']\"/>"
    with pytest.raises(BadRequest, match="too much work"):
        applying("application/xml-patch+xml", b"<diff>" + search * 2 + b"</diff>")(
            b'{"resourceType":"Patient","name":[{"given":["q","q","q","q"]},'
            b'{"given":["y","y","y","y","y","y","y","y","y"]}]}'
        )
