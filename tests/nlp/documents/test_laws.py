"""Laws of all formats: words keep their order and their place; hostile bytes give an error or text."""

from __future__ import annotations

import re
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.documents import FORMATS, Reading, Source, Unreadable, read
from nlp.documents.formats import docx as format_docx
from tests.nlp.documents.samples import cda, docx, paragraph, section

# Words that no layout takes for marks, titles or boxes.
WORD = st.text("qwzé𝛼", min_size=1, max_size=6)
TAG = st.sampled_from(
    [
        "p",
        "div",
        "b",
        "i",
        "span",
        "ul",
        "li",
        "ol",
        "table",
        "tr",
        "td",
        "th",
        "h2",
        "pre",
        "section",
        "br",
        "hr",
        "a",
        "tbody",
        "center",
    ]
)
GAP = st.one_of(
    st.sampled_from([" ", "\n", "\t ", "&nbsp;", " <!-- x > y --> ", " <script>if (a<b)</script>", " &amp; "]),
    st.builds(lambda t: f" <{t}>", TAG),
    st.builds(lambda t: f" </{t}>", TAG),
    st.builds(lambda t: f' <{t} title="a>b" x=\'"\'>', TAG),
)  # fmt: skip
MARKS = re.compile(r"[qwzé𝛼]+")


def placed(found: Reading, source: str) -> list[str]:
    """The words of a reading, each one at its place of the source."""
    words = list(MARKS.finditer(found.text))
    for word in words:
        origin = found.origin(*word.span())
        assert source[origin.start : origin.end] == word[0]
    return [w[0] for w in words]


@given(st.lists(st.tuples(WORD, GAP), min_size=1, max_size=25))
def test_words_of_html_keep_order_and_place(pieces: list[tuple[str, str]]) -> None:
    source = "".join(word + gap for word, gap in pieces)
    assert placed(read(Source(source.encode(), "text/html", "utf-8")), source) == [
        w for w, _ in pieces
    ]


@given(st.lists(st.lists(WORD, min_size=1, max_size=5), min_size=1, max_size=6))
def test_words_of_cda_keep_order_and_place(rows: list[list[str]]) -> None:
    cells = "".join(
        f"<tr>{''.join(f'<td>{escape(w)} &#x26;</td>' for w in row)}</tr>\r\n" for row in rows
    )
    source = cda(section("11450-4", f"<table>\r\n{cells}</table>"))
    assert placed(read(Source(source.encode())), source) == [w for row in rows for w in row]


@given(st.lists(st.tuples(st.text("qwz", min_size=1, max_size=6), st.sampled_from(
    [r"\par ", r"{\b  }", r"\tab ", " ", "\r\n{\\*\\x y} ", r"\u233 ?-", r"\'b5 ", r"\line\line "]
)), min_size=1, max_size=25))  # fmt: skip
def test_words_of_rtf_keep_order_and_place(pieces: list[tuple[str, str]]) -> None:
    source = r"{\rtf1\ansi " + "".join(word + gap for word, gap in pieces) + "}"
    found = read(Source(source.encode(), "text/rtf"))
    words = re.findall(r"[qwz]+", "".join(w + (g if g.strip() else " ") for w, g in pieces))
    assert re.findall(r"[qwz]+", found.text) == words
    for word in re.finditer(r"[qwz]+", found.text):
        origin = found.origin(*word.span())
        assert source[origin.start : origin.end] == word[0]


@given(st.lists(st.lists(st.text("qwz &<\u00e9", min_size=1, max_size=8), max_size=4), max_size=6))
def test_words_of_docx_keep_their_paragraph(paragraphs: list[list[str]]) -> None:
    data = docx(paragraph("first") + "".join(paragraph(*runs) for runs in paragraphs))
    found = format_docx.read(Source(data))
    texts = ["first", *("".join(runs) for runs in paragraphs)]
    said = []
    for word in re.finditer(r"[qwz\u00e9]+", found.text):
        origin = found.origin(*word.span())
        number = int(origin.path.rpartition("[")[2][:-1]) - 1
        if number:
            assert texts[number][origin.start : origin.end] == word[0]
            said.append(word[0])
    assert said == re.findall(r"[qwz\u00e9]+", " ".join(texts[1:]))


@given(st.text(max_size=200))
def test_plain_text_is_its_own_original(text: str) -> None:
    try:
        found = read(Source(text.encode(), "text/plain", "utf-8"))
    except Unreadable:
        assert not text.strip("\ufeff").strip() or "\0" in text or "\\rtf" in text
        return
    assert found.verbatim
    assert found.text == text.removeprefix("\ufeff")
    assert found.origin(0, 1).end == 1


KINDS = [row.kinds[0] for row in FORMATS if row.name != "pdf"]
PIECES = st.sampled_from(
    [b"<", b">", b"</", b"<!--", b"-->", b'"', b"'", b"&", b"&#x41;", b";", b"<table>", b"<tr>",
     b"<td>", b"</table>", b"<script>", b"<![CDATA[", b"<li>", b"{", b"}", b"\\", b"{\\rtf1 ",
     b"\\u-1?", b"\\'e", b"\\bin9", b"\\cell", b"\\row", b"\\trowd", b"\\uc9", b"\\listtext",
     b"<ClinicalDocument>", b"PK\x03\x04", b"\x1f\x8b", b"\0", b"\xff", b"word ", b"\r\n"]
)  # fmt: skip


@pytest.mark.parametrize("kind", ["", *KINDS])
@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(PIECES, st.binary(max_size=6)), max_size=40).map(b"".join))
def test_any_bytes_give_a_reading_or_an_error_of_ours(kind: str, data: bytes) -> None:
    try:
        found = read(Source(data, kind, limit=10_000))
    except Unreadable:
        return
    found.text.encode()
    for at in range(len(found.text)):
        origin = found.origin(at, at + 1)
        assert 0 <= origin.start <= origin.end
