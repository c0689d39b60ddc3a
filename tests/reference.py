"""Reference data beside the checkout, for development; tests that need it skip where it is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

HOME = Path(os.environ.get("MEDPARSER_REFERENCE", Path(__file__).parents[2] / "shared"))


def reference(path: str) -> Path:
    """The file or folder under the reference folder; skips the test where it is absent."""
    found = HOME / path
    if not found.exists():
        pytest.skip(f"no reference data at {path} (set MEDPARSER_REFERENCE)")
    return found
