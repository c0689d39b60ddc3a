"""The files of a release on disk, and the marks in them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from terminology.hierarchy import Array

MANIFEST = "manifest.json"
FORMAT = 2  # of the files; another number can't be read
TERMS, PROPERTIES = "term.bin", "property.bin"
INACTIVE, ABSTRACT, BILLABLE = 1, 2, 4  # flags of a concept
DISPLAY = "display"
NAME = "\0name"  # use of a phrase that text is matched by, though it is no designation
DRUG = "\0drug"  # property that keeps what a clinical drug is made of


def read_arrays(folder: Path, kinds: Mapping[str, str]) -> dict[str, Array]:
    """Every array of a release as a read-only memory map."""
    return {name: read_array(folder / f"{name}.bin", kind) for name, kind in kinds.items()}


def check_sizes(folder: Path, sizes: Mapping[str, int]) -> None:
    """Raises ValueError where a file is not as long as it was written, OSError where it is gone.

    Releases that were loaded before sizes were told have none to compare.
    """
    for name, size in sizes.items():
        found = (folder / name).stat().st_size
        if found != size:
            raise ValueError(f"{name} has {found:,} bytes of {size:,}")


def read_array(path: Path, kind: str) -> Array:
    """One array as a read-only memory map; an empty file can't be mapped."""
    if not path.stat().st_size:
        return np.zeros(0, kind)
    return np.memmap(path, kind, "r")
