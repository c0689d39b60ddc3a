"""Definitions that are referred to by their url: included, chained, with and without a version."""

from __future__ import annotations

import pytest

from tests.fhir_server.search.loaded import BASE, Loaded, Resource

URL = "http://q.test/a"
FORMS = {"one": (URL, "1.0A", "active"), "two": (URL, "2", "retired"), "other": ("http://q.test/b", "1", "active")}  # fmt: skip
ANSWERS = {"any": URL, "first": f"{URL}|1.0A", "third": f"{URL}|3", "b": "http://q.test/b", "far": "http://x.test", "relative": "Questionnaire/one", "own": f"{BASE}/Questionnaire/one|7"}  # fmt: skip
RESOURCES: list[Resource] = [
    *({"resourceType": "Questionnaire", "id": id, "url": url, "version": version, "status": status}
      for id, (url, version, status) in FORMS.items()),
    *({"resourceType": "QuestionnaireResponse", "id": id, "status": "completed", "questionnaire": canonical}
      for id, canonical in ANSWERS.items()),
    {"resourceType": "PlanDefinition", "id": "plan", "status": "active", "library": ["http://l.test"],
     "relatedArtifact": [{"type": "composed-of", "resource": "http://l.test"}]},
    {"resourceType": "Library", "id": "lib", "status": "active", "url": "http://l.test"},
]  # fmt: skip


@pytest.mark.parametrize(
    ("type", "name", "value", "expected"),
    [
        ("QuestionnaireResponse", "questionnaire.status", "active", "any first b"),
        ("QuestionnaireResponse", "questionnaire.status", "retired", "any"),
        ("QuestionnaireResponse", "questionnaire:Questionnaire.version", "2", "any"),
        ("Questionnaire", "_has:QuestionnaireResponse:questionnaire:_id", "any", "one two"),
        ("Questionnaire", "_has:QuestionnaireResponse:questionnaire:_id", "first,b", "one other"),
        ("Questionnaire", "_has:QuestionnaireResponse:questionnaire:_id", "third,far", ""),
        ("PlanDefinition", "depends-on:Library.status", "active", "plan"),
    ],
)
def test_chains(some: Loaded, type: str, name: str, value: str, expected: str) -> None:
    assert set(some.find(type, (name, value))) == set(expected.split())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (URL, "any first third"),
        (f"{URL}|3", "third"),
        ("Questionnaire/one", "relative"),
        (f"{BASE}/Questionnaire/one", "own"),
        (f"{BASE}/Questionnaire/one|7", "own"),
        ("one", ""),
    ],
)
def test_canonicals_are_found_as_they_are(some: Loaded, value: str, expected: str) -> None:
    found = some.find("QuestionnaireResponse", ("questionnaire", value))
    assert set(found) == set(expected.split())


@pytest.mark.parametrize(
    ("type", "id", "include", "expected"),
    [
        ("QuestionnaireResponse", "any", "QuestionnaireResponse:questionnaire", "one two"),
        ("QuestionnaireResponse", "first,far", "QuestionnaireResponse:questionnaire", "one"),
        ("QuestionnaireResponse", "b,third", "QuestionnaireResponse:*", "other"),
        ("PlanDefinition", "plan", "PlanDefinition:depends-on:Library", "lib"),
        ("PlanDefinition", "plan", "PlanDefinition:depends-on:Measure", ""),
        ("Questionnaire", "one", "QuestionnaireResponse:questionnaire", "any first"),
        ("Questionnaire", "two", "QuestionnaireResponse:questionnaire", "any"),
        ("Library", "lib", "PlanDefinition:*", "plan"),
        ("Questionnaire", "other", "QuestionnaireResponse:*", "b"),
    ],
)
def test_what_comes_along(some: Loaded, type: str, id: str, include: str, expected: str) -> None:
    name = "_include" if include.startswith(f"{type}:") else "_revinclude"
    page = some.page(type, ("_id", id), (name, include))
    assert {stored.id for stored in page.included} == set(expected.split())


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ("url co q.test", "one two other"),
        ("url sw http://q.test/b", "other"),
        ("url sw q.test", ""),
        ("url ew /a", "one two"),
        ("url gt http://q.test/a", "other"),
        ("url le http://q.test/a", "one two"),
        ("url ne http://q.test/a", "other"),
        ("url co %", ""),
    ],
)
def test_urls_are_filtered(some: Loaded, filter: str, expected: str) -> None:
    assert set(some.find("Questionnaire", ("_filter", filter))) == set(expected.split())
