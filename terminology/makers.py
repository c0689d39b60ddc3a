"""What an index is made by: the code and the tables, as a digest."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
KERNELS = HERE.parent / "kernels"
MAKERS = (
    "coded",
    "dictionary",
    "entry",
    "facts",
    "hierarchy",
    "index",
    "makers",
    "types",
    "versions",
)  # with all of ROOMS
ROOMS = ("building", "coding", "loading", "systems")


@cache
def code_version() -> str:
    """A digest of the code and tables that make an index."""
    files = [HERE / f"{name}.py" for name in MAKERS]
    files += [path for room in ROOMS for path in HERE.glob(f"{room}/**/*.py")]
    files += [*HERE.glob("data/*.tsv"), *KERNELS.glob("*.py")]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
