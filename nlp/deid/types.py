"""What de-identification gives: spans by category, and the new text with a map of offsets."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter

CAUTION = (
    "De-identification by rules lowers the risk that a person is recognised and does not remove "
    "it: identifiers may remain. Have a person review the text before it is released."
)


class Mode(StrEnum):
    """What takes an identifier's place: its category, something like it, or nothing."""

    MASK = "mask"
    SURROGATE = "surrogate"
    REMOVE = "remove"


class Category(StrEnum):
    """The identifiers of 45 CFR 164.514(b)(2)(i) (A)-(R) that text can hold; images have none."""

    NAME = "NAME"  # A
    LOCATION = "LOCATION"  # B, and the facilities that tell it
    DATE = "DATE"  # C
    AGE = "AGE"  # C, over 89
    PHONE = "PHONE"  # D
    FAX = "FAX"  # E
    EMAIL = "EMAIL"  # F
    SSN = "SSN"  # G
    MRN = "MRN"  # H
    HEALTH_PLAN = "HEALTH_PLAN"  # I
    ACCOUNT = "ACCOUNT"  # J
    LICENSE = "LICENSE"  # K
    VEHICLE = "VEHICLE"  # L
    DEVICE = "DEVICE"  # M
    URL = "URL"  # N
    IP = "IP"  # O
    BIOMETRIC = "BIOMETRIC"  # P
    ID = "ID"  # R


@dataclass(frozen=True, slots=True)
class Phi:
    """A half-open range of code points that tells who someone is."""

    start: int
    end: int
    category: Category


@dataclass(frozen=True, slots=True)
class Replaced:
    """An identifier of the old text, and the range of its replacement in the new one."""

    category: Category
    start: int
    end: int
    new_start: int
    new_end: int
    replacement: str


_START = attrgetter("start")
_NEW_START = attrgetter("new_start")


@dataclass(frozen=True, slots=True)
class Deidentified:
    """The new text; `spans` are in order and are the whole map between the two texts."""

    text: str
    mode: Mode
    spans: tuple[Replaced, ...]

    def to_new(self, offset: int) -> int:
        """Where an offset of the old text lies; inside an identifier, its replacement's start."""
        before = bisect_right(self.spans, offset, key=_START) - 1
        if before < 0:
            return offset
        span = self.spans[before]
        return span.new_start if offset < span.end else span.new_end + offset - span.end

    def to_old(self, offset: int) -> int:
        """Where an offset of the new text lay; inside a replacement, the identifier's start."""
        before = bisect_right(self.spans, offset, key=_NEW_START) - 1
        if before < 0:
            return offset
        span = self.spans[before]
        return span.start if offset < span.new_end else span.end + offset - span.new_end
