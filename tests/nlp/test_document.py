"""Reading: bytes to text, text to a Document."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.document import read
from nlp.documents import UndecodableText
from nlp.documents.charset import decode

TEXT = "Café au lait spots – 5 µg"


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        (TEXT.encode(), ""),
        (TEXT.encode(), "UTF-8"),
        (TEXT.encode(), '"utf-8"'),
        (TEXT.encode("cp1252"), ""),
        (TEXT.encode("cp1252"), "windows-1252"),
        (codecs.BOM_UTF8 + TEXT.encode(), ""),
        (codecs.BOM_UTF8 + TEXT.encode(), "iso-8859-1"),
        (TEXT.encode("utf-16"), ""),
        (TEXT.encode("utf-32"), ""),
    ],
)
def test_bytes_become_the_text_they_were(data: bytes, charset: str) -> None:
    assert decode(data, charset) == TEXT


@pytest.mark.parametrize(
    ("data", "charset", "offset"),
    [
        (b"50 \xb5g", "utf-8", 3),
        (b"ok\x81", "", 2),
        (b"x", "no-such-charset", -1),
        (b"x", "hex", -1),
        (b"x", "a\0b", -1),
    ],
)
def test_what_does_not_fit_is_located(data: bytes, charset: str, offset: int) -> None:
    with pytest.raises(UndecodableText) as caught:
        decode(data, charset)
    assert caught.value.offset == offset


def test_a_known_title_is_no_part_of_its_sentence() -> None:
    text = "ALLERGIES: None known.\nCough: denies"
    found = read(text)
    assert [text[s.start : s.end] for s in found.sentences] == [
        "ALLERGIES:",
        "None known.",
        "Cough: denies",
    ]


@given(st.text(max_size=200))
def test_reading_keeps_the_text(text: str) -> None:
    assert read(text).text == text
