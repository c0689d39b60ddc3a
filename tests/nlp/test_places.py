"""Places found by bisection are those a plain scan finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nlp.places import Places, between, in_title, key_at, sentence_at
from nlp.types import Document, Section, Sentence, Span

RANGES = st.lists(
    st.tuples(st.integers(0, 50), st.integers(1, 8)).map(lambda p: (p[0], sum(p))), max_size=12
)


@given(RANGES, st.integers(0, 50), st.integers(1, 8))
def test_touch_is_what_a_scan_finds(ranges: list[tuple[int, int]], start: int, size: int) -> None:
    places, kept = Places(), []
    for a, b in ranges:
        free = not any(a < y and x < b for x, y in kept)
        assert places.add(a, b) is free
        kept += [(a, b)] if free else []
    assert places.touch(start, start + size) == any(start < y and x < start + size for x, y in kept)


@given(RANGES, st.integers(0, 50), st.integers(0, 20))
def test_between_is_what_a_scan_finds(ranges: list[tuple[int, int]], start: int, size: int) -> None:
    drugs = sorted(ranges)
    inside = [i for i, (a, _) in enumerate(drugs) if start <= a < start + size]
    assert list(between(drugs, start, start + size)) == inside


def document() -> Document:
    text = "EXAM: Fine. Neck: Supple. MEDS: None. Other: X."

    def section(key: str, title: str, end: int) -> Section:
        at = text.index(title)
        return Section(key, Span(at, at + len(title), title), at + len(title), end)

    sections = (
        section("physical_exam", "EXAM", 12),
        section("other", "Neck", 26),
        section("medications", "MEDS", 38),
        section("other", "Other", len(text)),
    )
    return Document(text, sections, (Sentence(0, 11), Sentence(12, 25), Sentence(26, 37)))


def test_key_at() -> None:
    read = document()
    keys = [key_at(read, read.text.index(word)) for word in ("Fine", "Supple", "None", "X.")]
    assert keys == ["physical_exam", "physical_exam", "medications", "other"]
    assert key_at(Document("abc"), 1) == ""


def test_in_title() -> None:
    read = document()
    assert in_title(read, 2, 6)
    assert not in_title(read, 6, 10)


def test_sentence_at() -> None:
    read = document()
    assert sentence_at(read, 13) == (12, 25)
    assert sentence_at(read, 40) == (37, len(read.text))
    assert sentence_at(Document("abc"), 1) == (0, 3)
