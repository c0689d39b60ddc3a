"""A server that holds the animals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fhir_server.app import create_app, wired
from fhir_server.http.asgi import ASGI
from fhir_server.settings import Settings
from tests.fhir_server.serving import BASE, talk
from tests.fhir_server.terminology.animals import store


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Iterator[ASGI]:
    folder = tmp_path_factory.mktemp("terminology")
    settings = Settings(data=data, database=f"sqlite:///{folder / 'store.sqlite'}", base_url=BASE)
    with wired(replace(settings, base_url=BASE)) as (context, _):
        app = create_app(context)
        talk(app, store)
        yield app
