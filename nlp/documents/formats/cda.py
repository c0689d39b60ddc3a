"""C-CDA: the narrative of every section under its title, with what the entries state of it."""

from __future__ import annotations

import base64
import binascii

from nlp import sections
from nlp.documents.charset import decode
from nlp.documents.entries import Range, claims
from nlp.documents.errors import Unreadable
from nlp.documents.flow import Break, Flow
from nlp.documents.loinc import TITLES
from nlp.documents.origins import Origins, Writer
from nlp.documents.reading import Packed, Reading, Source
from nlp.documents.tree import Node, tree
from nlp.types import Claim, Hints

LOINC = "2.16.840.1.113883.6.1"
WIDE = frozenset(("text", "table", "thead", "tbody", "list"))  # what many entries share
BLOCKS = frozenset(("paragraph", "caption", "footnote"))


class _Body:
    """The structured body as far as it was laid out."""

    def __init__(self, limit: int) -> None:
        self.flow = Flow(Writer(limit))
        self.ids: dict[str, Range] = {}
        self.sections: list[tuple[Node, Range]] = []

    def section(self, section: Node) -> None:
        begin = self.flow.writer.position
        self._title(section)
        if narrative := section.first("text"):
            self._lay(narrative)
        self.flow.block(Break.BLANK)
        self.sections.append((section, (begin, self.flow.writer.position)))
        for component in section.nodes("component"):
            for inner in component.nodes("section"):
                self.section(inner)

    def _title(self, section: Node) -> None:
        """The document's own title, unless the section's code says more than that does."""
        flow = self.flow
        title = section.first("title")
        words = " ".join("".join(t.text for t in title.texts()).split()) if title else ""
        code = section.get("code", "code")
        known = TITLES.get(code, "") if _is_loinc(section) else ""
        flow.title()
        if title and words and (not known or sections.key(words) == sections.key(known)):
            flow.writer.place(0, title)
            for piece in title.texts():
                flow.text(*piece)
        elif known and (place := _extent(title) if title else None):
            flow.writer.place(0, title)
            flow.text(known, *place)
        elif known:
            flow.state(known)
        flow.end_title()

    def _lay(self, node: Node) -> None:
        if node.attributes.get("revised") == "delete":
            return
        self._start(node)
        before = self.flow.writer.position
        for part in node.parts:
            if isinstance(part, Node):
                self._lay(part)
            else:
                self.flow.writer.place(0, node)
                self.flow.text(*part)
        name = node.attributes.get("ID")
        if name and node.name not in WIDE:
            self.ids[name] = (before, self.flow.writer.position)
        self._end(node)

    def _start(self, node: Node) -> None:
        flow = self.flow
        match node.name:
            case "br":
                flow.line()
            case "item":
                ordered = node.under and node.under.attributes.get("listType") == "ordered"
                flow.item(f"{node.number}. " if ordered else "- ")
            case "table":
                flow.table()
            case "tr":
                flow.row()
            case "th" | "td":
                flow.cell(node.name == "th" or _in_head(node))
            case "content" if "Bold" in node.attributes.get("styleCode", ""):
                flow.strong()
            case "list" | "text":
                flow.block()
            case name if name in BLOCKS:
                flow.block(Break.BLANK if name == "paragraph" else Break.LINE)

    def _end(self, node: Node) -> None:
        flow = self.flow
        match node.name:
            case "item":
                flow.end_item()
            case "table":
                flow.end_table()
            case "tr":
                flow.end_row()
            case "th" | "td":
                flow.end_cell()
            case "list" | "caption" | "paragraph" | "footnote":
                flow.block()


def read(source: Source) -> Reading | Packed:
    """Raises UndecodableText, Oversized, Unreadable for what is no CDA document or cut off."""
    text = decode(source.data, source.charset)
    root = tree(text)
    if root.name != "ClinicalDocument":
        raise Unreadable("the XML is no ClinicalDocument", "not-supported")
    if packed := root.first("component", "nonXMLBody", "text"):
        return _unstructured(packed, source)
    structured = root.first("component", "structuredBody")
    if structured is None:
        raise Unreadable("the ClinicalDocument has no body", "required")
    body = _Body(source.limit)
    for component in structured.nodes("component"):
        for section in component.nodes("section"):
            body.section(section)
    body.flow.close()
    writer = body.flow.writer
    laid = writer.text()
    stated: list[Claim] = []
    for section, within in body.sections:
        stated += claims(section, body.ids, laid, within)
    hints = Hints(tuple(body.flow.breaks), tuple(stated))
    return Reading(laid, "cda", Origins(writer, local=False), hints)


def _unstructured(node: Node, source: Source) -> Packed:
    kind = node.attributes.get("mediaType", "").lower()
    said = "".join(t.text for t in node.texts())
    if node.attributes.get("representation") != "B64":
        return Packed(Source(said.encode(), kind, "utf-8", limit=source.limit))
    try:
        data = base64.b64decode("".join(said.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable(f"{node.path()} is not base64", "value") from None
    return Packed(Source(data, kind, limit=source.limit))


def _in_head(cell: Node) -> bool:
    """Whether the cell is of a table's head, where some write `td`."""
    head = cell.under.under if cell.under else None
    return head is not None and head.name == "thead"


def _is_loinc(section: Node) -> bool:
    return section.get("codeSystem", "code") in (LOINC, "")


def _extent(node: Node) -> Range | None:
    pieces = list(node.texts())
    return (pieces[0].start, pieces[-1].end) if pieces else None
