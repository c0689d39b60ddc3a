"""RTF: the text of its paragraphs, lists and tables (Rich Text Format 1.9.1).

The file is bytes below 128 by the standard: it is read as Latin-1, so that an offset in the source
is that of the byte.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from nlp.documents.errors import Unreadable
from nlp.documents.flow import Break, Flow
from nlp.documents.origins import Origins, Writer
from nlp.documents.reading import Reading, Source
from nlp.types import Hints

MOST_DEEP = 1000  # groups in each other
_TOKEN = re.compile(
    r"\\(?:([a-zA-Z]{1,32})(-?\d{1,10})? ?|'([0-9a-fA-F]{2})|([^a-zA-Z]))"
    r"|([{}])|([\r\n]+)|([^\\{}\r\n]+)"
)
# Destinations that hold no text of the document.
UNSEEN = frozenset(
    (
        "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "objdata", "themedata",
        "colorschememapping", "datastore", "latentstyles", "listtable", "listoverridetable",
        "rsidtbl", "generator", "header", "headerl", "headerr", "headerf", "footer", "footerl",
        "footerr", "footerf", "xmlnstbl", "mmathPr", "fldinst", "filetbl", "revtbl", "template",
        "bkmkstart", "bkmkend", "nonshppict", "pntext", "pnseclvl", "listtext",
    )
)  # fmt: skip
SEEN = frozenset(("shppict", "shpinst"))  # optional destinations that hold text
BULLETS = frozenset(("listtext", "pntext"))  # what older readers show for one
SPECIAL = {
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "tab": " ", "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip
SYMBOLS = {"~": " ", "_": "-", "\\": "\\", "{": "{", "}": "}", "\t": " "}
# \fcharset of a font → its code page.
CHARSETS = {
    0: "cp1252", 2: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk",
    136: "big5", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256",
    186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
UTF_8 = 65001  # as a code page
PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}


class _Group(NamedTuple):
    """What holds in a group, and what it gives back at its end."""

    seen: bool = True
    skips: int = 1  # \uc: characters that stand in for one of \u
    charset: str = ""
    font: int = -1  # of the font table, at hand
    table: bool = False  # the font table


class _Pass:
    def __init__(self, source: str, limit: int) -> None:
        self.flow = Flow(Writer(limit))
        self._source = source
        self._groups = [_Group()]
        self._fonts: dict[int, str] = {}
        self._default = "cp1252"
        self._skip = 0  # characters that stand in for the last \u
        self._starred = False
        self._row = False
        self._held = b""  # the first byte of a double-byte character
        self._held_at = 0
        self._high = 0  # the first half of a surrogate pair

    def run(self) -> None:
        at, size = 0, len(self._source)
        while at < size:
            match = _TOKEN.match(self._source, at)
            if match is None:
                raise Unreadable(f"the RTF breaks off at byte {at}")
            at = self._take(match)
            if not self._groups:
                return
        raise Unreadable(f"the RTF is cut off: {len(self._groups) - 1} groups never end")

    def _take(self, match: re.Match[str]) -> int:
        start, end = match.span()
        word, number, byte, symbol, brace, line, text = match.groups()
        if word:
            value = int(number) if number else None
            if word == "bin":
                return min(len(self._source), end + max(0, value or 0))
            self._word(word, value, start, end)
        elif byte:
            self._byte(int(byte, 16), start, end)
        elif symbol:
            self._symbol(symbol, start, end)
        elif brace == "{":
            self._open()
        elif brace:
            self._groups.pop()
            self._skip = 0
            if len(self._groups) == 1:
                self._groups.clear()
        elif text and not line:
            self._text(text, start, end)
        return end

    def _open(self) -> None:
        if len(self._groups) > MOST_DEEP:
            raise Unreadable(f"groups are nested deeper than {MOST_DEEP}")
        self._groups.append(self._groups[-1])
        self._starred = False
        self._skip = 0

    def _set(self, **changed: object) -> None:
        self._groups[-1] = self._groups[-1]._replace(**changed)  # type: ignore[arg-type]

    def _word(self, word: str, value: int | None, start: int, end: int) -> None:
        group = self._groups[-1]
        if self._starred or word in UNSEEN:
            known = word in SEEN
            self._starred = False
            if word in BULLETS and group.seen:
                self.flow.item("- ")
            self._set(seen=group.seen and known, table=word == "fonttbl")
        elif word == "u" and value is not None:
            self._unicode(value, start, end)
        elif self._skip:
            self._skip -= 1
        elif not self._state(group, word, value) and group.seen:
            self._lay(word, start, end)

    def _state(self, group: _Group, word: str, value: int | None) -> bool:
        """Whether the word says how what follows is to be read; it is done."""
        match word:
            case "uc":
                self._set(skips=max(0, value or 0))
            case "ansicpg" if value:
                self._default = f"cp{value}" if value != UTF_8 else "utf-8"
            case "mac" | "pc" | "pca":
                self._default = PAGES[word]
            case "f" if value is not None:
                self._set(font=value, charset="" if group.table else self._fonts.get(value, ""))
            case "fcharset" if group.table:
                self._fonts[group.font] = CHARSETS.get(value or 0, "")
            case "v" | "deleted":
                self._set(seen=self._above() and value == 0)
            case "plain":
                self._set(seen=self._above(), charset="")
            case _:
                return False
        return True

    def _above(self) -> bool:
        """Whether the text of the group around this one is seen."""
        return self._groups[-2].seen if len(self._groups) > 1 else True

    def _lay(self, word: str, start: int, end: int) -> None:
        flow = self.flow
        match word:
            case "par" | "line" | "sect" | "page":
                flow.line()
            case "trowd" if not self._row:
                flow.row()
                self._row = True
            case "cell" | "nestcell" if self._row:
                flow.end_cell()
            case "row" | "nestrow" if self._row:
                flow.end_row()
                self._row = False
            case "b" if self._row:
                flow.strong()
            case _ if word in SPECIAL:
                flow.text(SPECIAL[word], start, end)

    def _unicode(self, value: int, start: int, end: int) -> None:
        self._skip = self._groups[-1].skips
        unit = value & 0xFFFF
        if 0xD800 <= unit < 0xDC00:
            self._high = unit
            return
        if 0xDC00 <= unit < 0xE000:
            if not self._high:
                return
            unit = 0x10000 + ((self._high - 0xD800) << 10) + (unit - 0xDC00)
        self._high = 0
        self._see(chr(unit), start, end)

    def _byte(self, value: int, start: int, end: int) -> None:
        if self._skip:
            self._skip -= 1
            return
        data, begin = self._held + bytes((value,)), self._held_at if self._held else start
        self._held = b""
        charset = self._groups[-1].charset or self._default
        try:
            self._see(data.decode(charset), begin, end)
        except UnicodeDecodeError:
            if len(data) == 1 and charset not in ("cp1252", "mac_roman"):
                self._held, self._held_at = data, begin
            else:
                self._see("\ufffd", begin, end)
        except LookupError:
            self._see(data.decode("cp1252", "replace"), begin, end)

    def _symbol(self, symbol: str, start: int, end: int) -> None:
        if symbol == "*":
            self._starred = True
        elif self._skip:
            self._skip -= 1
        elif symbol in "\r\n" and self._groups[-1].seen:
            self.flow.line()
        elif symbol in SYMBOLS:
            self._see(SYMBOLS[symbol], start, end)

    def _text(self, text: str, start: int, end: int) -> None:
        passed = min(self._skip, len(text))
        self._skip -= passed
        if passed < len(text):
            self._see(text[passed:], start + passed, end)

    def _see(self, text: str, start: int, end: int) -> None:
        self._held = b""
        if self._groups[-1].seen and len(self._groups) > 1:
            self.flow.text(text, start, end)


def read(source: Source) -> Reading:
    """Raises Oversized, Unreadable for what is no RTF or cut off (with the byte)."""
    text = source.data.decode("latin-1")
    begin = len(text) - len(text.lstrip())
    if not text.startswith("{\\rtf", begin):
        raise Unreadable("the bytes are no RTF: declare the type they are of", "value")
    reader = _Pass(text, source.limit)
    reader.run()
    reader.flow.block(Break.BLANK)
    reader.flow.close()
    writer = reader.flow.writer
    hints = Hints(tuple(reader.flow.breaks))
    return Reading(writer.text(), "rtf", Origins(writer, local=False), hints)
