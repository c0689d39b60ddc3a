"""Phrases by the words that they share with a query."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.coding.canonical import lexemes
from terminology.coding.diagnoses.rank import Ranker

PIECES = [*"abcdefgimnoprstuy ,()[]-'/129", " of ", ", unspecified", " disease", "anemia"]


TITLES = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@given(st.lists(TITLES.filter(lexemes), min_size=1, max_size=8))
def test_a_phrase_is_most_like_itself(phrases: list[str]) -> None:
    ranker = Ranker(Ranker.build(phrases))
    for number, phrase in enumerate(phrases):
        found = dict(ranker.topk(phrase, len(phrases)))
        assert found[number] == pytest.approx(max(found.values()))
