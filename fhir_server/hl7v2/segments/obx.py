"""OBX of a document message → DocumentReference.content (segment map OBX[DocumentReference])."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from typing import Any

from fhir_server.hl7v2.ack import Problem
from fhir_server.hl7v2.parse import Segment

TEXT = {"TX", "FT", "ST", ""}
CODED = {"CWE", "CE", "CNE", "CF", "IS"}
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MIME = {
    ("text", "plain"): "text/plain", ("text", "html"): "text/html", ("text", "rtf"): "text/rtf",
    ("application", "pdf"): "application/pdf", ("application", "rtf"): "text/rtf",
    ("application", "xml"): "application/xml", ("text", "xml"): "text/xml",
    ("text", "richtext"): "text/rtf", ("text", "xhtml"): "application/xhtml+xml",
    ("application", "gzip"): "application/gzip", ("application", "docx"): DOCX,
    ("application", "msword"): DOCX,
}  # fmt: skip
SUBTYPE = {
    "PDF": "application/pdf", "RTF": "text/rtf", "HTML": "text/html", "TEXT": "text/plain",
    "TXT": "text/plain", "XML": "text/xml", "CDA": "text/xml", "DOCX": DOCX, "DOC": DOCX,
}  # fmt: skip


class BadContent(ValueError):
    """An encapsulated document that can't be read; `problem` says where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


def contents(segments: Iterable[Segment]) -> list[tuple[str, dict[str, Any]]]:
    """One text/plain content of all text OBX in order, then one of each encapsulated document.

    Each has the place (ERL) of the OBX-5 that it begins in. A value of another type (a number, a
    code, a pointer) is a line of the text under its name.
    """
    lines: list[str] = []
    begins = ""
    files: list[tuple[str, dict[str, Any]]] = []
    for n, segment in enumerate(segments, 1):
        kind = segment.value(2)
        if kind != "ED":
            begins = begins or f"OBX^{n}^5"
        if kind in TEXT:
            lines += segment.lines(5)
        elif kind == "ED":
            if segment.value(5, 5):
                files.append((f"OBX^{n}^5", {"attachment": _encapsulated(segment, n)}))
        else:
            lines += _labelled(segment)
    text = "\n".join(lines)
    plain = [(begins, {"attachment": _text(text)})] if text.strip() else []
    return plain + files


def _labelled(segment: Segment) -> list[str]:
    label = segment.value(3, 2) or segment.value(3)
    values = [
        f.component(2) if segment.value(2) in CODED and f.component(2) else f.component(1)
        for f in segment.repetitions(5)
    ]
    unit = segment.value(6, 2) or segment.value(6)
    return [f"{label}: {value} {unit}".rstrip() for value in values if value]


def _text(text: str) -> dict[str, Any]:
    data = text.encode()
    return {
        "contentType": "text/plain; charset=utf-8",
        "data": base64.b64encode(data).decode(),
        "size": len(data),
    }


def _encapsulated(segment: Segment, n: int) -> dict[str, Any]:
    kind, subtype = segment.value(5, 2).lower(), segment.value(5, 3)
    mime = MIME.get((kind, subtype.lower())) or SUBTYPE.get(subtype.upper())
    encoding, data = segment.value(5, 4).upper(), segment.value(5, 5)
    where = f"OBX^{n}^5"
    try:
        match encoding:
            case "BASE64":
                content = base64.b64decode("".join(data.split()), validate=True)
            case "HEX":
                content = bytes.fromhex(data)
            case "A" | "":
                content = data.encode()
            case _:
                raise BadContent(Problem("103", f"{where}^1^4", "the encoding is A, Hex or Base64"))
    except (binascii.Error, ValueError) as error:
        if isinstance(error, BadContent):
            raise
        raise BadContent(Problem("102", f"{where}^1^5", f"the data is not {encoding}")) from None
    return {
        "contentType": mime or "application/octet-stream",
        "data": base64.b64encode(content).decode(),
        "size": len(content),
    }
