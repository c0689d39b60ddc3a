"""MIME types (BCP 13): type/subtype of RFC 6838, with parameters of RFC 2045."""

from __future__ import annotations

import re

SYSTEM = "urn:ietf:bcp:13"
TOP = (
    *("application", "audio", "example", "font", "haptics", "image", "message", "model"),
    *("multipart", "text", "video"),
)
_NAME = r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}"
_WORD = r"[A-Za-z0-9!#$%&'*+.^_`{|}~-]+"
_PARAMETER = rf"[ \t]*;[ \t]*{_WORD}=(?:{_WORD}|\"(?:[^\"\\\r\n]|\\[ -~])*\")"
PATTERN = rf"(?i:{'|'.join(TOP)}|x-{_WORD})/{_NAME}(?:{_PARAMETER})*"
_TYPE = re.compile(PATTERN, re.ASCII)
LONGEST = 1_000  # characters


def is_type(code: str) -> bool:
    """Whether a text is a MIME type of a registered top-level type or an x- one."""
    return len(code) <= LONGEST and _TYPE.fullmatch(code) is not None
