"""One pipeline over the test index for all of these."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.pipeline import Pipeline
from terminology.service import Terminology


@pytest.fixture(scope="package")
def pipeline(data: Path) -> Pipeline:
    return Pipeline(Terminology.open(data))
