"""The generated schemas: they compile, and they decline what only the walk can judge."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from capability import primitives
from capability.acceptor import acceptor
from capability.definitions import RESOURCE_TYPES
from capability.schema import Writer
from tests.capability.samples import CONDITION, PATIENT, SAMPLES, changed

Json = dict[str, Any]
SAMPLE = RESOURCE_TYPES[::12]


def schema(name: str) -> Json:
    return Writer(conditional=False).schema(name)


@pytest.mark.parametrize("name", SAMPLE)
def test_schemas_compile(name: str) -> None:
    assert not acceptor(name)({"resourceType": name, "madeUp": 1})


def test_every_schema_can_be_written() -> None:
    for name in RESOURCE_TYPES:
        written = schema(name)
        assert written["properties"]["resourceType"] == {}


def test_minimal_resources_are_accepted() -> None:
    minimal = {name for name in SAMPLE if "required" not in schema(name)}
    assert minimal
    for name in minimal:
        if not {"allOf", "anyOf"} & schema(name).keys():
            assert acceptor(name)({"resourceType": name}), name


@pytest.mark.parametrize("sample", SAMPLES[:5], ids=lambda s: s["resourceType"])
def test_samples(sample: dict[str, object]) -> None:
    assert acceptor(str(sample["resourceType"]))(sample)


def test_what_is_left_to_the_walk() -> None:
    assert not acceptor("Patient")(changed(PATIENT, "birthDate", "0980-05-17"))
    assert not acceptor("Condition")(changed(CONDITION, "subject.reference", "#p"))


def test_conditional_references() -> None:
    by_search = changed(CONDITION, "subject.reference", "Patient?identifier=1")
    assert acceptor("Condition", True)(by_search)
    assert not acceptor("Condition")(by_search)


def test_patterns_know_leap_years() -> None:
    content = schema("Patient")["properties"]["birthDate"]
    fits = jsonschema_rs.validator_for(content).is_valid
    for year in range(1000, 3000):
        for day in ("02-28", "02-29", "02-30"):
            assert fits(f"{year}-{day}") == (primitives.fault("date", f"{year}-{day}") is None)


def test_unknown_type() -> None:
    with pytest.raises(KeyError):
        acceptor("Patent")
