"""Documents in: one row a format. Bytes become a Reading, a text that maps back to its original."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from nlp.documents.errors import Oversized, UndecodableText, UnknownFormat, Unreadable
from nlp.documents.formats import cda, docx, html, pdf, plain, rtf
from nlp.documents.origins import Origin
from nlp.documents.reading import Packed, Reading, Source

__all__ = [
    "FORMATS",
    "KINDS",
    "Format",
    "Origin",
    "Oversized",
    "Reading",
    "Source",
    "UndecodableText",
    "UnknownFormat",
    "Unreadable",
    "read",
    "readable",
]

MOST_PACKED = 3  # documents in each other
_XML = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!DOCTYPE|[a-zA-Z:]+[\s>/])", re.I)
_PAGE = re.compile(rb"<(?:!doctype\s+html|html[\s>])", re.I)
_GZIP = ("application/gzip", "application/x-gzip")
_CDA = re.compile(rb"<(?:\w+:)?ClinicalDocument[\s>/]")


def _gunzip(source: Source) -> Packed:
    """What gzip packs, as what it shows itself to be; unpacked no further than the limit."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(source.data)) as packed:
            data = packed.read(source.limit + 1)
    except (EOFError, OSError, zlib.error):
        raise Unreadable("the gzip data is damaged or cut off") from None
    if len(data) > source.limit:
        raise Oversized(f"the gzip data unpacks to over {source.limit} bytes")
    name = source.name.removesuffix(".gz")
    kind = "" if source.kind in _GZIP else source.kind
    return Packed(replace(source, data=data, kind=kind, name=name))


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of document: the media types and file endings it goes by, and its first bytes.

    `sure`: the first bytes decide, whatever type is declared.
    """

    name: str
    kinds: tuple[str, ...]
    endings: tuple[str, ...]
    shows: Callable[[bytes], bool]  # of the first 4096 bytes
    read: Callable[[Source], Reading | Packed]
    sure: bool = True


FORMATS: tuple[Format, ...] = (
    Format(
        "gzip",
        _GZIP,
        (".gz",),
        lambda start: start.startswith(b"\x1f\x8b"),
        _gunzip,
    ),
    Format(
        "pdf",
        ("application/pdf", "application/x-pdf"),
        (".pdf",),
        lambda start: b"%PDF-" in start[:1024],
        pdf.read,
    ),
    Format(
        "rtf",
        ("text/rtf", "application/rtf", "text/richtext", "application/x-rtf"),
        (".rtf",),
        lambda start: start.lstrip().startswith(b"{\\rtf"),
        rtf.read,
    ),
    Format(
        "docx",
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
        (".docx",),
        lambda start: start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")),
        docx.read,
    ),
    Format(
        "cda",
        ("application/cda+xml", "application/hl7-cda+xml", "application/xml", "text/xml"),
        (".xml", ".cda", ".ccda"),
        lambda start: bool(_XML.match(start) and _CDA.search(start)),
        cda.read,
    ),
    Format(
        "html",
        ("text/html", "application/xhtml+xml"),
        (".html", ".htm", ".xhtml"),
        lambda start: bool(_XML.match(start) and _PAGE.search(start)),
        html.read,
        sure=False,
    ),
    Format(
        "text",
        ("text/plain", "text/markdown"),
        (".txt", ".text", ".md", ".note"),
        lambda start: b"\0" not in start,
        plain.read,
        sure=False,
    ),
)
KINDS: dict[str, Format] = {kind: row for row in FORMATS for kind in row.kinds}
_UNSAID = frozenset({"", "application/octet-stream", "binary/octet-stream"})


def readable(kind: str) -> bool:
    """Whether a declared media type is one to read; without one the bytes decide."""
    return kind in KINDS or kind in _UNSAID


def read(source: Source) -> Reading:
    """The text of a document with the map to its original; what is packed in it is read.

    Raises UnknownFormat; Oversized, UndecodableText and Unreadable as the formats do.
    """
    if len(source.data) > source.limit:
        raise Oversized(f"the document is over {source.limit} bytes")
    for _ in range(MOST_PACKED):
        found = _format(source).read(source)
        if isinstance(found, Reading):
            if not found.text.strip():
                raise Unreadable("the document is empty", "required")
            return found
        source = found.source
    raise Oversized(f"more than {MOST_PACKED} documents are packed in each other")


def _format(source: Source) -> Format:
    """By the first bytes where they are sure, else the declared type, the file's ending."""
    start = source.data[:4096]
    declared = KINDS.get(source.kind)
    if declared is None and source.kind not in _UNSAID:
        raise UnknownFormat(
            f"documents of type {source.kind} are not read; those that are: {', '.join(KINDS)}"
        )
    shown = [row for row in FORMATS if row.shows(start)]
    if shown and shown[0].sure:
        return shown[0]
    if declared and declared.name == "cda" and any(row.name == "html" for row in shown):
        return KINDS["text/html"]
    if declared:
        return declared
    named = [row for row in FORMATS if source.name.lower().endswith(row.endings)]
    if found := named or shown:
        return found[0]
    raise UnknownFormat("the bytes are of no type that is read: declare one")
