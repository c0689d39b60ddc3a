"""RTF: words, characters of every kind of escape, lists and tables."""

from __future__ import annotations

import pytest

from nlp.documents import Reading, Source, Unreadable, read

HEAD = (
    r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset238 X;}}{\*\generator W;}"
)


def rtf(body: str) -> Reading:
    return read(Source((HEAD + body + "}").encode("latin-1"), "text/rtf"))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"one\par two\par\par three", "one\ntwo\n\nthree"),
        (r"a\~b 5\'b5g \u8211?c \u-10179?\u-8704?", "a b 5µg –c \U0001f600"),
        (r"{\uc2\u233 ??x}y", "éxy"),
        (r"{\f1\'e8} \'e8", "č è"),
        (r"a{\v hidden}b{\deleted gone}c", "abc"),
        (r"{\b Plan:} rest\line walk", "Plan: rest\nwalk"),
        (r"{\listtext\'b7\tab}one\par{\listtext\'b7\tab}two\par", "- one\n- two"),
        (r"\trowd\cellx1 Aspirin\cell 81 mg\cell\row\pard next", "Aspirin | 81 mg\nnext"),
        (r"{\field{\*\fldinst HYPERLINK x}{\fldrslt shown}}", "shown"),
        (r"{\pict\bin4 }}}}}after", "after"),
        (r"\{brace\} back\\slash a\_b", r"{brace} back\slash a-b"),
        (r"{\header top}{\footnote foot}body", "footbody"),
    ],
)
def test_layout(body: str, text: str) -> None:
    assert rtf(body).text == text


def test_offsets_are_bytes_of_the_file() -> None:
    body = r"caf\'e9 asthma"
    found = rtf(body)
    source = HEAD + body + "}"
    start = found.text.index("asthma")
    origin = found.origin(start, start + 6)
    assert source[origin.start : origin.end] == "asthma"
    origin = found.origin(0, 4)
    assert source[origin.start : origin.end] == r"caf\'e9"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (rb"{\rtf1 {abc", "cut off"),
        (b"{\\rtf1 abc\\", "breaks off at byte 10"),
        (b"{\\rtf1 " + b"{" * 2000, "nested deeper"),
        (b"plain", "no RTF"),
    ],
)
def test_bad_files_are_told(data: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read(Source(data, "application/rtf"))
