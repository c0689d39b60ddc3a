"""Laws of de-identification over notes put together at random."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from nlp.deid import Category, Mode, deidentify, find
from nlp.deid.lexicon import lexicon

PIECES = st.sampled_from(
    [
        "Patient Name: ", "Dr. ", "Mrs. ", "his wife, ", "Seen by ", " at ", " in ", " on ", ", MD",
        "MRN: ", "phone ", "Kim", "Siobhan", "O'Brien", "PERRY", "Ng", "Smith-Jones", "van der ",
        "Young", "May", "Foley", " catheter", " disease", "Mercy ", "Hospital", "Lake ", "Tulsa",
        ", OK 74101", "12 Elm Street", "3/15/2015", "March", "2020-02-29", "May 3", "5512345",
        "94", " years old", "a.b@example.org", "10.0.0.1", "(330) 555-8286", "[NAME]", "[DATE]",
        ". ", ", ", "\n", " ", "is", " returns", "metformin 500 mg", "120/80", "\u00c9lise", "'s", "-",
    ]
)  # fmt: skip
NOTES = st.lists(PIECES, max_size=24).map("".join) | st.text(max_size=80)
MODES = st.sampled_from(Mode)


@given(NOTES)
def test_spans_are_in_order_and_inside(text: str) -> None:
    end = 0
    for phi in find(text):
        assert end <= phi.start < phi.end <= len(text)
        end = phi.end


@given(NOTES, MODES)
def test_what_lies_between_is_kept_and_offsets_go_round(text: str, mode: Mode) -> None:
    done = deidentify(text, mode, "key")
    inside = {n for s in done.spans for n in range(s.start, s.end)}
    for old in range(len(text)):
        if old not in inside:
            assert done.text[done.to_new(old)] == text[old]
            assert done.to_old(done.to_new(old)) == old
    for span in done.spans:
        assert done.text[span.new_start : span.new_end] == span.replacement
        assert done.to_new(span.start) == span.new_start
        if span.replacement:
            assert done.to_old(span.new_start) == span.start


@given(NOTES)
def test_masking_twice_is_masking_once(text: str) -> None:
    once = deidentify(text).text
    assert deidentify(once).text == once


@given(NOTES)
def test_no_masked_name_is_left(text: str) -> None:
    done = deidentify(text)
    for span in done.spans:
        for word in re.findall(r"[^\W\d_]{4,}", text[span.start : span.end]):
            fold = word.casefold()
            also_a_word = lexicon().ordinary(fold) or fold in lexicon().eponyms
            if span.category is Category.NAME and not also_a_word:
                left = re.findall(rf"(?<![\w'’-]){word}(?![\w'’-])", done.text)
                assert left == [] or f"{word} disease" in done.text


@given(NOTES, st.text(min_size=1, max_size=8))
def test_a_key_gives_one_text(text: str, key: str) -> None:
    first, second = (deidentify(text, Mode.SURROGATE, key, "p") for _ in range(2))
    assert first == second
