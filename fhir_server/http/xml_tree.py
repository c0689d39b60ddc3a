"""XML read into a tree of elements; XHTML is kept as it was written, unless what it says hangs on
namespaces declared around it. No DTDs, no entities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from io import StringIO
from xml.parsers import expat
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from capability.definitions import RESOURCE_TYPES
from fhir_server.errors import BadRequest

KNOWN = frozenset(RESOURCE_TYPES)
XHTML = "http://www.w3.org/1999/xhtml"
XSI = (
    "http://www.w3.org/2001/XMLSchema-instance "  # says where schemas are: nothing of the resource
)
XML = "http://www.w3.org/XML/1998/namespace "
DEEPEST = 200  # elements within elements


@dataclass(slots=True)
class Node:
    """An element; `markup` is that of an XHTML element with all that is in it."""

    name: str
    space: str
    attributes: dict[str, str]
    children: list[Node] = field(default_factory=list)
    line: int = 0
    markup: str = ""


def parse(body: bytes) -> Node:
    """The root element of a document in UTF-8; raises BadRequest with line and column."""
    try:
        body.decode()
    except UnicodeDecodeError:
        raise BadRequest("the XML is not UTF-8: send UTF-8", "Resource") from None
    return _Reader(body).root


def feed(
    parser: expat.XMLParserType, body: bytes, called: str, place: Callable[[], str] = lambda: ""
) -> None:
    """Parses a document whole; raises BadRequest with line and column, and for a document type.

    `place` is the expression of the error, asked for where there is one.
    """

    def refuse(*_: object) -> None:
        raise BadRequest("XML with a document type is not read", place())

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        where = f"line {error.lineno}, column {error.offset + 1}"
        reason = expat.ErrorString(error.code)
        raise BadRequest(f"the {called} is not XML: {reason} at {where}", place()) from None


class _Reader:
    def __init__(self, body: bytes) -> None:
        self._body, self._stack = body, [Node("", "", {})]
        self._markup_from, self._markup_depth, self._markup_empty = 0, 0, True
        self._rewritten = StringIO()
        self._writer: XMLGenerator | None = None  # of markup that can't stay as it is
        self._default = ""  # namespace declared on the element that begins
        self._parser = parser = expat.ParserCreate("UTF-8", " ")
        parser.StartNamespaceDeclHandler = self._declare
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        feed(parser, body, "body", self._place)
        self.root = self._stack[0].children[0]

    def _place(self) -> str:
        """The type of the resource that is read, as far as its root tells."""
        return next((n.name for n in self._stack[0].children if n.name in KNOWN), "Resource")

    def _declare(self, prefix: str | None, space: str) -> None:
        if prefix is None:
            self._default = space

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        default, self._default = self._default, ""
        if self._markup_depth:
            self._markup_depth += 1
            self._markup_empty = False
            self._rewrite(tag, attributes)
            return
        if len(self._stack) > DEEPEST:
            text = f"the XML is nested deeper than {DEEPEST} elements"
            raise BadRequest(text, self._place())
        space, _, name = tag.rpartition(" ")
        plain = {k.replace(XML, "xml:"): v for k, v in attributes.items() if not k.startswith(XSI)}
        node = Node(name, space, plain, line=self._parser.CurrentLineNumber)
        self._stack[-1].children.append(node)
        if space == XHTML:
            self._markup_from, self._markup_depth = self._parser.CurrentByteIndex, 1
            self._markup_empty = True
            itself = self._body.startswith(b"<div", self._markup_from) and default == XHTML
            self._rewritten = StringIO()
            self._writer = None if itself else XMLGenerator(self._rewritten, "utf-8", True)
            self._rewrite(tag, {"xmlns": XHTML, **attributes})
        self._stack.append(node)

    def _rewrite(self, tag: str, attributes: dict[str, str]) -> None:
        """A start tag without prefixes."""
        if self._writer:
            space, _, name = tag.rpartition(" ")
            given = attributes if space == XHTML else {"xmlns": space, **attributes}
            plain = {k.replace(XML, "xml:"): v for k, v in given.items()}
            self._writer.startElement(name, AttributesImpl(plain))

    def _end(self, tag: str) -> None:
        if self._markup_depth:
            self._markup_depth -= 1
            if self._writer:
                self._writer.endElement(tag.rpartition(" ")[2])
            if self._markup_depth:
                return
            end = self._parser.CurrentByteIndex
            if not self._markup_empty or self._body[end - 2 : end] != b"/>":
                end = self._body.index(b">", end) + 1
            as_sent = self._body[self._markup_from : end].decode()
            self._stack[-1].markup = self._rewritten.getvalue() if self._writer else as_sent
        self._stack.pop()

    def _text(self, text: str) -> None:
        self._markup_empty = False
        if self._markup_depth and self._writer:
            self._writer.characters(text)
        if not self._markup_depth and text.strip():
            line = self._parser.CurrentLineNumber
            text = f"text stands between elements at line {line} of the XML"
            raise BadRequest(text, self._place())
