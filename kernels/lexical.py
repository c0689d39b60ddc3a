"""What a text certainly is: XHTML of known names, base64, plain text. A no may be wrong.

Only the compiled forms are here: who asks has a slower way to know, and takes that for a no.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from kernels import fastcall
from kernels.native import library

Test = Callable[[str], bool]
STEP = 64  # names of a kind, and bytes of the root's start tag, that the kernel has room for
LONGEST = 15  # bytes of a name


def xhtml(
    root: str, elements: Sequence[str], style: str, links: Sequence[str], attributes: Sequence[str]
) -> Test | None:
    """A test of markup; None where no compiled kernel serves.

    A yes says: it begins with `root` (a start tag without its ">"), is well-formed, has some
    content and no names but these (of lower-case letters, digits and ":"); no `style` holds more
    than names and numbers, and of `links` (five) those with a scheme are of http, https, mailto or
    tel. Raises ValueError for more names, or longer ones, than the kernel takes.
    """
    words = np.zeros(9 + 4 * STEP, np.uint64)
    words[:8] = np.frombuffer(root.encode().ljust(STEP, b"\0"), np.uint64)
    words[8] = len(root)
    if len(root) >= STEP or len(links) != 5:
        raise ValueError("expected a start tag of up to 63 bytes and five links")
    words[9 : 9 + 2 * STEP] = _names(elements)
    words[9 + 2 * STEP :] = _names([style, *links, *attributes])
    return _made("xhtml", words)


def base64() -> Test | None:
    """A test of base64 with its padding, white space anywhere; None where no kernel serves."""
    return _made("base64")


def text() -> Test | None:
    """A test of text with a visible ASCII character and without control characters, or None."""
    return _made("text")


def _made(name: str, known: NDArray[np.uint64] | None = None) -> Test | None:
    loaded = library("lexical")
    if loaded is None or not fastcall.laid_out():
        return None
    return fastcall.make(loaded, name, known)


def _names(names: Sequence[str]) -> NDArray[np.uint64]:
    """[2 * STEP]: the first eight bytes of each name, then the next eight of each."""
    if len(names) > STEP or max(map(len, names)) > LONGEST:
        raise ValueError(f"expected up to {STEP} names of up to {LONGEST} bytes")
    raw = b"".join(name.encode().ljust(16, b"\0") for name in names).ljust(16 * STEP, b"\0")
    return np.frombuffer(raw, np.uint64).reshape(STEP, 2).T.ravel()
