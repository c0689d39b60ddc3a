"""The laws of validate, over the official examples and over samples changed at random."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capability.quick import accepted
from capability.validate import explain, validate
from tests.capability.samples import BUNDLE, OBSERVATION, PATIENT, SAMPLES, changed
from tests.reference import reference

Json = dict[str, Any]

# official examples that break R4's own rules, and the place
EXCLUDED = {
    "ActivityDefinition-blood-tubes-supply": "text.div",  # txt-2: white space only
    "ActivityDefinition-heart-valve-replacement": "text.div",  # txt-2: white space only
    "MedicationRequest-medrx0301": "dispenseRequest.performer",  # a Practitioner, no Organization
    "Questionnaire-qs1": "linkId",  # items without one
}


def _examples() -> Iterator[tuple[str, Json]]:
    for path in sorted(reference("data/fhir/examples").glob("*-*.json")):
        yield path.stem, orjson.loads(path.read_bytes())


def _shuffled(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: _shuffled(value[key], chance) for key in keys}
    return [_shuffled(item, chance) for item in value] if isinstance(value, list) else value


def test_official_examples_are_accepted() -> None:
    rejected = {name: issues for name, one in _examples() if (issues := validate(one))}
    assert rejected.keys() == EXCLUDED.keys(), rejected
    for name, place in EXCLUDED.items():
        assert all(place in issue.expression for issue in rejected[name])


def test_order_of_keys_does_not_matter() -> None:
    chance = random.Random(7)  # noqa: S311 - an order, no secret
    for name, example in _examples():
        shuffled = _shuffled(example, chance)
        assert bool(validate(shuffled)) == (name in EXCLUDED), name


def test_an_unknown_element_is_told_with_its_path() -> None:
    for name, example in _examples():
        expression = f"{example['resourceType']}.madeUp"
        found = {issue.expression for issue in validate({**example, "madeUp": 1})}
        assert expression in found, name


def test_validation_changes_nothing() -> None:
    for name, example in _examples():
        before = orjson.dumps(example)
        validate(example, warnings=True)
        assert orjson.dumps(example) == before, name


def test_synthea_bundles_are_accepted() -> None:
    for path in sorted(reference("data/fhir/synthea").glob("*.json"))[:3]:
        assert validate(orjson.loads(path.read_bytes())) == [], path.name


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s["resourceType"])
def test_samples_are_accepted(sample: Json) -> None:
    assert validate(sample) == []


SCALARS = [None, True, 0, -1, 1.0, 1.5, 1e30, "", " ", "x", "#x", "a\x00", "<div/>"]
TEXTS = ["2020-02-30", "2024-02-29", "Patient/1", "Patient/_", "Observation/1", "#", "é"]
COMPLEX: list[Any] = [
    [],
    {},
    [None],
    ["x"],
    [{}],
    [[]],
    {"id": "x"},
    {"extension": []},
    {"reference": "#x"},
    {"extension": [{"url": "u", "valueCode": "c"}]},
]
VALUES = st.sampled_from(SCALARS + TEXTS + COMPLEX).map(copy.deepcopy)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(value) if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key])


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_the_quick_yes_is_never_more_lenient(sample: Json, data: st.DataObject) -> None:
    made = copy.deepcopy(sample)
    for _ in range(data.draw(st.integers(1, 2))):
        owner, key = data.draw(st.sampled_from(list(_places(made))))
        how = data.draw(st.sampled_from(["put", "remove", "sibling", "twice"]))
        if how == "put":
            owner[key] = data.draw(VALUES)
        elif how == "remove" and isinstance(owner, dict):
            del owner[key]
        elif isinstance(owner, dict):
            owner[f"_{key}"] = data.draw(VALUES)
        else:
            owner.append(copy.deepcopy(owner[key]))
        if not made:
            return
    issues = list(explain(made))
    assert not (accepted(made) and issues)
    assert validate(made) == issues


def test_most_resources_get_the_quick_yes() -> None:
    assert all(accepted(s) for s in SAMPLES)


@pytest.mark.parametrize("value", [None, [], "x", 1, {}, {"resourceType": ["Patient"]}])
def test_what_is_no_resource_is_told(value: Any) -> None:
    (issue,) = validate(value)
    assert issue.severity == "error"


def test_text_of_the_patient_is_not_repeated() -> None:
    name_of_none = "Zebediah Quux"
    wrong = changed(changed(PATIENT, "gender", name_of_none), "birthDate", name_of_none)
    wrong = changed(wrong, "name.0.period.start", name_of_none)
    wrong = changed(wrong, "generalPractitioner.0.reference", name_of_none)
    issues = validate(wrong)
    assert len(issues) == 4
    assert not any("Zebediah" in issue.text for issue in issues)


def test_warnings_only_when_asked() -> None:
    assert validate(OBSERVATION) == []
    (issue,) = validate(OBSERVATION, warnings=True)
    assert (issue.severity, issue.expression) == ("warning", "Observation")
    assert issue.text.startswith("dom-6")


def test_references_by_search_where_allowed() -> None:
    resource = BUNDLE["entry"][0]["resource"]
    assert validate(resource, conditional=True) == []
    assert [i.expression for i in validate(resource)] == ["Condition.subject.reference"]
    collection = changed(changed(BUNDLE, "type", "collection"), "entry.0.request")
    (issue,) = validate(collection)
    assert issue.expression == "Bundle.entry[0].resource.subject.reference"


def test_deep_nesting_is_told() -> None:
    extension: Json = {"url": "u", "valueCode": " "}
    for _ in range(2000):
        extension = {"url": "u", "extension": [extension]}
    (issue,) = validate({"resourceType": "Patient", "extension": [extension]})
    assert (issue.code, issue.expression) == ("too-costly", "Patient")


def test_resources_in_parameters_are_validated() -> None:
    inner = {"name": "a", "part": [{"name": "b", "resource": changed(PATIENT, "active", "yes")}]}
    (issue,) = validate({"resourceType": "Parameters", "parameter": [inner]})
    assert issue.expression == "Parameters.parameter[0].part[0].resource.active"


def test_the_type_of_data_is_a_mime_type() -> None:
    told = {"resourceType": "Binary", "contentType": "text/plain; charset=utf-8", "data": "YQ=="}
    assert validate(told) == []
    (wrong,) = validate({**told, "contentType": "plain text"})
    assert (wrong.code, wrong.expression) == ("code-invalid", "Binary.contentType")
    assert not accepted({**told, "contentType": "plain text"})
