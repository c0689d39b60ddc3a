"""datatypes: one repetition in, one FHIR value out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_server.hl7v2 import datatypes as dt
from fhir_server.hl7v2.mapping import Defaults
from fhir_server.hl7v2.parse import Delimiters, Field

UTC = Defaults("Z")


def of(raw: str) -> Field:
    return Field(raw, Delimiters())


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("2026", "2026"),
        ("202609", "2026-09"),
        ("20260914", "2026-09-14"),
        ("2026091410", "2026-09-14T10:00:00Z"),
        ("20260914101530", "2026-09-14T10:15:30Z"),
        ("20260914101530.25-0500", "2026-09-14T10:15:30.25-05:00"),
        ("yesterday", None),
    ],
)
def test_date_time(raw: str, value: str | None) -> None:
    assert dt.date_time(of(raw), UTC) == value


def test_a_message_time_zone_is_used_where_the_value_has_none() -> None:
    assert dt.date_time(of("202609141015"), Defaults("-04:00")) == "2026-09-14T10:15:00-04:00"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (
            "7^^^RIVER^MR",
            {
                "type": {"coding": [{"system": dt.V2_0203, "code": "MR"}]},
                "system": "urn:id:RIVER",
                "value": "7",
            },
        ),
        ("7^^^&2.16.840.1&ISO", {"system": "urn:oid:2.16.840.1", "value": "7"}),
        ("7^^^X&https://x.org/ids&URI", {"system": "https://x.org/ids", "value": "7"}),
        ("7", {"value": "7"}),
        ("^^^RIVER", None),
    ],
)
def test_cx(raw: str, value: dict[str, Any] | None) -> None:
    assert dt.cx(of(raw), UTC) == value


def test_xpn() -> None:
    assert dt.xpn(of("Okafor&van&Okafor^Daniel^J P^Jr^Dr^^L"), UTC) == {
        "use": "official",
        "family": "Okafor",
        "given": ["Daniel", "J", "P"],
        "prefix": ["Dr"],
        "suffix": ["Jr"],
    }


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("^PRN^PH^^1^603^5550142", {"system": "phone", "value": "+1 603 5550142", "use": "home"}),
        ("555-0142", {"system": "phone", "value": "555-0142"}),
        ("^NET^Internet^a@b.org", {"system": "email", "value": "a@b.org"}),
        ("^PRN^CP^^^603^5550142", {"system": "phone", "value": "603 5550142", "use": "mobile"}),
    ],
)
def test_xtn(raw: str, value: dict[str, Any]) -> None:
    assert dt.xtn(of(raw), UTC) == value


def test_cwe_names_standard_systems_and_keeps_local_ones() -> None:
    found = dt.cwe(of("E11.9^Type 2 diabetes^I10C^DM2^diabetes^LOCAL"), UTC)
    assert found is not None
    assert found["coding"] == [
        {
            "system": "http://hl7.org/fhir/sid/icd-10-cm",
            "code": "E11.9",
            "display": "Type 2 diabetes",
        },
        {"system": "urn:id:LOCAL", "code": "DM2", "display": "diabetes"},
    ]


DATE_TIME = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?)?)?")


@given(st.text(alphabet="0123456789.+-", max_size=26))
def test_any_value_gives_a_date_time_or_none(raw: str) -> None:
    value = dt.date_time(of(raw), UTC)
    assert value is None or DATE_TIME.fullmatch(value)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("2", 2),
        (" 07 ", 7),
        ("two", None),
        ("2.5", None),
        ("-1", None),
        ("9" * 20, None),
        ("²", None),
    ],
)
def test_integer(raw: str, value: int | None) -> None:
    assert dt.integer(of(raw), UTC) == value
