"""HL7 v2 text to segments, lazily: a field is split when it is asked for (v2.9 chapter 2)."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

# MSH-18, table 0211 → Python codec; the first repetition is the default of the message
CHARSETS = {
    "": "utf-8",
    "ASCII": "utf-8",
    "UNICODE": "utf-8",
    "UNICODE UTF-8": "utf-8",
    "UNICODE UTF-16": "utf-16",
    "UNICODE UTF-32": "utf-32",
    "8859/1": "cp1252",  # what senders mean, whose quotes and dashes Latin 1 has not
    **{f"8859/{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 9, 15)},
    "ISO IR87": "iso2022_jp",
    "GB 18030-2000": "gb18030",
    "BIG-5": "big5",
    "KS X 1001": "euc_kr",
}
NULL = '""'  # "delete what you hold", 2.5.3.1


class BadMessage(ValueError):
    """Bytes that are no HL7 v2 message; `code` is of table 0357, `location` is an ERL."""

    def __init__(self, text: str, code: str = "100", location: str = "MSH^1") -> None:
        super().__init__(text)
        self.code, self.location = code, location


class Delimiters(NamedTuple):
    """MSH-1 and MSH-2; `codec` is that of MSH-18, for characters that are escaped as bytes."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"
    codec: str = "utf-8"


class Field:
    """One repetition of a field."""

    def __init__(self, raw: str, delimiters: Delimiters) -> None:
        self.raw, self._delimiters = raw, delimiters

    @cached_property
    def _components(self) -> list[str]:
        return self.raw.split(self._delimiters.component)

    def component(self, n: int, sub: int = 1) -> str:
        """Component n, subcomponent sub (from 1), escapes decoded; "" where absent, blank, null."""
        if n > len(self._components):
            return ""
        parts = self._components[n - 1].split(self._delimiters.subcomponent)
        value = parts[sub - 1] if sub <= len(parts) else ""
        return "" if value == NULL or value.isspace() else unescape(value, self._delimiters)

    def __bool__(self) -> bool:
        return bool(self.raw.strip()) and self.raw != NULL

    @property
    def text(self) -> str:
        """The whole repetition as text: for data types without components (TX, FT, ST)."""
        return unescape(self.raw, self._delimiters)


class Segment:
    """One segment; fields count from 1, for MSH with MSH-1 being the separator."""

    def __init__(self, raw: str, delimiters: Delimiters) -> None:
        self.raw, self._delimiters = raw, delimiters
        self.name = raw[:3]

    @cached_property
    def _fields(self) -> list[str]:
        fields = self.raw.split(self._delimiters.field)
        return [fields[0], self._delimiters.field, *fields[1:]] if self.name == "MSH" else fields

    def repetitions(self, n: int) -> list[Field]:
        """All repetitions of field n that hold something."""
        if n >= len(self._fields) or not self._fields[n]:
            return []
        if self.name == "MSH" and n <= 2:
            return [Field(self._fields[n], self._delimiters)]
        parts = self._fields[n].split(self._delimiters.repetition)
        return [f for f in (Field(p, self._delimiters) for p in parts) if f]

    def lines(self, n: int) -> list[str]:
        """Field n as lines of text: repetitions are lines, an empty one an empty line."""
        if n >= len(self._fields):
            return [""]
        parts = self._fields[n].split(self._delimiters.repetition)
        return [line for p in parts for line in unescape(p, self._delimiters).split("\n")]

    def is_null(self, n: int) -> bool:
        """Whether the sender asks to delete the field's value."""
        return n < len(self._fields) and self._fields[n] == NULL

    def value(self, n: int, component: int = 1, sub: int = 1) -> str:
        """A component of the first repetition of field n, or ""."""
        found = self.repetitions(n)
        return found[0].component(component, sub) if found else ""


class Message:
    """A parsed message: its segments in order."""

    def __init__(self, segments: list[Segment], delimiters: Delimiters) -> None:
        self.segments, self.delimiters = segments, delimiters
        self.msh = segments[0]

    def first(self, name: str) -> Segment | None:
        return next((s for s in self.segments if s.name == name), None)

    def all(self, name: str) -> Iterator[Segment]:
        return (s for s in self.segments if s.name == name)

    @property
    def control_id(self) -> str:
        return self.msh.value(10)

    @property
    def type(self) -> tuple[str, str]:
        """Message code and trigger event: ("ADT", "A01")."""
        return self.msh.value(9, 1), self.msh.value(9, 2)

    @property
    def sender(self) -> str:
        """Sending application and facility, for telling one feed's control ids from another's."""
        return f"{self.msh.value(3)}|{self.msh.value(4)}"


def parse(raw: bytes) -> Message:
    """The message in the bytes; raises BadMessage with its place. Line ends may be CR, LF, CRLF."""
    raw = _bare(raw)
    if raw[:3] in (b"FHS", b"BHS"):
        raise BadMessage(
            "a batch is not taken: send its messages one by one", "200", raw[:3].decode()
        )
    if raw[:3] != b"MSH":
        raise BadMessage("the message does not begin with MSH")
    delimiters = _delimiters(raw[:8].decode("latin-1"))
    text, codec = _decoded(raw)
    delimiters = delimiters._replace(codec=codec)
    lines = [line for line in re.split(r"[\r\n]+", text) if line]
    for n, line in enumerate(lines):
        if not re.match(r"[A-Z][A-Z0-9]{2}(?:$|" + re.escape(delimiters.field) + ")", line):
            before = lines[n - 1][:3]
            place = f"{before}^{sum(held[:3] == before for held in lines[:n])}"
            raise BadMessage(f"line {n + 1}, after {before}, is no segment", "100", place)
        if n and line[:3] == "MSH":
            text = f"line {n + 1} is a second MSH: one frame holds one message"
            raise BadMessage(text, "100", "MSH^2")
    return Message([Segment(line, delimiters) for line in lines], delimiters)


def header(raw: bytes) -> Message | None:
    """The MSH alone, of bytes that need not be a message: for whom to answer, and to what.

    Read as UTF-8, whatever is declared; None where there is no MSH with its delimiters.
    """
    raw = _bare(raw)
    if raw[:3] != b"MSH":
        return None
    line = re.split(rb"[\r\n]", raw, maxsplit=1)[0].decode("utf-8", "replace")
    try:
        delimiters = _delimiters(line[:8])
    except BadMessage:
        return None
    return Message([Segment(line, delimiters)], delimiters)


def _bare(raw: bytes) -> bytes:
    return raw.removeprefix(codecs.BOM_UTF8).lstrip()


def _delimiters(text: str) -> Delimiters:
    given = text[3:8].split("\r")[0]
    if len(given) < 5 or len(set(given)) < 5 or any(c.isalnum() or c.isspace() for c in given):
        raise BadMessage("MSH-1 and MSH-2 must be five different delimiters", "102", "MSH^1^2")
    return Delimiters(*given)


def _decoded(raw: bytes) -> tuple[str, str]:
    """The text, and the codec that it has."""
    separator = raw[3:4]
    fields = re.split(rb"[\r\n]", raw, maxsplit=1)[0].split(separator)
    name = fields[17].split(raw[5:6])[0].decode("ascii", "replace") if len(fields) > 17 else ""
    codec = CHARSETS.get(name.strip().upper())
    if codec is None:
        raise BadMessage("MSH-18 names an unknown character set", "103", "MSH^1^18")
    try:
        return codecs.decode(raw, codec), codec
    except UnicodeDecodeError as error:
        if codec == "cp1252":
            return raw.decode("latin-1"), codec
        if not name:  # nothing declared and not UTF-8: what such senders mean is Windows Latin
            return raw.decode("cp1252", "replace"), "cp1252"
        text = f"byte {error.start} is not {name}"
        raise BadMessage(text, "102", "MSH^1^18") from None


def _of_bytes(escaped: bytes, codec: str) -> str:
    try:
        return escaped.decode(codec)
    except UnicodeDecodeError:
        return escaped.decode("latin-1")


def unescape(value: str, delimiters: Delimiters) -> str:
    r"""Decodes \F\ \S\ \T\ \R\ \E\, \Xhh\ and the line formatting of FT (2.7)."""
    escape = delimiters.escape
    if escape not in value:
        return value
    plain = {
        "F": delimiters.field,
        "S": delimiters.component,
        "T": delimiters.subcomponent,
        "R": delimiters.repetition,
        "E": escape,
        ".br": "\n",
        ".sp": "\n",
        ".ce": "\n",
        "H": "",
        "N": "",
    }

    def decoded(match: re.Match[str]) -> str:
        name: str = match[1]
        if name in plain:
            return plain[name]
        if name[:1] == "X" and re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", name[1:]):
            return _of_bytes(bytes.fromhex(name[1:]), delimiters.codec)
        if lines := re.fullmatch(r"\.sp\+?([0-9]{1,2})", name):  # of more no page has room
            return "\n" * int(lines[1])
        if re.fullmatch(r"\.(?:in|ti|sk|fi|nf)[+-]?\d*", name):
            return " "
        return match[0]  # unknown: kept, so that nothing is lost

    mark = re.escape(escape)
    return re.sub(f"{mark}([^{mark}]{{1,64}}?){mark}", decoded, value)
