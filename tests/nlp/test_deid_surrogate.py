"""Surrogates keep form, identity and intervals."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.deid import Category, deidentify
from nlp.deid.shift import shift
from nlp.deid.surrogate import LONGEST, Surrogates

DAYS = st.dates(date(1900, 1, 1), date(2099, 1, 1))


@pytest.mark.parametrize(
    ("old", "days", "new"),
    [
        ("3/15/15", 20, "4/4/15"),
        ("03/07/2019", 1, "03/08/2019"),
        ("2020-02-28", 1, "2020-02-29"),
        ("20200228", 2, "20200301"),
        ("January 31st, 2020", 1, "February 1st, 2020"),
        ("JAN 31, 2020", 1, "FEB 1, 2020"),
        ("09 Jan 2022", 3, "12 Jan 2022"),
        ("Monday, June 7, 2021", 1, "Tuesday, June 8, 2021"),
        ("May 3-5, 2015", 1, "May 4-6, 2015"),
        ("twentieth of April", 1, "twenty-first of April"),
        ("June 2007", 31, "July 2007"),
        ("12/2007", 31, "1/2008"),
        ("12/31", 1, "1/1"),
        ("March", 31, "April"),
        ("15th", 1, "16th"),
        ("1925", 366, "1926"),
        ("Thanksgiving", 5, "that day"),
    ],
)
def test_dates_keep_their_form(old: str, days: int, new: str) -> None:
    assert shift(old, days) == new


def test_the_order_of_day_and_month_is_the_documents() -> None:
    assert shift("05/06/2015", 1) == "05/07/2015"
    assert shift("05/06/2015", 1, first=True) == "06/06/2015"
    assert shift("25/06/2015", 1) == "26/06/2015"


@given(DAYS, DAYS, st.text(max_size=8))
def test_intervals_are_kept(one: date, two: date, patient: str) -> None:
    surrogates = Surrogates("key", patient)
    moved = [date.fromisoformat(surrogates.of(Category.DATE, d.isoformat())) for d in (one, two)]
    assert moved[1] - moved[0] == two - one
    assert timedelta(0) < abs(moved[0] - one) <= timedelta(LONGEST)


def test_a_person_stays_one_person() -> None:
    text = "Patient Name: Jane Okafor\nMs. Okafor came. OKAFOR, JANE signed. Dr. Mehta left."
    spans = deidentify(text, "surrogate", "k").spans
    first, *others = [s.replacement for s in spans]
    given_name, surname = first.split()
    assert others[:2] == [surname, f"{surname.upper()}, {given_name.upper()}"]
    assert others[2] != surname


def test_keys_and_patients_differ() -> None:
    text = "Mrs. Okafor came on 2020-03-04 (MRN 5512345)."
    made = {deidentify(text, "surrogate", k, p).text for k in "ab" for p in "xyz"}
    assert len(made) == 6


@pytest.mark.parametrize(
    ("category", "old"),
    [
        (Category.MRN, "AB-12 34x"),
        (Category.PHONE, "(330) 555-8286"),
        (Category.SSN, "576-26-4401"),
        (Category.VEHICLE, "1HGCM82633A004352"),
    ],
)
def test_numbers_keep_their_shape(category: Category, old: str) -> None:
    new = Surrogates("k").of(category, old)
    shape = [(c.isdigit(), c.isupper(), c.islower()) for c in old]
    assert [(c.isdigit(), c.isupper(), c.islower()) for c in new] == shape
    assert new != old


def test_addresses_of_machines_are_those_of_documentation() -> None:
    surrogates = Surrogates("k")
    assert surrogates.of(Category.IP, "25.239.67.37").startswith("192.0.2.")
    assert surrogates.of(Category.EMAIL, "a.b@corp.com").endswith("@example.com")
    assert surrogates.of(Category.URL, "www.corp.com").startswith("https://example.org/")
