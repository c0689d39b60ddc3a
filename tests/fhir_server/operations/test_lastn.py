"""Observation/$lastn: the latest of each kind."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.fhir_server.serving import Served, talk

Json = dict[str, Any]


def measured(id: str, date: str, *codes: str, who: str = "p", text: str = "") -> Json:
    coded = {"coding": [{"system": "urn:c", "code": code} for code in codes]} if codes else {}
    return {
        "resourceType": "Observation", "id": id, "status": "final", "effectiveDateTime": date,
        "code": coded | ({"text": text} if text else {}), "subject": {"reference": f"Patient/{who}"},
    }  # fmt: skip


MEASURED = [
    measured("w1", "2020-01-01", "weight"),
    measured("w2", "2021-01-01", "weight", "mass"),
    measured("w3", "2022-01-01", "mass"),
    measured("h1", "2019-01-01", "height"),
    measured("t1", "2018-01-01", text="mood"),
    measured("t2", "2018-02-01", text="mood"),
    measured("q1", "2023-01-01", "weight", who="q"),
]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("patient=p", ["w3", "h1", "t2"]),
        ("subject=Patient/p&max=2", ["w3", "w2", "h1", "t2", "t1"]),
        ("patient=p&code=weight", ["w2"]),
        ("patient=p&date=lt2021", ["w1", "h1", "t2"]),
        ("patient=p&date=ge2020&date=lt2022&max=9", ["w2", "w1"]),
        ("patient=p,q&code=weight,height", ["q1", "h1"]),
    ],
)
def test_the_latest_of_each_kind(served: Served, query: str, expected: list[str]) -> None:
    async def conversation(http: httpx.AsyncClient) -> Json:
        for resource in MEASURED:
            await http.put(f"Observation/{resource['id']}", json=resource)
        for wrong in (
            "patient=p&max=18446744073709551616",
            "code=weight",
            "patient=p&max=0",
            "patient=p&colour=red",
        ):
            assert (await http.get(f"Observation/$lastn?{wrong}")).status_code == 400
        found: Json = (await http.get(f"Observation/$lastn?{query}")).json()
        return found

    found = talk(served[0], conversation)
    assert [e["resource"]["id"] for e in found["entry"]] == expected
    assert found["total"] == len(expected)
