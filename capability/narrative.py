"""The XHTML of a narrative: well-formed, with content, and nothing that runs (txt-1, txt-2)."""

from __future__ import annotations

import re
from xml.parsers import expat

from capability import xhtml
from capability.xhtml import ATTRIBUTES, ELEMENTS, LINKS, NAMESPACE

SCRIPT = re.compile(r"(?:javascript|vbscript|data(?!:image/)):", re.IGNORECASE)
BLANK = re.compile(r"[\x00-\x20]+")  # a browser skips these within a scheme
# what a style may not hold: code, other sites' files (a tracker), escapes that could hide either
STYLE = re.compile(
    r"expression\s*\(|javascript:|@import|\\|-moz-binding|behavior\s*:"
    r"|url\s*+\(\s*+['\"]?+\s*+(?!data:\s*image/)(?:[a-z][a-z0-9+.\-]*:|//)",
    re.IGNORECASE,
)


class Unsafe(Exception):
    """Markup that a narrative may not hold; the text says which."""


def _attributes(given: dict[str, str]) -> None:
    for key, value in given.items():
        if key == "xmlns":
            if value != NAMESPACE:
                raise Unsafe("txt-1: expected the XHTML namespace, found another")
        elif key not in ATTRIBUTES and not key.startswith("xmlns:"):
            raise Unsafe("txt-1: expected attributes of basic XHTML, found one that is not allowed")
        elif key in LINKS and SCRIPT.match(BLANK.sub("", value)):
            raise Unsafe("txt-1: expected a link, found a script")
        elif key == "style" and STYLE.search(value):
            raise Unsafe("txt-1: expected plain style rules, found a reference or a script")


def fault(div: str) -> str | None:
    """What makes `div` no safe narrative, with the invariant's key; None where it is one."""
    if xhtml.certain()(div):
        return None
    if "<!" in div.replace("<!--", "") or "<?" in div:
        return "txt-1: expected a <div> element, found a declaration or a processing instruction"
    reader = _Reader()
    try:
        reader.parser.Parse(div, True)
    except Unsafe as unsafe:
        return str(unsafe)
    except UnicodeEncodeError:
        return "txt-1: expected Unicode text, found half of a surrogate pair"
    except expat.ExpatError as error:
        return f"txt-1: expected well-formed XHTML, found a fault at line {error.lineno}"
    return None if reader.seen else "txt-2: expected some content in the narrative, found none"


def holds(div: str) -> bool:
    """Whether `div` is a safe narrative."""
    return fault(div) is None


class _Reader:
    """Checks names and attributes as the parser meets them; `seen` once there is content."""

    def __init__(self) -> None:
        self.seen = False
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self.root
        self.parser.CharacterDataHandler = self.text

    def root(self, name: str, given: dict[str, str]) -> None:
        if name != "div" or given.get("xmlns") != NAMESPACE:
            raise Unsafe(f'txt-1: expected <div xmlns="{NAMESPACE}"> around the narrative')
        self.parser.StartElementHandler = self.element
        _attributes(given)

    def element(self, name: str, given: dict[str, str]) -> None:
        if name not in ELEMENTS:
            raise Unsafe("txt-1: expected basic XHTML formatting, found another element")
        self.seen = self.seen or name == "img"
        if given:
            _attributes(given)

    def text(self, data: str) -> None:
        if not data.isspace():
            self.seen = True
            self.parser.CharacterDataHandler = None
