"""The XHTML of a narrative: well-formed, with content, and nothing that runs (txt-1, txt-2)."""

from __future__ import annotations

import re
from xml.parsers import expat

NAMESPACE = "http://www.w3.org/1999/xhtml"
_ELEMENTS = (
    "a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em"
    " h1 h2 h3 h4 h5 h6 hr i img li ol p pre q s samp small span strike strong sub sup"
    " table tbody td tfoot th thead tr tt u ul var"
)
_ATTRIBUTES = (
    "abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing cellvalign"
    " char charoff charset cite class color colspan compact coords datetime dir disabled height"
    " href hreflang hspace id lang longdesc name noshade nowrap rel rev rowspan rules scope shape"
    " span src start style summary tabindex title type usemap valign value vspace width"
    " xml:lang frame headers clear"
)
ELEMENTS = frozenset(_ELEMENTS.split())
ATTRIBUTES = frozenset(_ATTRIBUTES.split())
LINKS = ("href", "src", "longdesc", "cite", "usemap")
SCRIPT = re.compile(r"(?:javascript|vbscript|data(?!:image/)):", re.IGNORECASE)
BLANK = re.compile(r"[\x00-\x20]+")  # a browser skips these within a scheme
STYLE = re.compile(r"expression\s*\(|javascript:|url\s*\(|@import", re.IGNORECASE)


class Unsafe(Exception):
    """Markup that a narrative may not hold; the text says which."""


class _Reader:
    """Watches the parser: names, attributes, whether there is anything to see."""

    def __init__(self) -> None:
        self.depth = 0
        self.content = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self.depth == 0 and (name != "div" or attributes.get("xmlns") != NAMESPACE):
            raise Unsafe(f'expected <div xmlns="{NAMESPACE}"> around the narrative')
        self.depth += 1
        if name not in ELEMENTS:
            raise Unsafe("expected basic XHTML formatting, found an element that is not allowed")
        self.content |= name == "img"
        for key, value in attributes.items():
            _attribute(key, value)

    def end(self, name: str) -> None:
        self.depth -= 1

    def text(self, data: str) -> None:
        self.content = self.content or not data.isspace()


def _attribute(key: str, value: str) -> None:
    if key == "xmlns":
        if value != NAMESPACE:
            raise Unsafe("expected the XHTML namespace, found another")
    elif key not in ATTRIBUTES and not key.startswith("xmlns:"):
        raise Unsafe("expected attributes of basic XHTML, found one that is not allowed")
    if key in LINKS and SCRIPT.match(BLANK.sub("", value)):
        raise Unsafe("expected a link, found a script")
    if key == "style" and STYLE.search(value):
        raise Unsafe("expected plain style rules, found a reference or a script")


def fault(div: str) -> str | None:
    """What makes `div` no safe narrative; None where it is one."""
    if "<!" in div.replace("<!--", "") or "<?" in div:
        return "expected a <div> element, found a declaration or a processing instruction"
    reader = _Reader()
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(div, True)
    except Unsafe as unsafe:
        return str(unsafe)
    except expat.ExpatError as error:
        return f"expected well-formed XHTML, found a fault at line {error.lineno}"
    return None if reader.content else "expected some content in the narrative, found none"
