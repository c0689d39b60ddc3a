"""Texts by their words: every way to find one agrees with reading them all."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kernels.text import words
from terminology.coding.wordindex import WordIndex, build

TEXTS = st.lists(st.text("abé 1\n-", max_size=14), max_size=12)


def indexed(texts: list[str]) -> WordIndex:
    return WordIndex(build(iter([texts[:5], texts[5:]])))


@given(TEXTS, st.text("abé1", min_size=1, max_size=3))
def test_starting_finds_every_text_with_such_a_word(texts: list[str], start: str) -> None:
    (wanted, *_) = words(start) or [""]
    if not wanted:
        return
    found = indexed(texts).starting(wanted).tolist()
    own = [n for n, text in enumerate(texts) if any(w.startswith(wanted) for w in words(text))]
    assert found == own


@given(TEXTS.filter(any), st.data())
def test_a_text_is_the_best_answer_to_itself(texts: list[str], data: st.DataObject) -> None:
    worded = [text for text in texts if words(text)]
    if not worded:
        return
    asked = data.draw(st.sampled_from(worded))
    found = indexed(texts).topk(asked, len(texts))
    best = [number for number, score in found if score == found[0][1]]
    # others may be of the same words in another order or number
    assert any(set(words(texts[number])) == set(words(asked)) for number in best)
    assert all(0 < score <= 1 + 1e-6 for _, score in found)


def test_typing_errors_beginnings_and_plurals() -> None:
    index = indexed(["Iron deficiency anemia", "Anemia of pregnancy", "Fracture of femur"])
    assert index.topk("iron deficeincy", 1)[0][0] == 0
    assert index.topk("fract", 1)[0][0] == 2
    assert index.topk("fractures of the femur", 1)[0][0] == 2
    assert index.topk("nothing alike", 3) == []
