"""Systems that ship as tables: their codes, those given up among them."""

from __future__ import annotations

import re

from terminology.expansion import Options, expand
from terminology.library import Library
from terminology.lists import ROWS, ListsLayer
from terminology.valueset import Include, ValueSet

CURRENCIES = "urn:iso:std:iso:4217"
KNOWN = Library((ListsLayer(),))


def test_currencies_are_known_and_told_from_those_given_up() -> None:
    system = KNOWN.system(CURRENCIES)
    assert system is not None
    assert system.concept("USD").display == "US Dollar"
    assert all(re.fullmatch("[A-Z]{3}", code) for code in system.codes())
    assert [system.is_inactive(code) for code in ("EUR", "CHF", "DEM")] == [False, False, True]
    assert system.find("usd") is None


def test_countries_are_known_by_each_of_their_codes() -> None:
    system = KNOWN.system("urn:iso:std:iso:3166")
    assert system is not None
    assert {system.concept(code).display for code in ("CH", "CHE", "756")} == {"Switzerland"}
    kinds = ["[A-Z]{2}", "[A-Z]{3}", "[0-9]{3}"]  # of the value sets of R4
    assert [sum(bool(re.fullmatch(k, c)) for c in system.codes()) for k in kinds] == [249] * 3


def test_every_list_expands_in_order() -> None:
    for url, *_ in ROWS:
        made = expand(KNOWN, ValueSet("urn:v", include=(Include(url),)), Options(active_only=True))
        codes = [each.code for each in made.contains]
        assert codes == sorted(set(codes))
        assert len(codes) > 100
