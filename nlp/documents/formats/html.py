"""HTML and XHTML: what a reader of the page sees, laid out as lines.

Scripts, styles, hidden elements and what is struck out are left out; a path counts the elements
as they are written (a browser puts `tbody` in between).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from nlp.documents.charset import decode
from nlp.documents.flow import Break, Flow
from nlp.documents.markup import RAW, Tag, Text, tokens
from nlp.documents.origins import Origins, Step, Writer
from nlp.documents.reading import Reading, Source
from nlp.types import Hints

MOST_OPEN = 128  # elements in each other; deeper ones have the path of the last
VOID = frozenset(
    (
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
        "source", "track", "wbr",
    )
)  # fmt: skip
UNSEEN = RAW | frozenset(
    (
        "head", "template", "noscript", "svg", "math", "object", "audio", "video", "canvas",
        "del", "s", "strike", "datalist",
    )
)  # fmt: skip
IN_HEAD = RAW | frozenset(["head", "meta", "link", "base", "template", "noscript", "html"])
BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog",
        "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr",
        "html", "main", "nav", "ol", "section", "summary", "ul", "caption", "legend", "pre",
    )
)  # fmt: skip
TITLES = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])


def _line(flow: Flow) -> None:
    flow.block()


def _paragraph(flow: Flow) -> None:
    flow.block(Break.BLANK)


# What an element's start and its end do to the layout; a list's item is laid out by its list.
START: dict[str, Callable[[Flow], None]] = {
    **dict.fromkeys(BLOCKS, _line),
    **dict.fromkeys(TITLES, Flow.title),
    "p": _paragraph,
    "b": Flow.strong,
    "strong": Flow.strong,
    "br": Flow.line,
    "table": Flow.table,
    "tr": Flow.row,
    "th": lambda flow: flow.cell(head=True),
}
END: dict[str, Callable[[Flow], None]] = {
    **dict.fromkeys(BLOCKS, _line),
    **dict.fromkeys(TITLES, Flow.end_title),
    "p": _paragraph,
    "li": Flow.end_item,
    "table": Flow.end_table,
    "tr": Flow.end_row,
    "td": Flow.end_cell,
    "th": Flow.end_cell,
}
# An element that starts ends these, up to the element beside them that holds both.
IMPLIED: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset(("li", "p")), frozenset(("ul", "ol", "menu"))),
    "dt": (frozenset(("dt", "dd", "p")), frozenset(("dl",))),
    "dd": (frozenset(("dt", "dd", "p")), frozenset(("dl",))),
    "tr": (frozenset(("tr", "td", "th", "caption")), frozenset(("table",))),
    "td": (frozenset(("td", "th")), frozenset(("tr", "table"))),
    "th": (frozenset(("td", "th")), frozenset(("tr", "table"))),
    "tbody": (frozenset(("thead", "tbody", "tr", "td", "th")), frozenset(("table",))),
    "option": (frozenset(("option",)), frozenset(("select", "datalist"))),
} | {
    name: (frozenset(("p",)), frozenset(("td", "th", "li", "div", "body", "button")))
    for name in ("p", "div", "ul", "ol", "table", "pre", "section", "article", *TITLES)
}
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)
_DECLARED = re.compile(rb"""^<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{2,40})""")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


class _Element(Step):
    __slots__ = ("items", "kept", "unseen")

    def __init__(self, name: str, above: _Element | None, unseen: bool, kept: bool) -> None:
        super().__init__(name, above)
        self.unseen = unseen
        self.kept = kept  # line ends end lines
        self.items = 0  # of a list


class _Page:
    """The page as far as it was read: the elements open, and the text laid out."""

    def __init__(self, limit: int, xhtml: bool) -> None:
        self.flow = Flow(Writer(limit))
        self._xhtml = xhtml
        self._open = [_Element("", None, False, False)]
        self._names: Counter[str] = Counter()  # of the elements open
        self._deeper: Counter[str] = Counter()  # of elements too deep to keep

    def text(self, piece: Text) -> None:
        element = self._open[-1]
        if not element.unseen:
            self.flow.writer.place(0, element)
            self.flow.text(piece.text, piece.start, piece.end, kept=element.kept)

    def start(self, tag: Tag) -> None:
        name = tag.name
        if self._open[-1].name == "head" and name not in IN_HEAD:
            self._close(frozenset(("head",)), frozenset())
        if rule := IMPLIED.get(name):
            self._close(rule[0], rule[1])
        above = self._open[-1]
        unseen = above.unseen or name in UNSEEN or _hidden(tag)
        if not unseen:
            self._lay(tag)
        if name in VOID or (tag.empty and self._xhtml):
            return
        if len(self._open) > MOST_OPEN:
            self._deeper[name] += 1
            return
        self._names[name] += 1
        kept = above.kept or name in ("pre", "textarea")
        self._open.append(_Element(name, above, unseen, kept))

    def end(self, name: str) -> None:
        if self._deeper[name]:
            self._deeper[name] -= 1
            if leave := END.get(name):
                leave(self.flow)
        elif self._names[name]:
            self._close(frozenset((name,)), frozenset(), once=True)
        elif name == "p":
            self.flow.block()

    def _close(self, names: frozenset[str], within: frozenset[str], *, once: bool = False) -> None:
        """Ends the elements of those names, and all in them, up to one that is in `within`."""
        while any(self._names[name] for name in names):
            for at in range(len(self._open) - 1, 0, -1):
                if self._open[at].name in names:
                    break
                if self._open[at].name in within:
                    return
            else:
                return
            while len(self._open) > at:
                element = self._open.pop()
                self._names[element.name] -= 1
                if not element.unseen and (leave := END.get(element.name)):
                    leave(self.flow)
            if once:
                return

    def _lay(self, tag: Tag) -> None:
        if tag.name == "li":
            self.flow.item(self._bullet())
        elif tag.name == "td":
            self.flow.cell(head=self._names["thead"] > 0)
        elif tag.name == "input":
            self._input(tag)
        elif lay := START.get(tag.name):
            lay(self.flow)

    def _input(self, tag: Tag) -> None:
        given = tag.attributes()
        kind = given.get("type", "").lower()
        self.flow.writer.place(0, self._open[-1])
        if kind in ("checkbox", "radio"):
            self.flow.box("checked" in given, tag.start, tag.end)
        elif kind in ("", "text", "number", "date") and given.get("value"):
            self.flow.text(given["value"], tag.start, tag.end)

    def _bullet(self) -> str:
        for element in reversed(self._open):
            if element.name == "ol":
                element.items += 1
                return f"{element.items}. "
            if element.name in ("ul", "menu"):
                break
        return "- "


def _hidden(tag: Tag) -> bool:
    if tag.name == "option":
        return "selected" not in tag.attributes()
    if "hidden" not in tag.written and "none" not in tag.written:
        return False
    given = tag.attributes()
    return "hidden" in given or bool(_HIDDEN.search(given.get("style", "")))


def read(source: Source) -> Reading:
    """Raises UndecodableText, Oversized, Unreadable for a page that is cut off."""
    text = decode(source.data, source.charset or _charset(source.data[:2048]))
    start = text[:1024].lstrip()
    page = _Page(source.limit, start.startswith("<?xml") or "/xhtml" in start)
    for token in tokens(text):
        if isinstance(token, Text):
            page.text(token)
        elif token.closes:
            page.end(token.name)
        else:
            page.start(token)
    page.flow.close()
    writer = page.flow.writer
    hints = Hints(tuple(page.flow.breaks))
    return Reading(writer.text(), "html", Origins(writer, local=False), hints)


def _charset(start: bytes) -> str:
    """The charset that the page itself declares."""
    found = _DECLARED.search(start) or _META.search(start)
    declared = found[1].decode("ascii") if found else ""
    # A declaration that can be read as ASCII is no UTF-16, whatever it says.
    return "" if declared.lower().startswith(("utf-16", "utf-32", "ucs")) else declared
