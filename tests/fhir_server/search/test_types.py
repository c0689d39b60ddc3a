"""Search types: what was indexed is found by a query for it, and not by a query for something else."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_server.errors import BadRequest
from fhir_server.search.types.string import norm
from tests.fhir_server.search.loaded import BASE, Loaded, Resource, escaped, observation, quick

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
codes = st.text(string.ascii_letters + "0123456789,|$\\-_ 'é%", min_size=1, max_size=8)


@quick
@given(code=codes, system=codes, other=codes)
def test_token(empty: Loaded, code: str, system: str, other: str) -> None:
    coded = observation(code={"coding": [{"system": system, "code": code}]})
    with empty.holding(coded):
        for value in (code, f"{system}|{code}"):
            assert empty.find("Observation", ("code", _token(value, system, code))) == ["it"]
        assert empty.find("Observation", ("code", f"{escaped(system)}|")) == ["it"]
        assert empty.find("Observation", ("code", f"|{escaped(code)}")) == []
        assert empty.find("Observation", ("code:not", escaped(code))) == []
        assert empty.find("Observation", ("code:not", f"|{escaped(code)}")) == ["it"]
        if other != code:
            assert empty.find("Observation", ("code", escaped(other))) == []
            assert empty.find("Observation", ("code:not", escaped(other))) == ["it"]
            assert empty.find("Observation", ("code", f"{escaped(other)},{escaped(code)}")) == [
                "it"
            ]
        if other != system:
            assert empty.find("Observation", ("code", f"{escaped(other)}|{escaped(code)}")) == []


def _token(value: str, system: str, code: str) -> str:
    return escaped(code) if value == code else f"{escaped(system)}|{escaped(code)}"


@pytest.mark.parametrize(
    ("value", "found"),
    [("final", True), ("http://hl7.org/fhir/observation-status|final", True), ("|final", True),
     ("http://hl7.org/fhir/observation-status|", True), ("http://loinc.org|final", False),
     ("http://hl7.org/fhir/observation-status|draft", False), ("Final", False)],
)  # fmt: skip
def test_a_bare_code_has_the_system_of_its_binding(empty: Loaded, value: str, found: bool) -> None:
    with empty.holding(observation()):
        assert empty.find("Observation", ("status", value)) == ["it"] * found


@quick
@given(text=words.filter(norm), cut=st.integers(1, 12), other=words.filter(norm))
def test_string(empty: Loaded, text: str, cut: int, other: str) -> None:
    patient = {"resourceType": "Patient", "id": "it", "name": [{"family": text}]}
    with empty.holding(patient):
        assert empty.find("Patient", ("name", escaped(text))) == ["it"]
        assert empty.find("Patient", ("family:exact", escaped(text))) == ["it"]
        assert empty.find("Patient", ("family:contains", escaped(norm(text)[-cut:]))) == [
            "it"
        ] or not norm(norm(text)[-cut:])
        starts = norm(text).startswith(norm(other))
        assert empty.find("Patient", ("family", escaped(other))) == ["it"] * starts
        assert empty.find("Patient", ("family:contains", escaped(other))) == ["it"] * (
            norm(other) in norm(text)
        )
        assert empty.find("Patient", ("family:exact", escaped(other))) == ["it"] * (other == text)


@given(words)
def test_norm_is_stable(text: str) -> None:
    assert norm(norm(text)) == norm(text)
    assert norm(text.upper()) == norm(text.upper().lower())


def test_norm() -> None:
    assert [norm(t) for t in ("Ångström", "STRASSE", "straße", "  Ana  María ", "ﬁne")] == [
        "angstrom", "strasse", "strasse", "ana maria", "fine",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [("subject", "Patient/p", True), ("subject", "p", True), ("subject", f"{BASE}/Patient/p", True), ("patient", "p", True),
     ("subject:Patient", "p", True), ("patient", "Patient/p/_history/2", True), ("subject", "Group/p", False), ("subject:Group", "p", False),
     ("patient", "Group/p", False), ("subject:Patient", "Group/p", False), ("subject", "q", False), ("subject", "https://other.test/Patient/p", False),
     ("subject:missing", "true", False), ("subject:missing", "false", True)],
)  # fmt: skip
def test_reference(empty: Loaded, name: str, value: str, found: bool) -> None:
    with empty.holding(observation(subject={"reference": "Patient/p"})):
        assert empty.find("Observation", (name, value)) == ["it"] * found


def test_reference_elsewhere(empty: Loaded) -> None:
    far = {
        "reference": "https://other.test/Patient/p",
        "identifier": {"system": "urn:a", "value": "7"},
    }
    with empty.holding(observation(subject=far)):
        assert empty.find("Observation", ("subject", "https://other.test/Patient/p")) == ["it"]
        assert empty.find("Observation", ("subject:identifier", "urn:a|7")) == ["it"]
        assert empty.find("Observation", ("subject:identifier", "urn:b|7")) == []
        assert empty.find("Observation", ("subject", "p")) == []


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [("url", "http://a.test/vs/one", True), ("url", "http://a.test/vs", False), ("url:below", "http://a.test/vs", True),
     ("url:below", "http://a.test/v", False), ("url:above", "http://a.test/vs/one/two", True), ("url:above", "http://a.test/vs/one", True),
     ("url:above", "http://a.test/vs/ones", False), ("url", "HTTP://a.test/vs/one", False), ("_profile", "http://p.test/x", True),
     ("_profile", "http://p.test/x|2", True), ("_profile", "http://p.test/x|3", False), ("_profile", "http://p.test/", False),
     ("_profile:below", "http://p.test/x", True), ("_profile:below", "http://p.test", True), ("_profile:below", "http://p.test/x|2", True),
     ("_profile:below", "http://p.test/x|1", False), ("url", "http://a.test/vs/one|1.2a", True), ("url", "http://a.test/vs/one|1.2A", True),
     ("url", "http://a.test/vs/one|1", False), ("url", "http://a.test/vs/one|1,http://a.test/vs/one|1.2a", True), ("version", "1.2A", True)],
)  # fmt: skip
def test_uri(empty: Loaded, name: str, value: str, found: bool) -> None:
    value_set = {
        "resourceType": "ValueSet",
        "id": "it",
        "url": "http://a.test/vs/one",
        "version": "1.2a",
        "meta": {"profile": ["http://p.test/x|2"]},
    }
    with empty.holding(value_set):
        assert empty.find("ValueSet", (name, value)) == ["it"] * found


@pytest.mark.parametrize(
    ("value", "found"),
    [("http://q.test/a", "one two ten"), ("http://q.test/a|1", "one two"), ("http://q.test/a|1.1", "two"), ("http://q.test/a|2", ""),
     ("http://q.test", "one two ten"), ("http://q.te", "")],
)  # fmt: skip
def test_canonical_below(empty: Loaded, value: str, found: str) -> None:
    versions = {"one": "1.0", "two": "1.1", "ten": "10"}
    answers: list[Resource] = [
        {"resourceType": "QuestionnaireResponse", "id": id, "questionnaire": f"http://q.test/a|{v}"}
        for id, v in versions.items()
    ]
    with empty.holding(*answers):
        name = "questionnaire:below"
        assert set(empty.find("QuestionnaireResponse", (name, value))) == set(found.split())
        with pytest.raises(BadRequest):
            empty.find("QuestionnaireResponse", ("questionnaire:above", value))


@pytest.mark.parametrize(
    ("type", "name", "value", "found"),
    [("Patient", "family", "quinones", True), ("Patient", "name", "Quiñ", True), ("Patient", "family", "de carreno-q", True),
     ("Patient", "family", "uinones", False), ("Patient", "given", "luc", False), ("Patient", "family:exact", "Quinones", False),
     ("Patient", "telecom", "phone|55", True), ("Patient", "active", "http://terminology.hl7.org/CodeSystem/special-values|true", True),
     ("Patient", "gender", "urn:other|male", False), ("Patient", "telecom", "phone|", False),
     ("DocumentReference", "contenttype", "text/xml", False), ("DocumentReference", "contenttype:below", "text/xml", True),
     ("DocumentReference", "contenttype:below", "text/x", False)],
)  # fmt: skip
def test_names_and_tokens_without_systems(
    empty: Loaded, type: str, name: str, value: str, found: bool
) -> None:
    patient: Resource = {
        "resourceType": "Patient",
        "id": "it",
        "active": True,
        "gender": "male",
        "name": [{"family": "De Carreño-Quiñones", "given": ["Jean-Luc"]}],
        "telecom": [{"system": "phone", "value": "55"}],
    }
    attachment = {"contentType": "text/xml; charset=UTF-8"}
    document = {"resourceType": "DocumentReference", "id": "it"}
    with empty.holding(patient, document | {"content": [{"attachment": attachment}]}):
        assert empty.find(type, (name, value)) == ["it"] * found


def test_the_last_name_sorts_by_its_first_word(empty: Loaded) -> None:
    named = {"a": "Zapata Alba", "b": "Mora"}
    people: list[Resource] = [
        {"resourceType": "Patient", "id": id, "name": [{"family": name}]}
        for id, name in named.items()
    ]
    with empty.holding(*people):
        assert empty.find("Patient", ("_sort", "family")) == ["b", "a"]


def test_what_has_no_value_to_sort_by_comes_last(empty: Loaded) -> None:
    """A concept without a code; a reference to another type than the parameter is of."""
    codes = {
        "text": {"text": "a"},
        "two": {"coding": [{"code": "2"}]},
        "one": {"coding": [{"code": "1"}]},
    }
    substances: list[Resource] = [
        {"resourceType": "Substance", "id": id, "code": code} for id, code in codes.items()
    ]
    actors = {"place": "Location/a", "person": "Practitioner/b", "nurse": "Practitioner/a"}
    responses: list[Resource] = [
        {"resourceType": "AppointmentResponse", "id": id, "actor": {"reference": actor}}
        for id, actor in actors.items()
    ]
    with empty.holding(*substances, *responses):
        assert empty.find("Substance", ("_sort", "code")) == ["one", "two", "text"]
        assert empty.find("Substance", ("_sort", "-code")) == ["two", "one", "text"]
        found = empty.find("AppointmentResponse", ("_sort", "practitioner"))
        assert found == ["nurse", "person", "place"]
