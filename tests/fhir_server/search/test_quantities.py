"""Search by number and quantity: precision, prefixes, units."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_server.errors import BadRequest, FhirError
from fhir_server.search.extract import rows
from terminology.grammars.ucum import canonical
from tests.fhir_server.search.loaded import Loaded, observation, quick

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
