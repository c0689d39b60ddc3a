"""A server of their own for the tests of operations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fhir_server.app import create_app, wired
from fhir_server.settings import Settings
from tests.fhir_server.serving import BASE, Served


@pytest.fixture
def served(tmp_path: Path, data: Path) -> Iterator[Served]:
    database = f"sqlite:///{tmp_path / 'store.sqlite'}"
    settings = Settings(port=0, mllp_port=0, data=data, database=database)
    with wired(replace(settings, base_url=BASE)) as (context, store):
        yield create_app(context), store
