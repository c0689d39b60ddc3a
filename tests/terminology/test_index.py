"""The index on disk: what is packed comes back, and a damaged index says what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.errors import IndexMissing
from terminology.index import (
    ARRAYS,
    MANIFEST,
    Index,
    Rows,
    Strings,
    pack_rows,
    pack_strings,
    phrase_of,
)

TEXT = st.text(st.characters(blacklist_categories=["Cs"]), max_size=30)


@given(st.lists(TEXT))
def test_strings_come_back(strings: list[str]) -> None:
    arrays = pack_strings("x", strings)
    packed = Strings(arrays["x.blob"], arrays["x.offsets"])
    assert packed.all() == strings
    assert [packed[number] for number in range(len(packed))] == strings


@given(st.lists(st.lists(st.integers(0, 2**32 - 1))))
def test_rows_come_back(rows: list[list[int]]) -> None:
    arrays = pack_rows("x", rows)
    packed = Rows(arrays["x.numbers"], arrays["x.offsets"])
    assert [packed[number] for number in range(len(packed))] == rows


@given(TEXT)
def test_a_phrase_reads_as_itself(text: str) -> None:
    assert phrase_of(text) == phrase_of(phrase_of(text))


@pytest.mark.parametrize("damage", ["absent", "json", "array"])
def test_a_damaged_index_says_what_to_do(tmp_path: Path, damage: str) -> None:
    if damage != "absent":
        (tmp_path / ARRAYS).write_bytes(bytes(24))
        text = json.dumps({"systems": [], "arrays": {"x": ("<f8", (4,), 0)}})
        (tmp_path / MANIFEST).write_text(text[: 9 if damage == "json" else None])
    with pytest.raises(IndexMissing, match="index build"):
        Index.open(tmp_path)
