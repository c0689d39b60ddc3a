"""Lays out running text, blocks, lists and tables as the lines that the extractor reads.

White space collapses, a table's row becomes a line, a title ends with a colon, a tick box is `[x]`
or `[ ]`. Every character that comes from the document keeps its place in it.
"""

from __future__ import annotations

import re
from enum import IntEnum

from nlp.documents.origins import Writer
from nlp.sections import key

# Controls, soft hyphens, zero-width characters.
_NOTHING = "\x00-\x08\x0e-\x1b\x7f\u00ad\u200b-\u200d\u2060\ufeff"
_EMPTY = "☐□▢\uf06f\uf071\uf0a8"  # the last ones as Wingdings has them
_TICKED = "☑☒■🗹🗷\uf0fd\uf0fe"
_PIECE = re.compile(
    rf"(?P<space>\s+)|(?P<nothing>[{_NOTHING}]+)|(?P<box>[{_EMPTY}{_TICKED}])"
    rf"|(?P<ligature>[\ufb00-\ufb06])"
    rf"|(?P<words>[^\s{_NOTHING}{_EMPTY}{_TICKED}\ufb00-\ufb06]+"
    rf"(?: [^\s{_NOTHING}{_EMPTY}{_TICKED}\ufb00-\ufb06]+)*)"
)
_LIGATURES = dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))
_MARKS = frozenset({"x", "[x]", "✓", "✔", "+"})
# Columns of which a cell is ticked: the column's name is what the tick says.
_CHOICES = frozenset(
    {"yes", "no", "present", "absent", "positive", "negative", "denies", "denied", "current",
     "past", "never", "resolved", "active", "inactive", "not present", "stopped", "discontinued"}
)  # fmt: skip
_ENDS = (":", ".", "?", "!", ";", ",")


class Break(IntEnum):
    """What stands between two pieces of text; the greater one holds."""

    NONE = 0
    SPACE = 1
    CELL = 2
    LINE = 3
    BLANK = 4


_WRITTEN = {Break.SPACE: " ", Break.CELL: " | ", Break.LINE: "\n", Break.BLANK: "\n\n"}


class _Row:
    """A table's row at hand."""

    __slots__ = ("begin", "column", "fresh", "head", "heads", "many", "named", "names", "said")

    def __init__(self, names: list[str], begin: int) -> None:
        self.names = names  # of the columns, as the table's title row says
        self.said: list[str] = []  # of this row's cells, while all of them are titles
        self.begin, self.column = begin, 0  # where the cell's text began
        self.fresh, self.many = True, False  # the cell has no text yet, has several lines
        self.head, self.heads = False, True  # the cell, all cells, are titles
        self.named = False  # the first cell is the title of a section


class Flow:
    """Takes text with its place in the original, and what is laid out between."""

    __slots__ = ("_between", "_bullet", "_hard", "_rows", "_tables", "_title", "breaks", "writer")

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.breaks: list[int] = []  # where rows, items and paragraphs start
        self._hard = False  # a break is one of these, not a line's end
        self._between = Break.NONE
        self._bullet = ""
        self._rows: list[_Row] = []
        self._tables: list[list[str]] = []
        self._title = -1

    def text(self, text: str, start: int, end: int, *, kept: bool = False) -> None:
        """Text that stood at start..end; a range of another length holds it as a whole.

        `kept`: line ends end lines.
        """
        whole = end - start != len(text)
        for match in _PIECE.finditer(text):
            a, b = (start, end) if whole else (start + match.start(), start + match.end())
            piece = match[0]
            match match.lastgroup:
                case "words":
                    self._write(piece, a, b)
                case "space" if kept and "\n" in piece:
                    self._break(Break.BLANK if piece.count("\n") > 1 else Break.LINE)
                case "space":
                    self._between = max(self._between, Break.SPACE)
                case "box":
                    self.box(piece in _TICKED, a, b)
                case "ligature":
                    self._write(_LIGATURES[piece], a, b)

    def state(self, text: str) -> None:
        """Text that the document says in another way, with no place of its own."""
        self._separated()
        self.writer.add(text)

    def box(self, ticked: bool, start: int, end: int) -> None:
        """A tick box."""
        self._write("[x]" if ticked else "[ ]", start, end)
        self._between = Break.SPACE

    def block(self, least: Break = Break.LINE) -> None:
        """What follows begins a line, or a paragraph; at the start of a cell it does so already."""
        if not (self._rows and self._rows[-1].fresh):
            self._break(least)
            self._hard = True

    def _break(self, least: Break) -> None:
        self._between = max(self._between, least)

    def line(self) -> None:
        """A line's end; two leave a blank line."""
        if not (self._rows and self._rows[-1].fresh):
            self._break(Break.BLANK if self._between >= Break.LINE else Break.LINE)

    def item(self, bullet: str) -> None:
        """What follows is an item of a list."""
        self.block()
        self._bullet = bullet

    def end_item(self) -> None:
        """The item ends."""
        self.block()
        self._bullet = ""

    def title(self) -> None:
        """What follows is a title, up to `end_title`."""
        self.block(Break.BLANK)
        self._title = self.writer.position

    def end_title(self) -> None:
        """The title ends: with a colon, where it has no mark of its own and is none by itself."""
        said = self.writer.since(self._title).strip() if self._title >= 0 else ""
        if said and not said.endswith(_ENDS) and not key(said):
            self.writer.add(":")
        self._title = -1
        self.block()

    def strong(self) -> None:
        """Bold text follows: at the start of a cell it makes that one a title."""
        if self._rows and self._rows[-1].fresh:
            self._rows[-1].head = True

    def table(self) -> None:
        """A table starts."""
        self.block(Break.BLANK)
        self._tables.append([])

    def end_table(self) -> None:
        """A table ends."""
        if self._tables:
            self._tables.pop()
        self.block(Break.BLANK)

    def row(self) -> None:
        """A row starts."""
        self.block()
        names = self._tables[-1] if self._tables else []
        self._rows.append(_Row(names, self.writer.position))

    def cell(self, head: bool = False) -> None:
        """A cell starts; `head`: it names its column or its row."""
        if self._rows:
            self._rows[-1].head = head

    def end_cell(self) -> None:
        """A cell ends."""
        if not self._rows:
            return
        row = self._rows[-1]
        said = self.writer.since(row.begin).strip(" |\n")
        row.heads = row.heads and (row.head or not said)
        row.said.append(said.lower().rstrip(":") if row.heads else "")
        if row.column < len(row.names) and row.names[row.column] in _CHOICES:
            self._choose(row, said)
        if row.column == 0:
            row.named = row.head and len(said) < 60 and bool(said) and bool(key(said.rstrip(":")))
        if row.many:
            self._between, self._hard = Break.LINE, True
        elif self.writer.position > row.begin or row.column:
            self._between = max(Break.CELL, min(self._between, Break.CELL))
        row.column += 1
        row.fresh, row.many, row.head = True, False, False
        row.begin = self.writer.position

    def end_row(self) -> None:
        """A row ends."""
        if not self._rows:
            return
        row = self._rows.pop()
        if self._tables and row.heads:
            self._tables[-1] = row.said
        self.block()

    def close(self) -> None:
        """The document ends, and all that is open in it."""
        while self._rows:
            self.end_row()

    def _choose(self, row: _Row, said: str) -> None:
        """A tick says what its column is called, an empty box nothing."""
        if row.column == 0 or (said.lower() not in _MARKS and said != "[ ]"):
            return
        start, end = self.writer.taken(row.begin)
        self.writer.cut(row.begin)
        self._between, row.fresh = Break.CELL, True
        if said != "[ ]":
            self._write(row.names[row.column].capitalize(), start, end)

    def _write(self, text: str, start: int, end: int) -> None:
        self._separated()
        if self._rows and self._rows[-1].head and text.endswith(":") and len(text) == end - start:
            text, end = text[:-1], end - 1  # a column's name is no title in the text
        self.writer.copy(text, start, end)

    def _separated(self) -> None:
        """Writes what stands between the last piece and the one that follows."""
        if self.writer.position and self._between:
            self._separate()
        self._between, self._hard = Break.NONE, False
        for row in self._rows:
            row.fresh = False
        if self._bullet:
            self.writer.add(self._bullet)
            self._bullet = ""

    def _separate(self) -> None:
        row = self._rows[-1] if self._rows else None
        if row and not row.fresh and row.names and self._between >= Break.LINE:
            # A row of a table whose columns have names is one line.
            self.writer.add(" " if self.writer.last in _ENDS else ", ")
            self._bullet = ""
        elif row and row.fresh and row.named and not row.head and self._between is Break.CELL:
            row.named = False
            self.writer.add(": ")
        elif self._between is Break.CELL and self.writer.last == ":":
            self.writer.add(" ")
        else:
            self._lines()

    def _lines(self) -> None:
        self.writer.add(_WRITTEN[self._between])
        if self._between >= Break.LINE:
            for row in self._rows:
                row.many = row.many or not row.fresh
            if self._hard:
                self.breaks.append(self.writer.position)
