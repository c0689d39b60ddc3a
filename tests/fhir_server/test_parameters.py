"""parameters: what comes in is checked against the declaration; errors have a place."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from capability.operation import Operation, Param, Values
from capability.validate import validate
from fhir_server.errors import BadRequest, FhirError, Invalid, UnsupportedMedia
from fhir_server.parameters import Request, Typed, read, write


async def _run(_: Any, given: Values) -> Values:
    return given


OP: Operation[Any] = Operation(
    code="try",
    resources=("Patient",),
    levels=("type",),
    title="Try",
    inputs=(
        Param("name", "string", min=1),
        Param("count", "integer"),
        Param("deep", "boolean"),
        Param("score", "decimal"),
        Param("coding", "Coding"),
        Param("tag", "code", max="*"),
        Param("document", "DocumentReference"),
    ),
    outputs=(
        Param("name", "string"),
        Param("match", max="*", parts=(Param("code", "Coding"), Param("value", "string"))),
        Param("issues", "OperationOutcome"),
    ),
    run=_run,
)


def body(*parameters: dict[str, Any]) -> Request:
    content = {"resourceType": "Parameters", "parameter": list(parameters)}
    return Request((), "application/fhir+json; charset=utf-8", orjson.dumps(content))


def test_a_query_is_typed() -> None:
    query = [
        ("name", "x"),
        ("count", "3"),
        ("deep", "true"),
        ("tag", "a"),
        ("tag", "b"),
        ("_format", "json"),
    ]
    assert read(OP, Request(query)) == {"name": "x", "count": 3, "deep": True, "tag": ["a", "b"]}


def test_a_body_is_typed() -> None:
    given = body(
        {"name": "name", "valueString": "x"},
        {"name": "score", "valueDecimal": 0.5},
        {"name": "coding", "valueCoding": {"code": "a"}},
        {"name": "tag", "valueCode": "t"},
    )
    assert read(OP, given) == {"name": "x", "score": 0.5, "coding": {"code": "a"}, "tag": ["t"]}


def test_the_string_types_may_be_mixed() -> None:
    assert read(OP, body({"name": "name", "valueCode": "x"})) == {"name": "x"}


@pytest.mark.parametrize(
    ("given", "kind", "said", "where"),
    [
        (Request(()), BadRequest, "'name' is required", "name"),
        (Request([("name", "x"), ("nmae", "y")]), BadRequest, "takes: name, count", "?nmae"),
        (Request([("name", "x"), ("name", "y")]), BadRequest, "given twice", "?name"),
        (Request([("name", "x"), ("count", "many")]), BadRequest, "is a integer", "?count"),
        (
            Request([("name", "x"), ("count", "18446744073709551616")]),
            BadRequest,
            "between -2147483648 and 2147483647",
            "?count",
        ),
        (Request([("name", "x"), ("count", "-2147483649")]), BadRequest, "between", "?count"),
        (Request([("name", "x"), ("deep", "yes")]), BadRequest, "is a boolean", "?deep"),
        (Request([("name", "x"), ("coding", "a")]), BadRequest, "needs POST", "?coding"),
        (
            body({"name": "count", "valueString": "3"}),
            BadRequest,
            "is valueInteger",
            "Parameters.parameter[0]",
        ),
        (
            body({"name": "x", "valueString": "3"}),
            BadRequest,
            "unknown parameter",
            "Parameters.parameter[0]",
        ),
        (Request((), "application/fhir+json", b"{"), BadRequest, "not JSON", "Parameters"),
        (
            Request((), "application/fhir+json", b"[]"),
            BadRequest,
            "a resource is expected",
            "Parameters",
        ),
        (
            Request(
                (), "application/fhir+json", b'{"resourceType":"Parameters","id":"a","id":"b"}'
            ),
            BadRequest,
            "twice",
            "Parameters.id",
        ),
        (Request((), "text/plain", b"{}"), UnsupportedMedia, "text/plain", "http.Content-Type"),
    ],
)
def test_errors_have_a_place(given: Request, kind: type[FhirError], said: str, where: str) -> None:
    with pytest.raises(kind) as caught:
        read(OP, given)
    assert said in str(caught.value)
    assert caught.value.expression == where


def test_an_invalid_body_is_located() -> None:
    with pytest.raises(Invalid) as caught:
        read(OP, body({"name": "name", "valueString": "x", "valueCode": "y"}))
    assert caught.value.issues[0].expression.startswith("Parameters.parameter[0]")


def test_what_goes_out_is_valid() -> None:
    values: Values = {
        "name": "x",
        "match": [
            {"code": {"code": "a"}, "value": Typed("boolean", True)},
            {"code": {"code": "b"}},
        ],
        "issues": {
            "resourceType": "OperationOutcome",
            "issue": [{"severity": "error", "code": "structure"}],
        },
    }
    found = write(OP, values)
    assert [i for i in validate(found) if i.severity == "error"] == []
    assert found["parameter"][1]["part"][1] == {"name": "value", "valueBoolean": True}


def test_nothing_out_is_an_empty_parameters() -> None:
    assert write(OP, {}) == {"resourceType": "Parameters"}
