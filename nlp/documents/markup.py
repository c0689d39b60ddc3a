"""HTML's tags, text and character references with their places, in one pass over the source.

As the HTML standard's tokenizer reads them, but that a tag or a comment that never ends is an error
and does not swallow the rest. No step looks twice at a character that it took: hostile input costs
time in proportion to its length.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from nlp.documents.errors import Unreadable

# Python before 3.11.5 misreads possessive groups within which something may be given back.
_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]*+)((?:[^>"']++|"[^"]*+"|'[^']*+')*)>""")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
_REFERENCE = re.compile(r"&(?:#[xX]?[0-9a-fA-F]{1,8}|[a-zA-Z][a-zA-Z0-9]{1,31});?")
RAW = frozenset({"script", "style", "title", "xmp", "iframe", "noembed", "noframes"})
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.I) for name in RAW}


class Text(NamedTuple):
    """Text that stood at start..end; as long as that, or one character reference."""

    text: str
    start: int
    end: int


class Tag(NamedTuple):
    """A start or an end tag, its name in lower case; `attributes` are as written."""

    name: str
    closes: bool
    empty: bool  # ends with "/>"
    written: str
    start: int
    end: int

    def attributes(self) -> dict[str, str]:
        """Attributes by name in lower case; one without a value has ""."""
        return {
            m[1].lower(): html.unescape(next((g for g in m.groups()[1:] if g is not None), ""))
            for m in _ATTRIBUTE.finditer(self.written)
        }


def tokens(source: str) -> Iterator[Text | Tag]:
    """Text and tags in their order; comments, declarations and raw text (a script's) are left out.

    Raises Unreadable with the offset of a tag or a comment that never ends.
    """
    at, size = 0, len(source)
    while at < size:
        opens = source.find("<", at)
        if opens < 0:
            opens = size
        if opens > at:
            yield from text(source, at, opens)
            at = opens
            continue
        if source.startswith("<!--", at):
            at = _after(source, "-->", at + 4)
        elif source.startswith("<![CDATA[", at):
            end = _after(source, "]]>", at + 9)
            yield Text(source[at + 9 : end - 3], at + 9, end - 3)
            at = end
        elif source[at + 1 : at + 2] in ("!", "?"):
            at = _after(source, ">", at)
        else:
            tag, at = _tag(source, at)
            if tag:
                yield tag
                if isinstance(tag, Tag) and tag.name in RAW and not (tag.closes or tag.empty):
                    found = _RAW_END[tag.name].search(source, at)
                    at = found.start() if found else size


def _tag(source: str, at: int) -> tuple[Tag | Text | None, int]:
    """The tag that opens there and where it ends; a "<" that opens none is text."""
    following = source[at + 1 : at + 2]
    if not (following.isascii() and following.isalpha()) and following != "/":
        return Text("<", at, at + 1), at + 1
    match = _TAG.match(source, at)
    if match is None:
        if following == "/" and not source[at + 2 : at + 3].isalpha():
            return None, _after(source, ">", at)
        raise Unreadable(f"the tag at offset {at} never ends: the document is cut off there")
    written = match[3]
    tag = Tag(match[2].lower(), bool(match[1]), written.endswith("/"), written, at, match.end())
    return tag, match.end()


def text(source: str, start: int, end: int) -> Iterator[Text]:
    """The text of a range, its character references resolved."""
    at = start
    for match in _REFERENCE.finditer(source, start, end):
        meant = html.unescape(match[0])
        if meant == match[0]:
            continue
        if match.start() > at:
            yield Text(source[at : match.start()], at, match.start())
        yield Text(meant, match.start(), match.end())
        at = match.end()
    if at < end:
        yield Text(source[at:end], at, end)


def _after(source: str, mark: str, at: int) -> int:
    found = source.find(mark, at)
    if found < 0:
        raise Unreadable(f"{mark} is missing after offset {at}: the document is cut off there")
    return found + len(mark)
