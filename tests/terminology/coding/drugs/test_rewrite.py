"""Further ways to write the name of a drug."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from terminology.coding.drugs.rewrite import drug

PIECES = [*"abcdefgimnoprstuy ,()[]-'/129", " of ", ", unspecified", " disease", "anemia"]


TITLES = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@given(st.lists(TITLES, max_size=3).map(" / ".join))
def test_no_variant_of_a_drug_is_blank(name: str) -> None:
    assert all(drug(name)) or not name.strip(" /")
