"""PDF: pages and their characters; what has no text, is locked or damaged is told."""

from __future__ import annotations

import io
import subprocess
import zlib

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, StreamObject

from nlp.documents import Oversized, Source, Unreadable, pages, read
from nlp.documents.formats import pdf as format
from tests.nlp.documents.samples import pdf

TWO = pdf("PMH: Hypertension\nAsthma", "Medications:\nMetformin 500 mg BID")


def test_pages_are_text_and_offsets_count_in_their_page() -> None:
    found = read(Source(TWO, "application/pdf"))
    assert found.text == "PMH: Hypertension\nAsthma\n\nMedications:\nMetformin 500 mg BID"
    own = [p.extract_text() for p in PdfReader(io.BytesIO(TWO)).pages]
    for word, page in (("Asthma", 1), ("Metformin", 2)):
        start = found.text.index(word)
        origin = found.origin(start, start + len(word))
        assert origin.page == page
        assert own[page - 1][origin.start : origin.end] == word


def test_a_page_without_text_is_told() -> None:
    found = read(Source(pdf("Asthma", "")))
    assert found.text == "Asthma"
    assert [w.split(":")[0] for w in found.warnings] == ["page 2 has no text"]


def test_a_scan_is_told_as_such() -> None:
    with pytest.raises(Unreadable, match="OCR is not supported") as caught:
        read(Source(pdf("", "")))
    assert caught.value.code == "not-supported"


def test_a_locked_file_is_told() -> None:
    for password, readable in (("secret", False), ("", True)):
        writer = PdfWriter(clone_from=io.BytesIO(TWO))
        writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
        locked = io.BytesIO()
        writer.write(locked)
        if readable:
            assert "Asthma" in read(Source(locked.getvalue())).text
        else:
            with pytest.raises(Unreadable, match="encrypted") as caught:
                read(Source(locked.getvalue()))
            assert caught.value.code == "security"


@pytest.mark.parametrize("cut", [9, 200, 700])
def test_a_file_that_is_cut_off_is_told(cut: int) -> None:
    with pytest.raises(Unreadable, match="damaged or cut off"):
        read(Source(TWO[:cut]))


def test_a_reader_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(format, "SECONDS", 0.01)
    with pytest.raises(Unreadable, match="seconds") as caught:
        read(Source(TWO))
    assert caught.value.code == "too-costly"


def test_a_reader_that_dies_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def died(command: list[str], **given: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess(command, -9, b"", b"")

    monkeypatch.setattr(subprocess, "run", died)
    with pytest.raises(Unreadable, match="MB to read"):
        read(Source(TWO))


def test_too_much_text_is_told() -> None:
    big = pdf(*["x" * 100 for _ in range(60)])
    with pytest.raises(Oversized):
        format.read(Source(big, limit=2000))


def test_a_stream_that_unpacks_beyond_all_bounds_is_told() -> None:
    writer = PdfWriter(clone_from=io.BytesIO(TWO))
    bomb = StreamObject()
    bomb[NameObject("/Filter")] = NameObject("/FlateDecode")
    packing = zlib.compressobj()
    bomb._data = b"".join(packing.compress(b" " * 1_000_000) for _ in range(80)) + packing.flush()
    writer.pages[0][NameObject("/Contents")] = writer._add_object(bomb)
    packed = io.BytesIO()
    writer.write(packed)
    with pytest.raises(Unreadable, match=f"unpacks to more than {pages.STREAM} MB") as caught:
        read(Source(packed.getvalue()))
    assert caught.value.code == "too-costly"
