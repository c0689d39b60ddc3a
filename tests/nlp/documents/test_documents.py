"""The door: formats told by type, ending or bytes; what is packed; bounds; golden readings."""

from __future__ import annotations

import gzip
import json
import os
import re
import time
from contextlib import suppress
from pathlib import Path

import pytest

from nlp.documents import Oversized, Source, UnknownFormat, Unreadable, read
from nlp.pipeline import Pipeline
from tests.nlp.documents import samples

GOLDEN = Path(__file__).parents[2] / "golden" / "documents"
PDF = samples.pdf("Asthma")
DOCX = samples.docx(samples.paragraph("Asthma"))
CDA = samples.cda(samples.section("11450-4", "Asthma")).encode()


@pytest.mark.parametrize(
    ("source", "format"),
    [
        (Source(b"Asthma"), "text"),
        (Source(b"Asthma", "text/markdown"), "text"),
        (Source("Asthma".encode("utf-16-le"), "text/plain"), "text"),
        (Source(b"Asthma", name="note.txt"), "text"),
        (Source(b"<p>Asthma", "text/html"), "html"),
        (Source(b"<p>Asthma", name="note.HTM"), "html"),
        (Source(b" <!DOCTYPE html><p>Asthma"), "html"),
        (Source(b"<html>Asthma</html>", "text/xml"), "html"),
        (Source(CDA), "cda"),
        (Source(CDA, "text/plain"), "cda"),
        (Source(rb"{\rtf1 Asthma}", "text/plain"), "rtf"),
        (Source(DOCX, "application/octet-stream"), "docx"),
        (Source(PDF, "text/plain"), "pdf"),
        (Source(gzip.compress(b"Asthma"), "text/plain"), "text"),
        (Source(gzip.compress(b"<p>Asthma"), "application/gzip", name="a.html.gz"), "html"),
        (Source(gzip.compress(PDF)), "pdf"),
    ],
)
def test_the_format_is_told(source: Source, format: str) -> None:
    found = read(source)
    assert found.format == format
    start = found.text.index("Asthma")
    assert found.origin(start, start + 6).end


@pytest.mark.parametrize(
    "source", [Source(b"x", "image/png"), Source(b"\0\1\2"), Source(b"x", "application/msword")]
)
def test_what_is_not_read_is_told(source: Source) -> None:
    with pytest.raises(UnknownFormat):
        read(source)


def test_bounds_hold_for_what_is_packed() -> None:
    bomb = gzip.compress(b" " * (8 << 20))
    nested = gzip.compress(gzip.compress(gzip.compress(gzip.compress(b"x"))))
    for data in (bomb, nested, b"x" * (1 << 20)):
        with pytest.raises(Oversized):
            read(Source(data, limit=1 << 19))
    for data in (b"", b" \n", b"<p></p>", gzip.compress(b"")):
        with pytest.raises(Unreadable, match="empty"):
            read(Source(data, "text/html"))
    with pytest.raises(Unreadable, match="gzip data is damaged"):
        read(Source(gzip.compress(b"Asthma" * 99)[:-9]))


SIZE = 1 << 18
HOSTILE = {
    "open tags": (b"<a " * (SIZE // 3), "text/html"),
    "open quotes": (b'<a ">"' * (SIZE // 6), "text/html"),
    "long name": (b"<" + b"a" * SIZE, "text/html"),
    "references": (b"&#" * (SIZE // 2), "text/html"),
    "comments": (b"<!--" * (SIZE // 4), "text/html"),
    "cells": (b"<table><tr><td>" * (SIZE // 15), "text/html"),
    "ends": (b"<b>" * 300 + b"</i>" * (SIZE // 4), "text/html"),
    "equals": (b"<a " + b"= " * (SIZE // 2) + b">", "text/html"),
    "groups": (b"{\\rtf1 " + b"{}" * (SIZE // 2) + b"}", "text/rtf"),
    "words": (b"{\\rtf1 " + b"\\u1" * (SIZE // 3) + b"}", "text/rtf"),
    "depth": (b"<ClinicalDocument>" * (SIZE // 18), "text/xml"),
    "attributes": (b"<ClinicalDocument " + b"a='1' " * (SIZE // 6) + b"/>", "text/xml"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_costs_by_its_length(name: str) -> None:
    data, kind = HOSTILE[name]
    before = time.thread_time()
    with suppress(Unreadable):
        read(Source(data, kind))
    assert time.thread_time() - before < 5


VISIT = {
    ("I48.91", "present"),
    ("R07.9", "negated"),
    ("I10", "present"),
    ("J45.909", "present"),
    ("6809", "active"),
    ("29046", "active"),
    ("36567", "stopped"),
    ("70618", "allergy"),
    ("M10.9", "present"),
    ("519", "new"),
}
FILES = [GOLDEN / f"note.{ending}" for ending in ("txt", "html", "rtf", "docx", "pdf", "xml")]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.suffix)
def test_golden_readings(path: Path) -> None:
    found = read(Source(path.read_bytes(), name=path.name))
    words = []
    for match in re.finditer(r"\w[^\s|]*", found.text):
        origin = found.origin(*match.span())
        words.append(
            f"{match[0]} {origin.start}-{origin.end} {origin.page or ''}{origin.path}".rstrip()
        )
    told = {
        "text": found.text.splitlines(),
        "claims": [
            [found.text[c.start : c.end].strip(), c.assertion or c.status]
            for c in found.hints.claims
        ],
        "words": words,
    }
    kept = path.with_suffix(path.suffix + ".json")
    if os.environ.get("MEDPARSER_WRITE_GOLDEN"):
        kept.write_text(json.dumps(told, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    assert told == json.loads(kept.read_text(encoding="utf-8"))


def test_a_row_is_a_sentence_of_its_own(pipeline: Pipeline) -> None:
    rows = [
        (
            "Lisinopril 10 mg oral tablet",
            "once daily by mouth in the morning",
            "refused by patient",
        ),
        (
            "Metformin 500 mg oral tablet",
            "twice daily by mouth<br>with meals",
            "taking as prescribed",
        ),
    ]
    cells = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows)
    head = "<tr><th>Medication</th><th>Sig</th><th>Comment</th></tr>"
    page = f"<h2>Medications</h2><table>{head}{cells}</table>"
    found = read(Source(page.encode(), "text/html"))
    assert found.text.splitlines()[-1] == (
        "Metformin 500 mg oral tablet | twice daily by mouth, with meals | taking as prescribed"
    )
    said = pipeline.extract(found.text, hints=found.hints)
    lines = {found.text[s.start : s.end] for s in said.document.sentences}
    assert set(found.text.splitlines()[-2:]) <= lines


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.suffix)
def test_the_same_visit_gives_the_same_findings(path: Path, pipeline: Pipeline) -> None:
    found = read(Source(path.read_bytes(), name=path.name))
    extraction = pipeline.extract(found.text, hints=found.hints)
    said = {
        (f.codings[-1].code, f.assertion.value if f.kind == "condition" else str(f.status))
        for f in extraction.findings
        if f.codings
    }
    assert said >= VISIT
    assert said - VISIT <= {("I63.9", "negated")}  # of the C-CDA, whose entry negates a stroke
    for finding in extraction.findings:
        span = finding.span
        assert found.text[span.start : span.end] == span.quote
