"""Patient/$everything and Composition/$document: the records that they gather."""

from __future__ import annotations

import httpx
import pytest

from capability.validate import validate
from tests.fhir_server.operations.record import Json, names, stored
from tests.fhir_server.serving import BASE, Served, talk

PATIENT: Json = {"resourceType": "Patient", "id": "p"}
EVERYTHING: list[tuple[str, str]] = [
    ("", "Patient/p Organization/clinic Practitioner/dr Encounter/e Condition/c Observation/o"),
    ("_type=Observation,Practitioner", "Practitioner/dr Observation/o"),
    ("_type=Observation&_type=Encounter", "Encounter/e Observation/o"),
    ("start=2021-01", "Patient/p Organization/clinic Practitioner/dr Condition/c Observation/o"),
    ("end=2020-05-01", "Patient/p Organization/clinic Practitioner/dr Encounter/e Condition/c"),
    ("start=2020-05-02&end=2020-06", "Patient/p Organization/clinic Practitioner/dr Encounter/e Condition/c"),
    ("start=2022", "Patient/p Organization/clinic Condition/c"),
    ("_since=2200-01-01T00:00:00Z", ""),
]  # fmt: skip


@pytest.mark.parametrize(("query", "expected"), EVERYTHING)
def test_everything(served: Served, query: str, expected: str) -> None:
    async def conversation(http: httpx.AsyncClient) -> Json:
        await stored(http)
        bundle: Json = (await http.get(f"Patient/p/$everything?{query}")).json()
        return bundle

    bundle = talk(served[0], conversation)
    assert set(names(bundle)) == set(expected.split())
    assert bundle["total"] == len(expected.split())
    assert validate(bundle) == []


def test_everything_in_pages(served: Served) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        await stored(http)
        whole = names((await http.get("Patient/p/$everything")).json())
        assert whole[0] == "Patient/p"
        found: list[str] = []
        url = f"{BASE}/Patient/p/$everything?_count=2"
        while url:
            bundle = (await http.get(url)).json()
            assert bundle["total"] == len(whole)
            assert len(names(bundle)) <= 2
            found += names(bundle)
            url = next((x["url"] for x in bundle["link"] if x["relation"] == "next"), "")
        assert found == whole
        assert (await http.get("Patient/p/$everything?_count=0")).json()["total"] == len(whole)

    talk(served[0], conversation)


@pytest.mark.parametrize("query", ["", "_type=Observation,Patient", "end=2020-05-01", "_count=3"])
def test_everything_of_all_patients_is_that_of_each(served: Served, query: str) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        await stored(http)
        each: set[str] = set()
        for found in names((await http.get("Patient")).json()):
            asked = query if "_count" not in query else ""
            each |= set(names((await http.get(f"{found}/$everything?{asked}")).json()))
        assert {"Patient/p", "Patient/q", "Observation/theirs"} <= each
        told: list[str] = []
        url = f"{BASE}/Patient/$everything?{query}"
        while url:
            bundle = (await http.get(url)).json()
            told += names(bundle)
            url = next((x["url"] for x in bundle["link"] if x["relation"] == "next"), "")
        assert sorted(told) == sorted(each)
        assert bundle["total"] == len(each)

    talk(served[0], conversation)


def test_what_everything_refuses(served: Served) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        await http.put("Patient/p", json=PATIENT)
        await http.put("Patient/gone", json=PATIENT | {"id": "gone"})
        await http.delete("Patient/gone")
        for path, status in [
            ("Patient/nobody/$everything", 404),
            ("Patient/gone/$everything", 410),
            ("Patient/p/$everything?_type=Elephant", 400),
            ("Patient/p/$everything?start=soon", 400),
            ("Patient/p/$everything?_cursor=x", 400),
            ("Patient/p/$everything?_count=-1", 400),
            ("Patient/p/$everything?_count=18446744073709551616", 400),
            ("Observation/p/$everything", 404),
        ]:
            assert (await http.get(path)).status_code == status, path

    talk(served[0], conversation)


COMPOSITION = {
    "resourceType": "Composition",
    "id": "d",
    "status": "final",
    "type": {"text": "note"},
    "subject": {"reference": "Patient/p"},
    "date": "2021-03-01",
    "author": [{"reference": "Practitioner/dr"}, {"reference": "Practitioner/away"}],
    "title": "Note",
    "section": [{"title": "Found", "entry": [{"reference": "Observation/o"}]}],
}


@pytest.mark.parametrize("persist", [False, True])
def test_a_document(served: Served, persist: bool) -> None:
    async def conversation(http: httpx.AsyncClient) -> Json:
        await stored(http)
        await http.put("Composition/d", json=COMPOSITION)
        query = "?persist=true" if persist else ""
        bundle: Json = (await http.get(f"Composition/d/$document{query}")).json()
        if persist:
            assert (await http.get(f"Bundle/{bundle['id']}")).json() == bundle
        else:
            assert (await http.get("Bundle")).json()["total"] == 0
        assert (await http.get("Composition/none/$document")).status_code == 404
        return bundle

    bundle = talk(served[0], conversation)
    assert names(bundle)[0] == "Composition/d"
    assert set(names(bundle)) == {
        "Composition/d", "Patient/p", "Organization/clinic", "Practitioner/dr", "Observation/o",
    }  # fmt: skip
    assert validate(bundle) == []
