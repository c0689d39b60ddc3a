"""Search by date: instants, precisions, periods, zones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_server.errors import BadRequest
from fhir_server.search.types.date import span
from tests.fhir_server.search.loaded import Loaded, observation, quick

moments = st.datetimes(datetime(1800, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


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
