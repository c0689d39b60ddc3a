"""The program that reads a PDF's pages: the file on standard input, JSON on standard output.

It imports nothing of ours, so that it starts fast and can run apart. It gives {"pages": [text …]},
or {"fault": name} with a name of `formats.pdf.FAULTS`.
"""

from __future__ import annotations

import io
import json
import struct
import sys
import zlib
from typing import Any

MEMORY = 1 << 30  # bytes of address space
CPU = 30  # seconds
STREAM = 75  # million bytes that pypdf unpacks of one stream
# What pypdf's parts raise of damaged files, beside its own errors.
DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


def bound() -> None:
    """Holds this process to its bounds, where the system has such."""
    try:
        import resource
    except ImportError:  # Windows: the caller's clock is the only bound
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU + 1))


def read(data: bytes, most_pages: int, most_text: int) -> dict[str, Any]:
    """The pages' text, or the fault."""
    from pypdf import PdfReader
    from pypdf.errors import (
        DependencyError,
        FileNotDecryptedError,
        LimitReachedError,
        PyPdfError,
    )

    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return {"fault": "encrypted"}
        if len(reader.pages) > most_pages:
            return {"fault": "pages"}
        texts: list[str] = []
        for page in reader.pages:
            # Half of a surrogate pair is no character.
            text = page.extract_text().encode("utf-16", "surrogatepass")
            texts.append(text.decode("utf-16", "replace"))
            most_text -= len(texts[-1])
            if most_text < 0:
                return {"fault": "long"}
    except (DependencyError, FileNotDecryptedError):
        return {"fault": "encrypted"}
    except (MemoryError, LimitReachedError):  # of all, or of what one stream unpacks to
        return {"fault": "memory"}
    except (PyPdfError, *DAMAGE):
        return {"fault": "damaged"}
    return {"pages": texts} if texts else {"fault": "damaged"}


def main() -> None:
    """Reads one file; arguments: the most pages and the most characters."""
    import logging

    logging.disable()
    bound()
    found = read(sys.stdin.buffer.read(), int(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
