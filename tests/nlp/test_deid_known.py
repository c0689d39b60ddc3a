"""What is known of a person is covered wherever a text says it, in any case and form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.deid import Category, deidentify

KNOWN = (
    (Category.NAME, "Jos\u00e9 Li Okafor-Smith"),
    (Category.NAME, "Li"),
    (Category.NAME, "May"),
    (Category.LOCATION, "Quebradillas"),
    (Category.LOCATION, "7 Long Pier Rise"),
    (Category.MRN, "A-12345"),
    (Category.PHONE, "+1 (617) 555-0199"),
    (Category.EMAIL, "q.r@s.example"),
    (Category.DATE, "1980-03-04"),
)


@pytest.mark.parametrize(
    ("said", "category"),
    [
        *((n, "NAME") for n in ("okafor", "OKAFOR", "smith", "jose li okafor-smith", "Li", "MAY")),
        *((p, "LOCATION") for p in ("quebradillas", "7  LONG pier rise")),
        *((d, "DATE") for d in ("19800304", "4 Mar 1980", "3/4/80", "the 4th of March, 1980")),
        *(("a12345", "MRN"), ("6175550199", "PHONE"), ("Q.R@S.example", "EMAIL")),
    ],
)
def test_a_fact_is_covered_however_it_is_written(said: str, category: str) -> None:
    text = deidentify(f"flag {said} noted", known=KNOWN).text
    assert text in (f"flag [{category}] noted", f"flag the [{category}] noted")


@pytest.mark.parametrize("text", ["it may be", "the list", "a smithy", "amay", "on 3/4 strength"])
def test_what_only_looks_like_a_fact_stays(text: str) -> None:
    plain = deidentify(text).text
    assert deidentify(text, known=KNOWN).text == plain


@given(st.text(max_size=40), st.sampled_from(list(Category)))
def test_any_text_may_be_a_fact(text: str, category: Category) -> None:
    done = deidentify(f"a {text} b", known=[(category, text)])
    assert [done.to_old(span.new_start) for span in done.spans] == [s.start for s in done.spans]


@pytest.mark.parametrize(
    "line", ["DISCHARGE SUMMARY - HOSPITAL MEDICINE", "INTERNAL MEDICINE", "PAST SURGERY"]
)
def test_a_heading_is_no_letterhead(line: str) -> None:
    assert deidentify(f"{line}\nText.").text == f"{line}\nText."
