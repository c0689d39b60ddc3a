"""Searches over HTTP that are wider than a type, or that ask the terminology."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from fhir_server.app import create_app, wired
from fhir_server.http.asgi import ASGI
from fhir_server.settings import Settings
from terminology.types import ICD10CM
from tests.fhir_server.serving import BASE, talk

Json = dict[str, Any]
FORM = {"content-type": "application/x-www-form-urlencoded"}
GENDER = "http://hl7.org/fhir/ValueSet/administrative-gender"
STATUS = "http://hl7.org/fhir/ValueSet/observation-status"


def condition(id: str, code: str) -> Json:
    concept = {"coding": [{"system": ICD10CM, "code": code}]}
    return {
        "resourceType": "Condition",
        "id": id,
        "code": concept,
        "subject": {"reference": "Patient/p"},
    }


SEEN: Json = {
    "resourceType": "Observation",
    "id": "seen",
    "status": "final",
    "code": {"text": "seen"},
    "encounter": {"reference": "Encounter/e"},
    "device": {"reference": "Device/d"},
    "performer": [{"reference": "Practitioner/dr"}, {"reference": "RelatedPerson/mum"}],
}
STORED: list[Json] = [
    SEEN,
    {"resourceType": "Patient", "id": "p", "gender": "male"},
    {"resourceType": "Patient", "id": "q"},
    condition("diabetes", "E11.9"),
    condition("complicated", "E11.65"),
    condition("pressure", "I10"),
    {
        "resourceType": "ValueSet",
        "id": "sugar",
        "url": "http://sets.test/sugar",
        "status": "active",
        "compose": {"include": [{"system": ICD10CM, "concept": [{"code": "E11.9"}]}]},
    },
]
FOUND: list[tuple[str, str]] = [
    ("?_type=Patient,Condition&_id=p,pressure", "Condition/pressure Patient/p"),
    ("?_id=p", "Patient/p"),
    ("Patient/p/Condition", "Condition/diabetes Condition/complicated Condition/pressure"),
    (f"Patient/p/Condition?code={ICD10CM}|I10", "Condition/pressure"),
    ("Patient/p/*", "Condition/diabetes Condition/complicated Condition/pressure"),
    ("Patient/p/*?_type=Observation", ""),
    ("Patient/q/*", ""),
    ("Encounter/e/Observation", "Observation/seen"),
    ("Device/d/*", "Observation/seen"),
    ("Practitioner/dr/Observation?status=final", "Observation/seen"),
    ("RelatedPerson/mum/*", "Observation/seen"),
    ("RelatedPerson/dr/*", ""),
    (f"Condition?code:below={ICD10CM}|E11", "Condition/diabetes Condition/complicated"),
    (f"Condition?code:above={ICD10CM}|E11.9", "Condition/diabetes"),
    ("Condition?code:in=http://sets.test/sugar", "Condition/diabetes"),
    ("Condition?code:in=ValueSet/sugar", "Condition/diabetes"),
    ("Condition?code:not-in=http://sets.test/sugar", "Condition/complicated Condition/pressure"),
    (f"Patient?gender:in={GENDER}", "Patient/p"),
    (f"Condition?patient.gender:in={GENDER}&code:in=ValueSet/sugar", "Condition/diabetes"),
]
REFUSED: list[tuple[str, int]] = [
    ("?_type=Elephant", 400),
    ("?gender=male", 400),
    ("Patient/p/Location", 400),
    ("Patient/p/Elephant", 404),
    ("Encounter/e/Patient", 400),
    ("Location/l/Observation", 404),
    ("Condition?code:in=http://sets.test/none", 400),
    ("Condition?code:below=E11", 400),
]


@pytest.fixture
def app(tmp_path: Path, data: Path) -> Iterator[ASGI]:
    database = f"sqlite:///{tmp_path / 'store.sqlite'}"
    settings = Settings(port=0, mllp_port=0, data=data, database=database, handling="strict")
    with wired(replace(settings, base_url=BASE)) as (context, _):
        yield create_app(context)


def names(bundle: Json) -> set[str]:
    return {
        f"{e['resource']['resourceType']}/{e['resource']['id']}" for e in bundle.get("entry", ())
    }


def test_wide_searches(app: ASGI) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        for resource in STORED:
            await http.put(f"{resource['resourceType']}/{resource['id']}", json=resource)
        for url, expected in FOUND:
            reply = await http.get(f"{BASE}/{url}" if not url.startswith("?") else BASE + url)
            assert reply.status_code == 200, (url, reply.text)
            bundle = reply.json()
            assert names(bundle) == set(expected.split()), url
            assert bundle["total"] == len(expected.split()), url
            (own,) = (x["url"] for x in bundle["link"] if x["relation"] == "self")
            assert names((await http.get(own)).json()) == names(bundle), url
        for url, status in REFUSED:
            reply = await http.get(f"{BASE}/{url}" if not url.startswith("?") else BASE + url)
            assert reply.status_code == status, (url, reply.text)
            assert reply.json()["issue"][0]["expression" if status == 400 else "diagnostics"]
        posted = await http.post(f"{BASE}/_search", data={"_id": "p"}, headers=FORM)
        assert names(posted.json()) == {"Patient/p"}

    talk(app, conversation)


def test_by_default_what_is_unknown_is_told_and_ignored(tmp_path: Path, data: Path) -> None:
    """R4 search 3.1.1.3; but of several types all that one can't be asked of would be found."""
    database = f"sqlite:///{tmp_path / 'store.sqlite'}"
    settings = Settings(port=0, mllp_port=0, data=data, database=database, base_url=BASE)

    async def conversation(http: httpx.AsyncClient) -> None:
        for resource in STORED:
            await http.put(f"{resource['resourceType']}/{resource['id']}", json=resource)
        bundle = (await http.get("Patient?gender=male&colour=red&_count=0")).json()
        assert bundle["total"] == 1
        assert bundle["entry"][0]["search"] == {"mode": "outcome"}
        assert (await http.get(f"{BASE}?_type=Patient,Condition&gender=male")).status_code == 400
        wide = (await http.get(f"{BASE}?_type=Patient,Condition&colour=red")).json()
        assert wide["total"] == 5
        strict = {"prefer": "handling=strict"}
        assert (await http.get("Patient?colour=red", headers=strict)).status_code == 400
        assert (await http.delete("Patient?colour=red")).status_code == 400

    with wired(settings) as (context, _):
        talk(create_app(context), conversation)


def test_conditions_ask_the_terminology(app: ASGI) -> None:
    """In conditional writes, in references that are searches, in the reads of a transaction."""
    which = f"Patient?identifier=one&gender:in={GENDER}"
    one = {"resourceType": "Patient", "identifier": [{"value": "one"}], "gender": "male"}
    entries = [
        {
            "resource": SEEN | {"subject": {"reference": which}},
            "request": {"method": "PUT", "url": f"Observation?status:in={STATUS}&_id=seen"},
        },
        {"request": {"method": "GET", "url": f"Observation?status:in={STATUS}&_elements=status"}},
        {"request": {"method": "GET", "url": "Encounter/e/Observation"}},
    ]
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}

    async def conversation(http: httpx.AsyncClient) -> None:
        made = [await http.put(f"{BASE}/{which}", json=one) for _ in range(2)]
        assert [each.status_code for each in made] == [201, 200]
        reply = await http.post(BASE, json=bundle)
        assert reply.status_code == 200, reply.text
        _, found, inside = (entry.get("resource") for entry in reply.json()["entry"])
        assert names(found) == names(inside) == {"Observation/seen"}
        assert "encounter" not in found["entry"][0]["resource"]
        stored = (await http.get("Observation/seen")).json()
        assert stored["subject"] == {"reference": f"Patient/{made[0].json()['id']}"}
        unknown = await http.delete(f"{BASE}/Patient?gender:in=http://sets.test/none")
        assert unknown.status_code == 400

    talk(app, conversation)
