"""DOCX: the paragraphs, lists and tables of word/document.xml (ISO/IEC 29500-1, WordprocessingML).

An offset counts in the text of its paragraph: that of its runs, a tab and a break one character
each. Deleted and hidden text is left out.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable

from nlp.documents.charset import decode
from nlp.documents.errors import Oversized, Unreadable
from nlp.documents.flow import Break, Flow
from nlp.documents.origins import Origins, Step, Writer
from nlp.documents.reading import Reading, Source
from nlp.documents.xml import parse
from nlp.types import Hints

PART = "word/document.xml"
MOST_PARTS = 10_000
# Alternatives for older readers, and what was deleted or is no text.
UNSEEN = frozenset(("Fallback", "del", "moveFrom", "instrText", "delText", "pict"))
CHARACTERS = frozenset(("tab", "br", "cr", "noBreakHyphen", "sym"))
_OFF = frozenset(("0", "false", "off"))


class _Paragraph:
    """A paragraph at hand: its element, and how many characters its text has so far."""

    __slots__ = ("element", "position", "titled")

    def __init__(self, element: Step) -> None:
        self.element = element
        self.position = 0
        self.titled = False


class _Body:
    def __init__(self, limit: int) -> None:
        self.flow = Flow(Writer(limit))
        self._at = Step("", None)
        self._paragraphs: list[_Paragraph] = []
        self._unseen = 0  # elements open whose text is not seen
        self._text = False
        self._hidden = False  # of the run at hand
        self._box = False  # a form's box, ticked or not

    def start(self, space: str, name: str, attributes: dict[str, str]) -> None:
        self._at = Step(name, self._at)
        if self._unseen or name in UNSEEN:
            self._unseen += 1
        elif name in CHARACTERS:
            self._character(name, attributes, space)
        elif name in STATES:
            STATES[name](self, attributes.get(f"{space} val", ""))
        elif name in LAYOUT:
            LAYOUT[name][0](self.flow)

    def end(self, space: str, name: str) -> None:
        self._at = self._at.above or self._at
        if self._unseen:
            self._unseen -= 1
        elif name == "t":
            self._text = False
        elif name == "p":
            self._end_paragraph()
        elif name == "checkBox":
            at = self._place()
            self.flow.box(self._box, at, at)
        elif name in LAYOUT:
            LAYOUT[name][1](self.flow)

    def text(self, text: str, start: int, end: int) -> None:
        if self._text and not self._unseen and self._paragraphs:
            self._write(text)

    def paragraph(self, _: str) -> None:
        """A paragraph starts."""
        self.flow.block()
        self._paragraphs.append(_Paragraph(self._at))

    def style(self, name: str) -> None:
        """The paragraph's style: a heading is a title."""
        if name.lower().startswith(("heading", "title")) and self._paragraphs:
            self._paragraphs[-1].titled = True
            self.flow.title()

    def item(self, _: str) -> None:
        """The paragraph is an item of a list."""
        self.flow.item("- ")

    def characters(self, _: str) -> None:
        """The text of a run starts."""
        self._text = True

    def run(self, _: str) -> None:
        """A run starts."""
        self._hidden = False

    def vanish(self, value: str) -> None:
        """The run is hidden."""
        self._hidden = value not in _OFF

    def bold(self, value: str) -> None:
        """The run is bold."""
        if value not in _OFF:
            self.flow.strong()

    def ticked(self, value: str) -> None:
        """Whether the box of a form is ticked, by default or as it was filled in."""
        if self._within("checkBox"):
            self._box = value not in _OFF

    def _within(self, name: str) -> bool:
        """Whether the element at hand is right in one of that name."""
        return self._at.above is not None and self._at.above.name == name

    def _write(self, text: str) -> None:
        at = self._place()
        self._paragraphs[-1].position += len(text)
        if not self._hidden:
            self.flow.text(text, at, at + len(text))

    def _place(self) -> int:
        """Tells the writer the paragraph, and gives the offset in it."""
        if not self._paragraphs:
            return 0
        paragraph = self._paragraphs[-1]
        self.flow.writer.place(0, paragraph.element)
        return paragraph.position

    def _character(self, name: str, attributes: dict[str, str], space: str) -> None:
        if not self._paragraphs or not self._within("r"):
            return  # a tab stop of the paragraph's style is no character
        if name in ("br", "cr"):
            self._paragraphs[-1].position += 1
            self.flow.line()
        elif name == "sym":
            code = attributes.get(f"{space} char", "")
            self._write(chr(int(code, 16)) if _is_code(code) else "\ufffd")
        else:
            self._write("-" if name == "noBreakHyphen" else " ")

    def _end_paragraph(self) -> None:
        if not self._paragraphs:
            return
        paragraph = self._paragraphs.pop()
        if paragraph.titled:
            self.flow.end_title()
        elif paragraph.position:
            self.flow.end_item()
        else:
            self.flow.block(Break.BLANK)


# An element's start, by its w:val.
STATES: dict[str, Callable[[_Body, str], None]] = {
    "p": _Body.paragraph,
    "pStyle": _Body.style,
    "numPr": _Body.item,
    "t": _Body.characters,
    "r": _Body.run,
    "vanish": _Body.vanish,
    "b": _Body.bold,
    "default": _Body.ticked,
    "checked": _Body.ticked,
}
# What an element's start and end do to the layout.
LAYOUT: dict[str, tuple[Callable[[Flow], None], Callable[[Flow], None]]] = {
    "tbl": (Flow.table, Flow.end_table),
    "tr": (Flow.row, Flow.end_row),
    "tc": (Flow.cell, Flow.end_cell),
}


def _is_code(code: str) -> bool:
    return len(code) == 4 and all(c in "0123456789abcdefABCDEF" for c in code)


def read(source: Source) -> Reading:
    """Raises Oversized, Unreadable for a file that is no DOCX, encrypted or damaged."""
    text = decode(_document(source))
    body = _Body(source.limit)
    parse(text, body)
    body.flow.close()
    writer = body.flow.writer
    hints = Hints(tuple(body.flow.breaks))
    return Reading(writer.text(), "docx", Origins(writer, local=True), hints)


def _document(source: Source) -> bytes:
    """The bytes of word/document.xml, unpacked no further than the limit."""
    if source.data.startswith(b"\xd0\xcf\x11\xe0"):
        text = "the document is encrypted, or of Word 97: store a DOCX without a password"
        raise Unreadable(text, "not-supported")
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as packed:
            if len(packed.infolist()) > MOST_PARTS:
                raise Oversized(f"the file packs more than {MOST_PARTS} parts")
            with packed.open(PART) as part:
                data = part.read(source.limit + 1)
    except KeyError:
        raise Unreadable(f"the file holds no {PART}: it is no DOCX", "value") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Unreadable(f"the file is no whole DOCX: {type(error).__name__}") from None
    if len(data) > source.limit:
        raise Oversized(f"{PART} unpacks to over {source.limit} bytes")
    return data
