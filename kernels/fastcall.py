"""Compiled functions in CPython's own calling convention, for jobs shorter than a call by ctypes.

They read NumPy arrays where its C API lays them out (PyArrayObject_fields). That is checked once
against an array whose fields are known; where it doesn't hold, the Python forms serve.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

_FASTCALL = 0x80  # METH_FASTCALL: self, an array of arguments, their number
_TYPE, _DATA, _DIMENSIONS, _SHAPE, _KIND, _FLAGS = 1, 2, 3, 4, 7, 8  # in words of 8 bytes
_CONTIGUOUS = 0x101  # NPY_ARRAY_C_CONTIGUOUS, NPY_ARRAY_ALIGNED


class _Method(ctypes.Structure):
    """PyMethodDef of CPython's stable ABI."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("function", ctypes.c_void_p),
        ("flags", ctypes.c_int),
        ("doc", ctypes.c_char_p),
    )


def make(
    library: ctypes.CDLL, name: str, known: NDArray[np.uint64] | None = None
) -> Callable[..., Any]:
    """A function of a compiled kernel as Python sees its own.

    The kernel gets `known` as `self`, by default an array that names the types it takes: ndarray,
    float32, int64.
    """
    if known is None:
        known = np.array([id(np.ndarray), id(np.dtype("f4")), id(np.dtype("i8"))], np.uint64)
    new = ctypes.pythonapi.PyCFunction_NewEx
    new.restype = ctypes.py_object
    new.argtypes = [ctypes.c_void_p, ctypes.py_object, ctypes.c_void_p]
    made: Callable[..., Any] = new(ctypes.addressof(_method(library, name)), known, None)
    return made


@cache
def _method(library: ctypes.CDLL, name: str) -> _Method:
    """Kept, as CPython keeps its address."""
    code = ctypes.cast(getattr(library, name), ctypes.c_void_p).value
    return _Method(name.encode(), code, _FASTCALL, None)


@cache
def laid_out() -> bool:
    """Whether this is CPython with a NumPy whose arrays are laid out as the kernels read them."""
    if sys.implementation.name != "cpython":
        return False
    array = np.zeros((2, 3), np.float32)
    if np.ndarray.__basicsize__ < 8 * (_FLAGS + 1):
        return False
    words = (ctypes.c_int64 * (_FLAGS + 1)).from_address(id(array))
    facts = (
        (words[_TYPE], id(np.ndarray)),
        (words[_DATA], array.ctypes.data),
        (words[_DIMENSIONS] & 0xFFFFFFFF, 2),
        (words[_KIND], id(np.dtype("f4"))),
        (words[_FLAGS] & _CONTIGUOUS, _CONTIGUOUS),
    )
    if any(found != expected for found, expected in facts):
        return False
    return tuple((ctypes.c_int64 * 2).from_address(words[_SHAPE])) == (2, 3)
