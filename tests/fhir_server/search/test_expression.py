"""The grammar of the R4 search expressions."""

from __future__ import annotations

import pytest

from fhir_server.search.expression import (
    As,
    At,
    Equals,
    Field,
    Path,
    Present,
    Resolves,
    Step,
    Unreadable,
    parse,
)


@pytest.mark.parametrize(
    ("text", "root", "steps"),
    [
        ("Patient.name.family", "Patient", [Field("name"), Field("family")]),
        ("(Observation.value as Quantity)", "Observation", [Field("value"), As("Quantity")]),
        (
            "(Group.value as CodeableConcept).text",
            "Group",
            [Field("value"), As("CodeableConcept"), Field("text")],
        ),
        ("Condition.onset.as(Age)", "Condition", [Field("onset"), As("Age")]),
        ("Condition.abatement as dateTime", "Condition", [Field("abatement"), As("dateTime")]),
        (
            "List.subject.where(resolve() is Patient)",
            "List",
            [Field("subject"), Resolves("Patient")],
        ),
        (
            "Person.telecom.where(system='phone')",
            "Person",
            [Field("telecom"), Equals("system", "phone")],
        ),
        ("Bundle.entry[0].resource", "Bundle", [Field("entry"), At(0), Field("resource")]),
        (
            "Patient.deceased.exists() and Patient.deceased != false",
            "Patient",
            [Field("deceased"), Present()],
        ),
        ("alias", "", [Field("alias")]),
    ],
)
def test_a_path_is_read_step_by_step(text: str, root: str, steps: list[Step]) -> None:
    assert parse(text) == (Path(root, tuple(steps)),)


def test_a_union_gives_all_its_paths() -> None:
    assert [p.root for p in parse("A.x | (B.y as date) | C.z.where(resolve() is D)")] == [
        "A",
        "B",
        "C",
    ]


@pytest.mark.parametrize(
    "text",
    ["", "Patient.", "Patient.name |", "(Patient.name", "Patient.name.first()", "Patient.a and Patient.b",
     "Patient.name.where(use)", "Patient.a.exists() and Patient.b != false", "Patient name"],
)  # fmt: skip
def test_what_r4_does_not_use_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        parse(text)
