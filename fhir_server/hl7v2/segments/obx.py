"""OBX of a document message, and the NTE behind each → DocumentReference.content (v2-to-FHIR IG,
segment maps OBX[DocumentReference] and NTE[DocumentReference])."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from typing import Any

from fhir_server.hl7v2.ack import Problem
from fhir_server.hl7v2.parse import Field, Segment

TEXT = {"TX", "FT", "ST", ""}
CODED = {"CWE", "CE", "CNE", "CF", "IS"}
FIRST = {"NM", "DT", "TM", "DTM", "TS", "RP"}  # types whose first component says it all
WITHDRAWN = {"D", "W"}  # table 0085: deleted, posted as wrong
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
    code, a pointer) is a line of the text under its name, a comment (NTE) follows its OBX. What was
    withdrawn is left out.
    """
    lines: list[str] = []
    begins = ""
    files: list[tuple[str, dict[str, Any]]] = []
    n, told = 0, False
    for segment in segments:
        if segment.name == "NTE" and told:
            lines += segment.lines(3)
        if segment.name != "OBX":
            continue
        n += 1
        told = segment.value(11) not in WITHDRAWN
        if not told:
            continue
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
    values = [_shown(segment.value(2), field) for field in segment.repetitions(5)]
    unit = segment.value(6, 2) or segment.value(6)
    return [f"{label}: {value} {unit}".rstrip() for value in values if value]


def _shown(kind: str, field: Field) -> str:
    """A value in words."""
    if kind in CODED:
        return next((text for n in (2, 9, 5, 1) if (text := field.component(n))), "")
    parts = [field.component(n) for n in ((1,) if kind in FIRST else range(1, 10))]
    if kind == "CP":  # its first component is a MO: the amount and the currency
        parts.insert(1, field.component(1, 2))
    joint = {"SN": "", "DR": " - "}.get(kind, " ")  # "> 100" is written >100, 1 : 128 as 1:128
    return joint.join(part for part in parts if part)


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
