"""Words, offsets and sentence starts, in both forms."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels import text as kernel
from kernels.fold import fold
from kernels.text import normalise, tokenize, words

pytestmark = pytest.mark.usefixtures("backend")

PIECES = [*"aZ9 .!?\n\t\r-", "  ", "\r\n", "\n \n", "é", "β", "—", "😀", "mg", "word" * 5, "x" * 63]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=120).map("".join) | st.text(max_size=300)


@given(TEXTS)
def test_each_span_is_its_word(text: str) -> None:
    tokens = tokenize(text)
    normal = normalise(text)
    spans = zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True)
    assert [normal[start:end] for start, end in spans] == tokens.words() == words(text)


@given(TEXTS)
def test_words_are_all_the_word_characters(text: str) -> None:
    tokens = tokenize(text)
    normal = list(normalise(text))
    for start, end in zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True):
        normal[start:end] = " " * (end - start)
    assert not re.search(r"[a-z0-9]|[^\x00-\x7f]", "".join(normal))


@given(TEXTS)
def test_equals_the_reference(text: str) -> None:
    ours, reference = tokenize(text), kernel._reference(fold(text))
    for name in ("starts", "ends", "hashes", "sentences", "utf8", "byte_starts", "byte_ends"):
        mine, other = getattr(ours, name), getattr(reference, name)
        assert mine.dtype == other.dtype
        np.testing.assert_array_equal(mine, other, name)


@given(st.text("ab é", max_size=30), st.text("ab é", max_size=30))
def test_a_word_has_one_hash_wherever_it_stands(left: str, right: str) -> None:
    tokens = tokenize(f"{left} needle {right}")
    at = tokens.words().index("needle")
    assert tokens.hashes[at] == tokenize("Needle").hashes[0] == kernel.token_hash("needle")


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("", []),
        ("no stop", [0]),
        ("One. Two! 3 four? five.", [0, 5, 10]),
        ("end.\n\nnext", [0, 6]),
        ("line\nline", [0]),
        ("line\r\n \t\r\nlist item", [0, 10]),
        ("Stop." + " " * 200 + "Go", [0, 205]),
        ("x\n" + " " * 200 + "\ny", [0, 203]),
        ("Fièvre. Été", [0, 8]),
    ],
)
def test_sentence_starts(text: str, starts: list[int]) -> None:
    assert tokenize(text).sentences.tolist() == starts


def test_tokens_do_not_change_when_another_text_is_read() -> None:
    first = tokenize("aspirin 81 mg")
    before = first.words()
    tokenize("metformin 500 mg " * 100)
    assert first.words() == before
