"""The values of R4's primitive types, as JSON carries them (R4, section 2.24 Data Types)."""

from __future__ import annotations

import binascii
import re
from calendar import monthrange
from collections.abc import Callable

from capability.definitions import PRIMITIVES

MAX_STRING = 1 << 20  # characters; R4 caps a string at 1 MB
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
WHITESPACE = re.compile(r"\s+")
LIMIT = 1 << 31


def _pattern(kind: str) -> Callable[[str], bool]:
    match = re.compile(PRIMITIVES[kind], re.ASCII).fullmatch
    return lambda text: match(text) is not None


CODE = re.compile(r"\S+( \S+)*", re.ASCII).fullmatch  # R4's own regex lets tabs pass, its text not


def _text(value: str) -> bool:
    return not value.isspace() and len(value) <= MAX_STRING and CONTROL.search(value) is None


def _uri(value: str) -> bool:
    return WHITESPACE.search(value) is None and CONTROL.search(value) is None


def _code(value: str) -> bool:
    return CODE(value) is not None and CONTROL.search(value) is None


def _calendar(kind: str) -> Callable[[str], bool]:
    """The type's own regex, and a day that the calendar has."""
    fits = _pattern(kind)

    def holds(text: str) -> bool:
        if not fits(text):
            return False
        return len(text) < 10 or int(text[8:10]) <= monthrange(int(text[:4]), int(text[5:7]))[1]

    return holds


def _base64(value: str) -> bool:
    bare = WHITESPACE.sub("", value)
    try:  # the strict mode lets padding pass after whole groups of four
        return len(bare) % 4 == 0 and bool(binascii.a2b_base64(bare, strict_mode=True))
    except ValueError:
        return False


# type: (test of a non-empty string, what is expected)
STRINGS: dict[str, tuple[Callable[[str], bool], str]] = {
    "base64Binary": (_base64, "base64 (A-Z a-z 0-9 + / and = padding)"),
    "canonical": (_uri, "a canonical URL without white space"),
    "code": (_code, "a code (no white space at the ends, single spaces within)"),
    "date": (_calendar("date"), "a date of the calendar: YYYY, YYYY-MM or YYYY-MM-DD"),
    "dateTime": (
        _calendar("dateTime"),
        "a date of the calendar: YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with Z or +hh:mm",
    ),
    "id": (_pattern("id"), "an id (1 to 64 of A-Z a-z 0-9 - .)"),
    "instant": (_calendar("instant"), "an instant: YYYY-MM-DDThh:mm:ss.sss with Z or +hh:mm"),
    "markdown": (_text, "text (not only white space, no control characters, at most 1 MB)"),
    "oid": (_pattern("oid"), "an OID: urn:oid:1.2.3"),
    "string": (_text, "text (not only white space, no control characters, at most 1 MB)"),
    "time": (_pattern("time"), "a time: hh:mm:ss"),
    "uri": (_uri, "a URI without white space"),
    "url": (_uri, "a URL without white space"),
    "uuid": (_pattern("uuid"), "a UUID: urn:uuid: and lower-case hexadecimal digits"),
    "xhtml": (bool, "XHTML"),
}
# type: smallest value
INTEGERS = {"integer": -LIMIT, "unsignedInt": 0, "positiveInt": 1}


def fault(kind: str, value: object) -> tuple[str, str] | None:
    """What is wrong with a value of primitive type `kind`: (FHIR issue-type, what is expected).

    None where nothing is; "structure" where the JSON type is wrong, "value" where the content is.
    """
    if row := STRINGS.get(kind):
        if not isinstance(value, str):
            return "structure", "a string"
        return None if value and row[0](value) else ("value", row[1])
    if kind == "boolean":
        return None if isinstance(value, bool) else ("structure", "true or false, unquoted")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "structure", "a number, unquoted"
    if kind == "decimal":
        return None
    if not isinstance(value, int):
        return "value", "a whole number"
    return (
        None if INTEGERS[kind] <= value < LIMIT else ("value", f"{INTEGERS[kind]} to {LIMIT - 1}")
    )
