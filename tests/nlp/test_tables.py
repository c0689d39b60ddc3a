"""The lists of words that patterns name: each in one place, each named, no word twice."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files
from itertools import groupby
from pathlib import Path

import pytest

from nlp.tables import compiled, listed, rows

ROWS = [(name, word) for name, word in rows("wording.tsv")]


def test_a_list_stands_in_one_place_and_has_no_word_twice() -> None:
    assert [
        n for n, k in Counter(name for name, _ in groupby(r[0] for r in ROWS)).items() if k > 1
    ] == []
    assert [row for row, count in Counter(ROWS).items() if count > 1] == []


def test_every_list_is_named() -> None:
    folder = Path(str(files("nlp")))
    named = [*folder.rglob("*.py"), folder / "data" / "speech_acts.tsv"]
    sources = "".join(path.read_text("utf-8") for path in named)
    unnamed = [
        n for n in {r[0] for r in ROWS} if f"<{n}>" not in sources and f'"{n}"' not in sources
    ]
    assert unnamed == []


def test_a_pattern_takes_the_words_of_its_lists() -> None:
    rule = compiled(r"\b(?:<season>)\b(?P<year>\d{4})?", re.I)
    assert rule.search("in the Fall")
    assert rule.search("in May") is None
    assert "winter" in listed("season")
    with pytest.raises(KeyError):
        compiled("<no-such-list>")
