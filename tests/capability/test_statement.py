"""The capability statement and operation definitions: as asked for, and valid R4."""

from __future__ import annotations

from typing import Any

import pytest

from capability.definitions import RESOURCE_TYPES
from capability.operation import Operation, Param
from capability.statement import Abilities, canonical, operation_definition, statement
from capability.validate import validate

BASE = "http://localhost/fhir"


async def _run(_: object, given: dict[str, Any]) -> dict[str, Any]:
    return given


EXTRACT: Operation[object] = Operation(
    code="extract",
    resources=("DocumentReference",),
    levels=("instance",),
    title="Findings of a note",
    inputs=(Param("dryRun", "boolean", doc="Persist nothing."),),
    outputs=(
        Param("return", "Bundle", min=1),
        Param("finding", max="*", parts=(Param("quote", "string", min=1), Param("value"))),
    ),
    run=_run,
    affects_state=True,
)
CONVERT: Operation[object] = Operation(
    code="convert-text",
    resources=(),
    levels=("system",),
    title="Convert",
    inputs=(),
    outputs=(),
    run=_run,
    standard="http://hl7.org/fhir/OperationDefinition/Resource-convert",
)


def _statement(**more: Any) -> dict[str, Any]:
    able = Abilities(
        interactions=("read", "search-type", "transaction"),
        search_types={"token", "date", "reference"},
        operations=(EXTRACT, CONVERT),
        **more,
    )
    return statement(BASE, "1.2.3", "2026-01-02", able)


def test_statement_is_valid() -> None:
    assert validate(_statement(each={"versioning": "versioned", "updateCreate": True})) == []


def test_statement_tells_what_is_done() -> None:
    (rest,) = _statement()["rest"]
    assert rest["interaction"] == [{"code": "transaction"}]
    assert [r["type"] for r in rest["resource"]] == list(RESOURCE_TYPES)
    patient = next(r for r in rest["resource"] if r["type"] == "Patient")
    assert patient["interaction"] == [{"code": "read"}, {"code": "search-type"}]
    told = {p["name"]: p["type"] for p in patient["searchParam"]}
    assert told["birthdate"] == "date"
    assert set(told.values()) == {"token", "date", "reference"}
    assert "_query" not in told  # it has no expression to search by
    assert "operation" not in patient


def test_statement_tells_what_may_come_along() -> None:
    (rest,) = _statement()["rest"]
    told = {r["type"]: r for r in rest["resource"]}
    assert "Patient:general-practitioner" in told["Patient"]["searchInclude"]
    assert "Observation:subject" in told["Patient"]["searchRevInclude"]
    assert "Observation:subject" not in told["Medication"]["searchRevInclude"]
    assert told["Patient"]["searchInclude"][0] == told["Patient"]["searchRevInclude"][0] == "*"


def test_statement_lists_operations_where_they_are() -> None:
    (rest,) = _statement()["rest"]
    (system,) = rest["operation"]
    assert system == {"name": "convert-text", "definition": CONVERT.standard}
    document = next(r for r in rest["resource"] if r["type"] == "DocumentReference")
    (own,) = document["operation"]
    assert own["definition"] == canonical(EXTRACT, BASE)


def test_searchable_has_the_last_word() -> None:
    (rest,) = _statement(searchable=lambda name, p: p.code == "identifier")["rest"]
    patient = next(r for r in rest["resource"] if r["type"] == "Patient")
    assert [p["name"] for p in patient["searchParam"]] == ["identifier"]


@pytest.mark.parametrize("operation", [EXTRACT, CONVERT])
def test_operation_definitions_are_valid(operation: Operation[object]) -> None:
    definition = operation_definition(operation, BASE)
    issues = validate(definition, warnings=True)
    assert [i.text.partition(":")[0] for i in issues] == ["dom-6"]


def test_operation_definition() -> None:
    definition = operation_definition(EXTRACT, BASE)
    assert definition["url"] == f"{BASE}/OperationDefinition/DocumentReference-extract"
    assert definition["affectsState"] is True
    assert [definition[level] for level in ("system", "type", "instance")] == [False, False, True]
    dry_run, _, finding = definition["parameter"]
    assert dry_run["use"] == "in"
    assert finding["max"] == "*"
    assert [p["name"] for p in finding["part"]] == ["quote", "value"]
    assert "type" not in finding
    assert operation_definition(CONVERT, BASE)["base"] == CONVERT.standard
