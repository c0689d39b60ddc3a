"""Small documents of every format, made from text."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(*pages: str) -> bytes:
    """A PDF of one Helvetica text a page; a page of "" shows nothing."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{' '.join(f'{4 + 2 * n} 0 R' for n in range(len(pages)))}]"
        f" /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n, text in enumerate(pages):
        shown = " ".join(f"({line}) Tj T*" for line in text.split("\n")) if text else ""
        stream = f"BT /F1 12 Tf 72 720 Td 14 TL {shown} ET"
        objects += [
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font "
            f"<< /F1 3 0 R >> >> /Contents {5 + 2 * n} 0 R >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{each}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return (
        out
        + (
            f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n"
            f"<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
        ).encode()
    )


def docx(body: str) -> bytes:
    """A DOCX with that body, its elements with the prefix `w`."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
        )
    return packed.getvalue()


def paragraph(*runs: str, style: str = "") -> str:
    """A paragraph of a DOCX."""
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    said = "".join(f'<w:r><w:t xml:space="preserve">{escape(run)}</w:t></w:r>' for run in runs)
    return f"<w:p>{named}{said}</w:p>"


def cda(*sections: str) -> str:
    """A C-CDA document of those sections."""
    inner = "".join(f"<component>{s}</component>" for s in sections)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3">'
        f"<component><structuredBody>{inner}</structuredBody></component></ClinicalDocument>"
    )


def section(code: str, text: str, entries: str = "", title: str = "") -> str:
    """A section by its LOINC code."""
    named = f"<title>{title}</title>" if title else ""
    coded = f'<code code="{code}" codeSystem="2.16.840.1.113883.6.1"/>'
    return f"<section>{coded}{named}<text>{text}</text>{entries}</section>"


def problem(words: str, *, observed: str = "", inside: str = "", concern: str = "active") -> str:
    """A problem's entry: `words` refer to the narrative, `observed` are attributes."""
    return (
        f'<entry><act><statusCode code="{concern}"/><entryRelationship><observation {observed}>'
        '<templateId root="2.16.840.1.113883.10.20.22.4.4"/>'
        f'{words}<statusCode code="completed"/>{inside}'
        "</observation></entryRelationship></act></entry>"
    )


def drug(words: str, status: str, *, given: str = "") -> str:
    """A medication activity's entry."""
    return (
        f"<entry><substanceAdministration {given}>{words}"
        f'<statusCode code="{status}"/></substanceAdministration></entry>'
    )


def refers(name: str) -> str:
    """The text of an entry that refers to the narrative's element of that ID."""
    return f'<text><reference value="#{name}"/></text>'
