"""Search types: what was indexed is found by a query for it, and not by a query for something else."""

from __future__ import annotations

import string
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fhir_server.errors import BadRequest, FhirError
from fhir_server.search.extract import rows
from fhir_server.search.types.date import span
from fhir_server.search.types.string import norm
from terminology.ucum import canonical
from tests.fhir_server.search.loaded import BASE, Loaded, Resource, escaped

quick = settings(max_examples=60, deadline=None)
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
codes = st.text(string.ascii_letters + "0123456789,|$\\-_ 'é%", min_size=1, max_size=8)
moments = st.datetimes(datetime(1800, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.fixture(scope="module")
def empty() -> Iterator[Loaded]:
    loaded = Loaded()
    yield loaded
    loaded.connection.close()


def observation(**elements: object) -> Resource:
    return {"resourceType": "Observation", "id": "it", "status": "final", **elements}


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


def _written(at: datetime, size: int) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"[:size] + "Z" * (10 < size < 24)


sizes = st.sampled_from([4, 7, 10, 16, 19, 23])


@quick
@given(at=moments, element=sizes, asked=sizes, shift=st.integers(-400, 400))
def test_date(empty: Loaded, at: datetime, element: int, asked: int, shift: int) -> None:
    at = at.replace(year=max(at.year, 1000))
    stored = _written(at, element if element not in (16,) else 19)
    query = _written(at + timedelta(hours=shift), asked)
    (low, high), (first, last) = span(stored), span(query)
    contained = first <= low and high <= last
    expected = {
        "eq": contained,
        "ne": not contained,
        "gt": high > last,
        "lt": low < first,
        "ge": high > last or contained,
        "le": low < first or contained,
        "sa": low >= last,
        "eb": high <= first,
    }
    with empty.holding(observation(effectiveDateTime=stored)):
        for prefix, found in expected.items():
            assert empty.find("Observation", ("date", prefix + query)) == ["it"] * found, prefix
        assert empty.find("Observation", ("date", "ap" + stored)) == ["it"]


@pytest.mark.parametrize(
    ("text", "first", "length"),
    [("1970", 0, 365 * 86_400_000), ("1972-02", 65_750_400_000, 29 * 86_400_000), ("9999-12-31", 253402214400000, 86_400_000),
     ("1970-01-01T00:00Z", 0, 60_000), ("1970-01-01T00:00:00Z", 0, 1000), ("1970-01-01T00:00:00.1Z", 100, 100),
     ("1970-01-01T00:00:00.123456+00:00", 123, 1), ("1970-01-01T01:00:00+01:00", 0, 1000), ("1970-01-01T00:00:60Z", 59_000, 1000),
     ("0001-01-01T00:00:00+14:00", -62135596800000 - 14 * 3_600_000, 1000), ("1970-12", 334 * 86_400_000, 31 * 86_400_000)],
)  # fmt: skip
def test_span(text: str, first: int, length: int) -> None:
    assert span(text) == (first, first + length)


def test_the_plus_of_a_zone_may_be_a_space(empty: Loaded) -> None:
    with empty.holding(observation(effectiveDateTime="2020-05-01T08:30:00Z")):
        assert empty.find("Observation", ("date", "2020-05-01T10:30:00 02:00")) == ["it"]
        assert empty.find("Observation", ("date", "gt2020-05-01T10:30:00 02:00")) == []


def test_a_period_may_be_open(empty: Loaded) -> None:
    with empty.holding(observation(effectivePeriod={"start": "2020-05"})):
        for value, found in (
            ("ge2030", True),
            ("lt2020-05", False),
            ("eq2020", False),
            ("sa2020-04", True),
            ("eb2099", False),
        ):
            assert empty.find("Observation", ("date", value)) == ["it"] * found, value


@pytest.mark.parametrize(
    "value",
    [
        "20",
        "2020-13",
        "2020-02-30",
        "2020-01-01T25:00:00Z",
        "now",
        "gt",
        "2020-01-01 10:00",
        "99999",
    ],
)
def test_what_is_no_date_is_refused(empty: Loaded, value: str) -> None:
    with pytest.raises(BadRequest) as raised:
        empty.find("Observation", ("date", value))
    assert raised.value.expression == "date"


numbers = st.decimals(-(10**6), 10**6, places=3)


@quick
@given(value=numbers, other=numbers, places=st.integers(0, 3))
def test_quantity(empty: Loaded, value: Decimal, other: Decimal, places: int) -> None:
    asked = other.quantize(Decimal(1).scaleb(-places))
    half = Decimal(5).scaleb(-places - 1)
    equal = asked - half <= value < asked + half
    quantity = {"value": float(value), "unit": "milligram", "system": "http://ucum", "code": "mg"}
    expected = {"eq": equal, "": equal, "ne": not equal, "gt": value > asked, "lt": value < asked,
                "ge": value >= asked, "le": value <= asked, "sa": value > asked, "eb": value < asked}  # fmt: skip
    with empty.holding(observation(valueQuantity=quantity)):
        for prefix, found in expected.items():
            assert (
                empty.find("Observation", ("value-quantity", f"{prefix}{asked:f}"))
                == ["it"] * found
            ), prefix
        for unit, found in (
            ("||mg", True),
            ("||milligram", True),
            ("|http://ucum|mg", True),
            ("||g", False),
            ("|http://other|mg", False),
        ):
            assert (
                empty.find("Observation", ("value-quantity", f"{value:f}{unit}")) == ["it"] * found
            ), unit


@quick
@given(value=st.decimals(0, 1, places=4), places=st.integers(0, 4))
def test_number(empty: Loaded, value: Decimal, places: int) -> None:
    risk = {
        "resourceType": "RiskAssessment",
        "id": "it",
        "prediction": [{"probabilityDecimal": float(value)}],
    }
    with empty.holding(risk):
        assert empty.find("RiskAssessment", ("probability", f"{value:f}")) == ["it"]
        assert empty.find("RiskAssessment", ("probability", f"{value + 1:f}")) == []
        assert empty.find("RiskAssessment", ("probability", f"ap{value:f}")) == ["it"]


def test_annotations_are_units_of_their_own(empty: Loaded) -> None:
    ucum = "http://unitsofmeasure.org"
    score = {"value": 3, "unit": "score", "system": ucum, "code": "{score}"}
    with empty.holding(observation(valueQuantity=score)):
        for unit, found in (("{score}", True), ("{nominal}", False), ("%", False), ("1", False)):
            assert (
                empty.find("Observation", ("value-quantity", f"3|{ucum}|{unit}")) == ["it"] * found
            )
            assert (
                empty.find("Observation", ("value-quantity", f"gt2|{ucum}|{unit}"))
                == ["it"] * found
            )


def test_signs_are_prefixes(empty: Loaded) -> None:
    with empty.holding(observation(valueQuantity={"value": 5}, effectiveDateTime="2020-05-01")):
        for name, value, found in (
            ("value-quantity", ">4.9", True),
            ("value-quantity", "<5", False),
            ("value-quantity", "<=5", True),
            ("date", ">=2020-05", True),
            ("date", ">2020-05", False),
            ("date", "<2021", True),
        ):
            assert empty.find("Observation", (name, value)) == ["it"] * found, (name, value)
        with pytest.raises(BadRequest):
            empty.find("Observation", ("date", ">>2020"))


def test_an_exponent_is_less_precise(empty: Loaded) -> None:
    with empty.holding(observation(valueQuantity={"value": 140})):
        assert empty.find("Observation", ("value-quantity", "1e2")) == ["it"]
        assert empty.find("Observation", ("value-quantity", "100")) == []
        assert empty.find("Observation", ("value-quantity", "1.00e2")) == []


@pytest.mark.parametrize(
    "value", ["", "x", "|2", "1|2|3|4", "nan", "inf", "1e999", "--1", "0x1", "١"]
)
def test_what_is_no_quantity_is_refused(empty: Loaded, value: str) -> None:
    with pytest.raises(FhirError) as raised:
        empty.find("Observation", ("value-quantity", value))
    assert raised.value.expression == "value-quantity"


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


@given(
    amount=st.floats(-1e9, 1e9) | st.integers(-(10**15), 10**15) | st.floats(0, 1e-6),
    code=st.sampled_from(["mg/dL", "g/L", "%", "cm", "mm[Hg]", "[lb_av]", "kg", "h", "umol/L"]),
)
def test_a_quantity_in_base_units_is_the_nearest_to_the_exact_one(amount: float, code: str) -> None:
    value = {"value": amount, "system": "http://unitsofmeasure.org", "code": code}
    found = rows(observation(valueQuantity=value)).qty
    known = canonical(code)
    assert known is not None
    exact = float(Decimal(str(amount)) * known.factor)
    assert ("Observation.value.as(Quantity):ucum", exact, "", known.unit) in found


def test_a_quantity_of_a_system(empty: Loaded) -> None:
    with empty.holding(observation(valueQuantity={"value": 5, "system": "urn:s", "code": "u"})):
        for value, found in (("5|urn:s", True), ("5|urn:t", False), ("5|urn:s|", True)):
            assert empty.find("Observation", ("value-quantity", value)) == ["it"] * found
