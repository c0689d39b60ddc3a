"""The terminology ecosystem's cases, against this server in process or any other by its URL."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import yaml

from fhir_server.app import create_app, wired
from fhir_server.settings import Settings
from tests.conformance.runner import Case, cases, failure
from tests.reference import HOME

FOLDER = HOME / "data/tx"
SERVER = os.environ.get("MEDPARSER_TX_SERVER", "")
CASES = list(cases(FOLDER)) if FOLDER.exists() else []
EXCLUDED = {
    each["case"]: f"{each['type']}: {each['reason']}"
    for each in yaml.safe_load((Path(__file__).parent / "exclusions.yaml").read_text())
}


@pytest.fixture(scope="module")
def failures(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Mapping[str, str | None]:
    """What each case fails by, all asked once."""
    if SERVER:
        return asyncio.run(_run(httpx.AsyncClient(base_url=f"{SERVER.rstrip('/')}/", timeout=60)))
    data: Path = request.getfixturevalue("data")
    folder = tmp_path_factory.mktemp("tx")
    settings = Settings(data=data, database=f"sqlite:///{folder / 'store.sqlite'}")
    with wired(replace(settings, base_url="http://test/fhir")) as (context, _):
        transport = httpx.ASGITransport(create_app(context))  # type: ignore[arg-type]
        return asyncio.run(
            _run(httpx.AsyncClient(transport=transport, base_url="http://test/fhir/"))
        )


async def _run(client: httpx.AsyncClient) -> dict[str, str | None]:
    async with client:
        return {case.id: await failure(client, case) for case in CASES}


@pytest.mark.skipif(not CASES, reason="no reference data at data/tx (set MEDPARSER_REFERENCE)")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case: Case, failures: Mapping[str, str | None]) -> None:
    told = failures[case.id]
    if case.id in EXCLUDED:
        assert told is not None, f"passes, so take it off the exclusions: {EXCLUDED[case.id]}"
        pytest.xfail(EXCLUDED[case.id])
    assert told is None, told


def test_every_exclusion_names_a_case() -> None:
    assert not CASES or set(EXCLUDED) <= {case.id for case in CASES}
