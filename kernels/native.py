"""Finds and loads the compiled kernels; the one door between Python and Mojo.

A library is used only where it was built from the source beside it and for features that this CPU
has: code for another CPU would end the process with SIGILL. Everything else falls back to Python.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import logging
import os
import platform
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:  # the build hook imports this file where there is no numpy
    import numpy as np
    from numpy.typing import NDArray

KERNELS = ("text", "gazetteer", "fuzzy", "embed", "scan", "cosine", "codes", "tagger", "schema")

HERE = Path(__file__).parent
ARGUMENTS = {
    "b": ctypes.c_char_p,  # bytes
    "a": ctypes.c_void_p,  # the address of an array
    "n": ctypes.c_int64,
    "f": ctypes.c_double,
}
FOLDER = HERE / "_lib"
CPUINFO = Path("/proc/cpuinfo")

log = logging.getLogger(__name__)
_fallen_back: set[str] = set()


class KernelUnavailable(RuntimeError):
    """A compiled kernel was required (MEDPARSER_REQUIRE_MOJO=1) and can't be used; says why."""


def required() -> bool:
    """Whether falling back to Python is an error: MEDPARSER_REQUIRE_MOJO=1."""
    return os.environ.get("MEDPARSER_REQUIRE_MOJO") == "1"


def digest(name: str) -> str:
    """The SHA-256 of a kernel's Mojo source, and of the `name_*.mojo` that it imports.

    Empty where an installation ships no sources.
    """
    source = HERE / f"{name}.mojo"
    if not source.exists():
        return ""
    parts = [source, *sorted(HERE.glob(f"{name}_*.mojo"))]
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def cpu_features() -> frozenset[str]:
    """The features the kernel reports for this CPU (x86 `flags`, ARM `Features`)."""
    if not CPUINFO.exists():
        return frozenset()
    for line in CPUINFO.read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() in ("flags", "Features"):
            return frozenset(value.split())
    return frozenset()


def this_cpu() -> str:
    """What a build for this CPU records of it: a digest of its features."""
    features = " ".join(sorted(cpu_features()))
    return f"this one, {hashlib.sha256(features.encode()).hexdigest()[:16]}"


def obstacle(name: str) -> str:
    """Why the compiled kernel can't be used here; empty where it can."""
    if os.environ.get("MEDPARSER_KERNELS") == "python":
        return "MEDPARSER_KERNELS=python"
    record = FOLDER / f"{name}.json"
    if not record.exists() or not (FOLDER / f"{name}.so").exists():
        return "not built, run python -m kernels.build"
    built = json.loads(record.read_text())
    if digest(name) not in ("", built["source"]):
        return "its source has changed, run python -m kernels.build"
    if built["machine"] != platform.machine():
        return f"built for {built['machine']}, this is {platform.machine()}"
    here = cpu_features()
    missing = sorted(set(built["features"]) - here)
    # the very CPU that built has what it compiled for, also what the kernel doesn't report
    if missing and not (here and built.get("cpu") == this_cpu()):
        return f"this CPU lacks {', '.join(missing)}, run python -m kernels.build"
    return ""


@cache
def library(name: str) -> ctypes.CDLL | None:
    """The compiled kernel, loaded once, or None where its Python reference has to serve.

    Calls through it release the GIL. Raises KernelUnavailable instead of giving None where
    MEDPARSER_REQUIRE_MOJO=1, and ValueError for a name that is not in KERNELS.
    """
    if name not in KERNELS:
        raise ValueError(f"no kernel {name!r}, there are {', '.join(KERNELS)}")
    reason = obstacle(name)
    if not reason:
        try:
            return ctypes.CDLL(str(FOLDER / f"{name}.so"))
        except OSError as error:
            reason = str(error)
    if os.environ.get("MEDPARSER_KERNELS") == "python":
        return None
    if required():
        raise KernelUnavailable(f"kernel {name!r}: {reason}")
    _warn_once(name, reason)
    return None


@cache
def function(kernel: str, name: str, signature: str) -> Callable[..., int] | None:
    """A function of a compiled kernel, which gives an int64; None as library() gives None.

    `signature` has one letter of ARGUMENTS for each parameter.
    """
    loaded = library(kernel)
    if loaded is None:
        return None
    found = getattr(loaded, name)
    found.argtypes = [ARGUMENTS[letter] for letter in signature]
    found.restype = ctypes.c_int64
    return found  # type: ignore[no-any-return]


@cache
def builtin(path: str) -> Callable[..., Any] | None:
    """A function in CPython's own calling convention (fastcall.py), named "kernel.function".

    None as library() gives None, and where this NumPy's arrays aren't what such kernels read.
    """
    kernel, _, name = path.partition(".")
    loaded = library(kernel)
    if loaded is None:
        return None
    from kernels import fastcall  # needs NumPy, which the build hook lacks

    return fastcall.make(loaded, name) if fastcall.laid_out() else None


def address(array: NDArray[Any]) -> int:
    """Where the data of a writable, contiguous, non-empty array lie; cheaper than `.ctypes`."""
    return ctypes.addressof(ctypes.c_char.from_buffer(array))  # type: ignore[arg-type]


def aligned(count: int, kind: type[np.generic], fill: int = 0) -> NDArray[Any]:
    """An array [count] of one value that begins at a cache line, so that no vector crosses two."""
    import numpy as np

    size = np.dtype(kind).itemsize
    memory = np.full(count + 64 // size, fill, kind)
    start = -memory.ctypes.data % 64 // size
    return memory[start : start + count]


def forget() -> None:
    """Forgets what was loaded, so that a changed environment or a new build is seen."""
    library.cache_clear()
    function.cache_clear()
    builtin.cache_clear()
    _fallen_back.clear()


def backend(name: str) -> Literal["mojo", "python"]:
    """Which form of a kernel serves calls in this process."""
    return "python" if library(name) is None else "mojo"


def _warn_once(name: str, reason: str) -> None:
    if not _fallen_back:
        log.warning("Mojo kernel %r is not in use (%s): slower Python forms serve", name, reason)
    _fallen_back.add(name)
