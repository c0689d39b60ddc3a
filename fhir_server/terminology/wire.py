"""What is told of a code of the index, as the bytes of a reply, put together from parts of it."""

from __future__ import annotations

from functools import lru_cache
from struct import Struct
from typing import Any

import numpy as np
import orjson

from fhir_server.terminology.expansion import coding
from terminology.display import PREFERRED
from terminology.index import Array, Index, Row
from terminology.indexed import designations_of
from terminology.indexedsystem import IndexedSystem

ODD = frozenset({"parent", "child", "inactive", "status"})  # properties of which more is made
KEPT = 1 << 15  # lists of properties
EMPTY = 2  # bytes of an empty list in JSON
_ROW = Struct("<6i")  # what _rows gives of one code
_DISPLAY = b'{"name":"display","valueString":'
_CODE = b'{"name":"code","valueCode":'
_DESCRIPTION = b'},{"name":"description","valueString":'


class Wire:
    """One loaded system. Gives None for codes that it hasn't, and those that need a closer look.

    Each code of many is asked for once: what is slow is less the work than the memory that it
    goes through. So what lies apart in the index is brought together by code.
    """

    def __init__(self, system: IndexedSystem) -> None:
        index, row = system.index, system.row
        self.system, self._index = system, index
        self._number, self._first = system.number, row.first
        self._codes, self._displays = system.codes(), index.displays
        self._rows, self._below = _rows(index, row), index.children.numbers
        self._billed = "billable" in system.properties
        self._odd = any(code in ODD for code, _ in index.declared(row))
        self._above: list[bytes | None] = [None] * len(self._codes)
        self._forget()
        start = b'{"resourceType":"Parameters","parameter":['
        name, url = orjson.dumps(system.name or system.title or system.url), orjson.dumps(row.url)
        version = b""
        if system.version:
            version = b'{"name":"version","valueString":%b},' % orjson.dumps(system.version)
        self._begin = b'%b{"name":"name","valueString":%b},%b%b' % (start, name, version, _DISPLAY)
        self._of = b'},{"name":"system","valueUri":%b},%b' % (url, _CODE)
        preferred = _designation("en", coding(PREFERRED), "")
        self._own = b"}" + preferred.removesuffix(b'""}]}')
        self._valid = b'%b{"name":"result","valueBoolean":true},%b' % (start, _DISPLAY)
        ending = b'},{"name":"system","valueUri":%b},%b' % (url, version)
        self._ending = ending.removesuffix(b",") + b"]}"

    def lookup(self, code: str) -> bytes | None:
        """The reply of $lookup where every property is wanted."""
        number = self._number(code)
        if number < 0:
            return None
        named, place, parent, start, end, billable = self._row(number)
        properties = self._listed[place] or self._list(place)
        display = self._displays[number]
        if not properties or not display:
            return None
        shown = orjson.dumps(display)
        told = [self._begin, shown, self._of, orjson.dumps(code), self._own, shown, b"}]}"]
        if named:
            for each in designations_of(self._index, number):
                if not each.use:
                    return None  # it may be the display
                told.append(_designation(each.language, {"display": each.use}, each.value))
        if parent >= 0:
            told.append(self._above[parent] or self._parent(parent))
        if start != end:
            told += map(self._child, self._below[start:end])
        told.append(properties)
        if self._billed:
            told.append(_BILLABLE[billable])
        told.append(b"]}")
        return b"".join(told)

    def valid(self, code: str, display: str = "") -> bytes | None:
        """The reply of $validate-code where all is well; None too where the display is another."""
        number = self._number(code)
        if number < 0:
            return None
        if self._odd:
            _, place, *_ = self._row(number)
            if not (self._listed[place] or self._list(place)):
                return None
        own = self._displays[number]
        if not own or (display and display.casefold() != own.casefold()):
            return None
        written = orjson.dumps(own), b"},", _CODE, orjson.dumps(code)
        return b"".join((self._valid, *written, self._ending))

    def _row(self, number: int) -> tuple[int, ...]:
        return _ROW.unpack_from(self._rows, (number - self._first) * _ROW.size)

    def _forget(self) -> None:
        self._listed: list[bytes | None] = [None] * len(self._index.property_lists)
        self._left = KEPT

    def _list(self, place: int) -> bytes:
        """Whether the code is in use, and a list of properties; empty where one is odd."""
        told = orjson.loads(self._index.property_lists.raw(place))
        made = b""
        if not any(each["code"] in ODD for each in told):
            written = [_property(p["code"], p["kind"], p["value"]) for p in told]
            made = _ACTIVE + b"".join(written)
        if not self._left:
            self._forget()
        self._listed[place] = made
        self._left -= 1
        return made

    def _parent(self, number: int) -> bytes:
        display = self._displays[number + self._first]
        made = self._above[number] = _property("parent", "code", self._codes[number], display)
        return made

    def _child(self, number: int) -> bytes:
        code, display = self._codes[number - self._first], self._displays[number]
        return _property("child", "code", code, display)


def _rows(index: Index, row: Row) -> bytes:
    """Of each code: whether it has designations, list of properties, parent, children, billable."""
    own = slice(row.first, row.last)
    ends: Array = index.arrays["concept.children.offsets"]
    parents = index.arrays["concept.parent"][own].astype(np.int64)
    columns = (
        np.diff(index.arrays["concept.designations.offsets"].astype(np.int64))[own] > EMPTY,
        index.arrays["concept.properties"][own],
        np.where(parents < 0, parents, parents - row.first),
        *(ends[own], ends[row.first + 1 : row.last + 1]),
        index.arrays["concept.billable"][own],
    )
    return np.column_stack(columns).astype("<i4").tobytes()


def _property(code: str, kind: str, value: str | bool | int, description: str = "") -> bytes:
    """One parameter, with the comma before it."""
    start = _start(code, kind)
    if not description:
        return b"%b%b}]}" % (start, orjson.dumps(value))
    return b"%b%b%b%b}]}" % (start, orjson.dumps(value), _DESCRIPTION, orjson.dumps(description))


@lru_cache(256)  # properties of which a system knows a few
def _start(code: str, kind: str) -> bytes:
    told = orjson.dumps(code), kind.capitalize().encode()
    return (
        b',{"name":"property","part":[{"name":"code","valueCode":%b},{"name":"value","value%b":'
        % (told)
    )


def _designation(language: str, use: dict[str, Any], value: str) -> bytes:
    """One parameter, with the comma before it; the value comes last."""
    parts: list[dict[str, Any]] = [{"name": "language", "valueCode": language}] if language else []
    parts += [{"name": "use", "valueCoding": use}, {"name": "value", "valueString": value}]
    return b"," + orjson.dumps({"name": "designation", "part": parts})


_ACTIVE = _property("inactive", "boolean", False)
_BILLABLE = tuple(_property("billable", "boolean", each) for each in (False, True))
