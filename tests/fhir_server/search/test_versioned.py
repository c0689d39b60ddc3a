"""_include of a reference with a version gives that version (R4 search 3.1.1.5.4)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fhir_server.serving import served, talk


def patient(name: str) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": "p", "name": [{"family": name}]}


def observation(id: str, subject: str) -> dict[str, Any]:
    what = {"resourceType": "Observation", "id": id, "status": "final", "code": {"text": "x"}}
    return {**what, "subject": {"reference": subject}}


@pytest.mark.parametrize(
    ("subjects", "query", "names"),
    [
        (["Patient/p/_history/1"], "_include=Observation:subject", ["one"]),
        (["http://test/fhir/Patient/p/_history/2"], "_include=Observation:subject", ["two"]),
        (["Patient/p/_history/1", "Patient/p/_history/2"], "_include=*", ["one", "two"]),
        (["Patient/p/_history/1", "Patient/p"], "_include=*", ["three", "one"]),
        (["Patient/p"], "_include=*", ["three"]),
        (["Patient/p/_history/3"], "_include=*", ["three"]),
        (["Patient/p/_history/7", "Patient/p/_history/x"], "_include=*", []),
        (["Patient/p/_history/1"], "_revinclude=Provenance:target&_include=*", ["three", "one"]),
    ],
)
def test_the_version_that_is_referred_to(
    tmp_path: Path, subjects: list[str], query: str, names: list[str]
) -> None:
    async def told(http: httpx.AsyncClient) -> list[str]:
        for name in ("one", "two", "three"):
            await http.put("Patient/p", json=patient(name))
        for n, subject in enumerate(subjects):
            sent = await http.put(f"Observation/o{n}", json=observation(f"o{n}", subject))
            assert sent.status_code == 201
        bundle = (await http.get(f"Observation?{query}")).json()
        along = [e["resource"] for e in bundle["entry"] if e["search"]["mode"] == "include"]
        return [each["name"][0]["family"] for each in along]

    with served(tmp_path) as app:
        assert talk(app, told) == names
