"""Fixtures that every room shares."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

# The same cases on every machine, however slow: set HYPOTHESIS_PROFILE=default to look for others.
hypothesis.settings.register_profile("steady", deadline=None, derandomize=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def data() -> Path:
    """A data folder with a current terminology index: built at most once, kept between runs."""
    from terminology.building.build import build

    folder = Path(os.environ.get("MEDPARSER_DATA", ROOT / ".data"))
    build(folder)
    return folder
