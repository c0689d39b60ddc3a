"""DOCX: paragraphs, headings, lists, tables, boxes; offsets count in their paragraph."""

from __future__ import annotations

import io
import zipfile

import pytest

from nlp.documents import Oversized, Source, Unreadable, read
from tests.nlp.documents.samples import docx, paragraph

DELETED = (
    "<w:p><w:r><w:t>kept</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
)
HIDDEN = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>no</w:t></w:r><w:r><w:t>yes</w:t></w:r></w:p>"
ITEM = "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>"
ROW = "<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>"
BOX = (
    "<w:p><w:r><w:fldChar><w:ffData><w:checkBox><w:default w:val='0'/>{}</w:checkBox></w:ffData>"
    "</w:fldChar></w:r><w:r><w:t>Smoker</w:t></w:r></w:p>"
)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (paragraph("a ", "b") + paragraph("c & d"), "a b\nc & d"),
        (paragraph("a") + paragraph() + paragraph("b"), "a\n\nb"),
        (paragraph("Cath report", style="Heading2") + paragraph("x"), "Cath report:\nx"),
        (ITEM.format("one") + ITEM.format("two"), "- one\n- two"),
        (ROW.format(paragraph("Aspirin"), paragraph("81 mg")), "Aspirin | 81 mg"),
        (DELETED, "kept"),
        (HIDDEN, "yes"),
        (BOX.format("<w:checked/>"), "[x] Smoker"),
        (BOX.format(""), "[ ] Smoker"),
        ("<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r></w:p>", "a b\nc"),
        ("<w:p><w:r><w:sym w:font='Wingdings' w:char='F0FE'/><w:t>MI</w:t></w:r></w:p>", "[x] MI"),
    ],
)
def test_layout(body: str, text: str) -> None:
    assert read(Source(docx(body))).text == text


def test_an_offset_counts_in_its_paragraph() -> None:
    found = read(Source(docx(paragraph("first") + paragraph("type 2 ", "diabetes"))))
    start = found.text.index("diabetes")
    origin = found.origin(start, start + 8)
    assert (origin.path, origin.start, origin.end) == ("/document[1]/body[1]/p[2]", 7, 15)


def test_a_range_over_paragraphs_is_told_as_far_as_its_first() -> None:
    found = read(Source(docx(paragraph("heart") + paragraph("failure"))))
    origin = found.origin(0, len(found.text))
    assert (origin.path, origin.start, origin.end) == ("/document[1]/body[1]/p[1]", 0, 5)


def test_bombs_and_damage_are_told() -> None:
    bomb = docx(f"<w:p>{'<w:r/>' * 200_000}</w:p>")
    assert len(bomb) < 20_000
    with pytest.raises(Oversized, match="unpacks to over"):
        read(Source(bomb, limit=1 << 20))
    whole = docx(paragraph("x" * 50))
    for damaged in (whole[:40], whole[: len(whole) // 2], whole[:60] + b"\0" * 20 + whole[80:]):
        with pytest.raises(Unreadable, match=r"no whole DOCX|no well-formed"):
            read(Source(damaged))
    with pytest.raises(Unreadable, match="without a password"):
        read(Source(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512))
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as file:
        file.writestr("xl/workbook.xml", "<a/>")
    with pytest.raises(Unreadable, match="no DOCX"):
        read(Source(other.getvalue()))
