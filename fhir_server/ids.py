"""Ids of new resources: UUIDs in the order of their making (RFC 9562, version 7)."""

from __future__ import annotations

import secrets
import struct
import threading
import time

MILLISECOND = 1_000_000  # nanoseconds
DRAWN = 1024  # random parts that are made at a time


class _Ids:
    """New ids fall beside each other in an index, so a transaction touches few of its pages.

    The 12 bits after the milliseconds go on with fractions of one (section 6.2, method 3).
    """

    def __init__(self) -> None:
        self._lock, self._last = threading.Lock(), 0
        self._drawn: list[str] = []
        self._millisecond, self._digits = 0, ""  # of the last one

    def __call__(self) -> str:
        with self._lock:
            if not self._drawn:  # many at once: the system's call would wake other threads
                drawn = struct.iter_unpack("Q", secrets.token_bytes(8 * DRAWN))
                hexadecimal = (f"{n >> 2 | 1 << 63:x}" for (n,) in drawn)
                self._drawn = [f"{digits[:4]}-{digits[4:]}" for digits in hexadecimal]
            self._last = at = max((time.time_ns() << 12) // MILLISECOND, self._last + 1)
            if at >> 12 != self._millisecond:
                self._millisecond = at >> 12
                self._digits = f"{at >> 28:08x}-{at >> 12 & 0xFFFF:04x}-7"
            return f"{self._digits}{at & 0xFFF:03x}-{self._drawn.pop()}"


new_id = _Ids()
