"""PDF: the text layer of each page, read by a process of its own that can be ended.

A PDF is a program of sorts: its reader runs apart, with bounds of memory and of time, so that no
file can hang or exhaust the server. An offset counts in its page's text as the reader gives it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from nlp.documents import pages
from nlp.documents.errors import Oversized, Unreadable
from nlp.documents.flow import Break, Flow
from nlp.documents.origins import Origins, Writer
from nlp.documents.reading import Reading, Source

SECONDS = 40  # that a document may take, by the clock
MOST_PAGES = 5000

FAULTS = {
    "encrypted": ("the PDF is encrypted: store it without a password", "security"),
    "damaged": ("the PDF is damaged or cut off: no page of it can be read", "structure"),
    "memory": (
        f"the PDF takes more than {pages.MEMORY >> 20} MB to read, "
        f"or one stream of it unpacks to more than {pages.STREAM} MB",
        "too-costly",
    ),
    "time": (f"the PDF takes more than {SECONDS} seconds to read", "too-costly"),
    "pages": (f"the PDF has more than {MOST_PAGES} pages", "too-long"),
    "long": ("the text of the PDF is over the limit", "too-long"),
    "scanned": (
        "no page of the PDF has a text layer, as where it was scanned: OCR is not supported; "
        "store the text beside it",
        "not-supported",
    ),
}


def read(source: Source) -> Reading:
    """Raises Oversized, Unreadable: encrypted, damaged, scanned, too costly to read."""
    found = _apart(source)
    flow = Flow(Writer(source.limit))
    without: list[int] = []
    for number, text in enumerate(found["pages"], 1):
        flow.writer.place(number)
        flow.text(text, 0, len(text), kept=True)
        flow.block(Break.BLANK)
        if not text.strip():
            without.append(number)
    if len(without) == len(found["pages"]):
        raise _fault("scanned")
    warnings = tuple(
        f"page {n} has no text: what is scanned is not read, OCR is not supported" for n in without
    )
    writer = flow.writer
    return Reading(writer.text(), "pdf", Origins(writer, local=True), warnings=warnings)


def _apart(source: Source) -> dict[str, Any]:
    """What `pages` gives of the file, run as a program."""
    command = [sys.executable, "-I", str(Path(pages.__file__)), str(MOST_PAGES), str(source.limit)]
    try:
        done = subprocess.run(  # noqa: S603 - our own file; the document comes on standard input
            command, input=source.data, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise _fault("time") from None
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise _fault("time" if done.returncode == -24 else "memory") from None
    if "fault" in found:
        raise _fault(found["fault"])
    return found


def _fault(name: str) -> Unreadable:
    text, code = FAULTS[name]
    return Oversized(text) if code == "too-long" else Unreadable(text, code)
