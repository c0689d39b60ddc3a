"""What tests search in: the RESOURCES of their file; whole patient records, where those are at hand."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import pytest

from tests.fhir_server.search.loaded import Loaded, Resource
from tests.reference import reference


@pytest.fixture(scope="session")
def resources() -> list[Resource]:
    """The resources of the transaction bundles, references resolved as the server does."""
    found: list[Resource] = []
    for path in sorted(reference("data/fhir/synthea").glob("*.json")):
        text = path.read_text()
        for entry in orjson.loads(text)["entry"]:
            resource = entry["resource"]
            name = f'"{resource["resourceType"]}/{resource["id"]}"'
            text = text.replace(f'"{entry["fullUrl"]}"', name)
        found += [entry["resource"] for entry in orjson.loads(text)["entry"]]
    return found


@pytest.fixture(scope="session")
def records(resources: list[Resource]) -> Iterator[Loaded]:
    loaded = Loaded(resources)
    yield loaded
    loaded.connection.close()


@pytest.fixture(scope="module")
def some(request: pytest.FixtureRequest) -> Iterator[Loaded]:
    loaded = Loaded(request.module.RESOURCES)
    yield loaded
    loaded.connection.close()


@pytest.fixture(scope="module")
def empty() -> Iterator[Loaded]:
    loaded = Loaded()
    yield loaded
    loaded.connection.close()
