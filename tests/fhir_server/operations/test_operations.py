"""Operations on any resource and on records: what they answer over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from capability.validate import validate
from fhir_server.app import create_app, wired
from fhir_server.http.asgi import ASGI
from fhir_server.settings import Settings
from fhir_server.store.rows import INDEX
from fhir_server.store.sqlite import Store
from tests.fhir_server.serving import BASE, talk

Json = dict[str, Any]
TAG = {"system": "urn:t", "code": "a", "display": "A"}
Served = tuple[ASGI, Store]


@pytest.fixture
def served(tmp_path: Path, data: Path) -> Iterator[Served]:
    database = f"sqlite:///{tmp_path / 'store.sqlite'}"
    settings = Settings(port=0, mllp_port=0, data=data, database=database)
    with wired(replace(settings, base_url=BASE)) as (context, store):
        yield create_app(context), store


def parameters(**values: Json) -> Json:
    listed = [{"name": name, **value} for name, value in values.items()]
    return {"resourceType": "Parameters", "parameter": listed}


PATIENT = {"resourceType": "Patient", "id": "p"}
VALIDATED: list[tuple[str, Json, str, str]] = [
    ("Patient/$validate", PATIENT, "", "informational"),
    ("Patient/$validate", parameters(resource={"resource": PATIENT}), "", "informational"),
    ("Patient/$validate?mode=update", {"resourceType": "Patient"}, "Patient.id", "required"),
    ("Patient/p/$validate", {"resourceType": "Patient", "id": "q"}, "Patient.id", "value"),
    ("Patient/p/$validate?mode=delete", PATIENT, "", "informational"),
    ("Patient/$validate", {"resourceType": "Group"}, "resourceType", "invalid"),
    ("Patient/$validate", PATIENT | {"gender": "m"}, "Patient.gender", "code-invalid"),
    ("Patient/$validate?profile=http://none.test/p", PATIENT, "Parameters.parameter:profile", "not-found"),
    ("Patient/$validate?profile=http://hl7.org/fhir/StructureDefinition/Patient", PATIENT, "", "informational"),
    ("Patient/$validate?profile=http://hl7.org/fhir/StructureDefinition/Group", PATIENT, "Parameters.parameter:profile", "invalid"),
    ("Patient/$validate", PATIENT | {"meta": {"profile": ["http://none.test/p"]}}, "Patient.meta.profile[0]", "not-found"),
    ("Patient/$validate", parameters(resource={"resource": PATIENT | {"name": []}}), "Patient.name", "structure"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "body", "place", "code"), VALIDATED)
def test_validate(served: Served, path: str, body: Json, place: str, code: str) -> None:
    async def conversation(http: httpx.AsyncClient) -> Json:
        await http.put("Patient/p", json=PATIENT)
        reply = await http.post(path, json=body)
        assert reply.status_code == 200, reply.text
        outcome: Json = reply.json()
        return outcome

    outcome = talk(served[0], conversation)
    assert outcome["resourceType"] == "OperationOutcome"
    told = [(i["code"], i.get("expression", [""])[0]) for i in outcome["issue"]]
    if place:
        assert (code, place) in told
    else:
        assert {i["severity"] for i in outcome["issue"]} <= {"information", "warning"}


PROFILE: Json = {
    "resourceType": "StructureDefinition", "id": "own", "url": "http://own.test/p", "version": "2", "name": "Own",
    "status": "active", "kind": "resource", "abstract": False, "type": "Patient", "derivation": "constraint",
    "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
    "differential": {"element": [
        {"id": "Patient", "path": "Patient"},
        {"id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1},
        {"id": "Patient.name", "path": "Patient.name", "constraint": [
            {"key": "own-1", "severity": "error", "human": "a family", "expression": "family.exists() and use.memberOf('http://own.test/v')"},
            {"key": "own-2", "severity": "error", "human": "x", "expression": "family.chosen("},
        ]},
        {"id": "Patient.maritalStatus", "path": "Patient.maritalStatus", "binding": {"strength": "required", "valueSet": "http://own.test/v"}},
        {"id": "Patient.communication.language", "path": "Patient.communication.language", "binding": {"strength": "required", "valueSet": "http://none.test/v"}},
    ]},
}  # fmt: skip
STATES: Json = {
    "resourceType": "ValueSet", "id": "own", "url": "http://own.test/v", "status": "active",
    "compose": {"include": [{"system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "concept": [{"code": "M"}]}]},
}  # fmt: skip


def test_validate_by_a_stored_profile(served: Served) -> None:
    def state(code: str) -> Json:
        system = "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"
        return {"maritalStatus": {"coding": [{"system": system, "code": code}]}}

    claimed = PATIENT | {"meta": {"profile": ["http://own.test/p|2"]}}
    language = {"communication": [{"language": {"coding": [{"code": "de"}]}}]}
    asked: list[tuple[str, Json, set[str]]] = [
        ("?profile=http://own.test/p", PATIENT, {"Patient.birthDate required"}),
        ("?profile=http://own.test/p|3", PATIENT, {"Parameters.parameter:profile not-found"}),
        ("", claimed, {"Patient.birthDate required"}),
        ("", claimed | {"birthDate": "2000"} | state("M"), set()),
        ("", claimed | {"birthDate": "2000"} | state("S"), {"Patient.maritalStatus code-invalid"}),
        (
            "",
            claimed | {"birthDate": "2000", "name": [{"text": "x"}]},
            {"Patient.name[0] invariant", "Patient.name[0] not-supported"},
        ),
        (
            "",
            claimed | {"birthDate": "2000", "name": [{"family": "x", "use": "usual"}]},
            {"Patient.name[0] invariant", "Patient.name[0] not-supported"},
        ),
        ("", claimed | {"birthDate": "2000"} | language, {"Patient not-found"}),
    ]

    async def conversation(http: httpx.AsyncClient) -> None:
        for resource in (PROFILE, STATES):
            made = await http.put(f"{resource['resourceType']}/own", json=resource)
            assert made.status_code == 201, made.text
        for query, resource, expected in asked:
            reply = await http.post(f"Patient/$validate{query}", json=resource)
            told = [(i["expression"][0], i["code"]) for i in reply.json()["issue"]]
            found = {f"{place} {code}" for place, code in told if code != "informational"}
            assert found - {"Patient invariant"} == expected, reply.text

    talk(served[0], conversation)


def test_validate_what_is_stored_and_what_cannot_be(served: Served) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        await http.put("Patient/p", json=PATIENT)
        assert (await http.get("Patient/p/$validate")).status_code == 200
        for path, body, status in [
            ("Patient/$validate?mode=later", PATIENT, 400),
            ("Patience/$validate", PATIENT, 404),
            ("Patient/nobody/$validate?mode=delete", PATIENT, 404),
            ("Patient/$validate?colour=red", PATIENT, 400),
        ]:
            assert (await http.post(path, json=body)).status_code == status, path
        assert (await http.get("Patient/$validate")).status_code == 400
        assert (await http.get("Patient/nobody/$validate")).status_code == 404

    talk(served[0], conversation)


def test_warnings_are_told(served: Served) -> None:
    """A resource without narrative breaks a recommendation of the specification (dom-6)."""

    async def conversation(http: httpx.AsyncClient) -> set[str]:
        reply = await http.post("Patient/$validate", json=PATIENT)
        return {i["severity"] for i in reply.json()["issue"]}

    assert talk(served[0], conversation) == {"warning"}


def test_labels_come_and_go(served: Served) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        body = b'{"resourceType":"Basic","id":"b","code":{"text":"x"},"extension":[{"url":"http://x.test/d","valueDecimal":1.50}]}'
        await http.put("Basic/b", content=body)
        more = parameters(meta={"valueMeta": {"tag": [TAG], "profile": ["http://p.test"]}})
        for _ in range(2):  # again is the same
            reply = await http.post("Basic/b/$meta-add", json=more)
            assert reply.status_code == 200, reply.text
            (out,) = reply.json()["parameter"]
            assert (out["name"], out["valueMeta"]["tag"]) == ("return", [TAG])
            assert out["valueMeta"]["versionId"] == "2"
        assert b'"valueDecimal":1.50' in (await http.get("Basic/b")).content
        assert (await http.get("Basic?_tag=urn:t|a")).json()["total"] == 1
        for path in ("Basic/b/$meta", "Basic/$meta", "$meta"):
            (out,) = (await http.get(path)).json()["parameter"]
            assert out["valueMeta"]["tag"][0]["code"] == "a", path
            assert out["valueMeta"]["profile"] == ["http://p.test"]
        (out,) = (await http.get("Patient/$meta")).json()["parameter"]
        assert out["valueMeta"] == {}
        less = parameters(meta={"valueMeta": {"tag": [{"system": "urn:t", "code": "a"}]}})
        (out,) = (await http.post("Basic/b/$meta-delete", json=less)).json()["parameter"]
        assert "tag" not in out["valueMeta"]
        assert out["valueMeta"]["profile"] == ["http://p.test"]
        assert (await http.get("Basic?_tag=a")).json()["total"] == 0
        assert (await http.get("Basic/b/$meta-add")).status_code == 405
        assert (await http.post("Basic/none/$meta-add", json=more)).status_code == 404
        assert (await http.post("Basic/b/$meta-add", json=parameters())).status_code in (400, 422)

    talk(served[0], conversation)


def test_no_label_is_lost(served: Served) -> None:
    async def conversation(http: httpx.AsyncClient) -> int:
        await http.put("Patient/p", json=PATIENT)
        metas = [{"valueMeta": {"tag": [{"code": f"t{n}"}]}} for n in range(16)]
        replies = [http.post("Patient/p/$meta-add", json=parameters(meta=m)) for m in metas]
        await asyncio.gather(*replies)
        return len((await http.get("Patient/p")).json()["meta"]["tag"])

    assert talk(served[0], conversation) == 16


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
        for wrong in ("code=weight", "patient=p&max=0", "patient=p&colour=red"):
            assert (await http.get(f"Observation/$lastn?{wrong}")).status_code == 400
        found: Json = (await http.get(f"Observation/$lastn?{query}")).json()
        return found

    found = talk(served[0], conversation)
    assert [e["resource"]["id"] for e in found["entry"]] == expected
    assert found["total"] == len(expected)


RECORD: list[Json] = [
    {"resourceType": "Organization", "id": "clinic", "name": "Clinic"},
    {"resourceType": "Practitioner", "id": "dr"},
    {"resourceType": "Practitioner", "id": "other"},
    {"resourceType": "Patient", "id": "p", "managingOrganization": {"reference": "Organization/clinic"}},
    {"resourceType": "Patient", "id": "q"},
    {"resourceType": "Encounter", "id": "e", "status": "finished", "class": {"code": "AMB"}, "subject": {"reference": "Patient/p"}, "period": {"start": "2020-05-01", "end": "2020-05-02"}, "participant": [{"individual": {"reference": "Practitioner/dr"}}]},
    {"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/p"}, "code": {"text": "x"}},
    {"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "x"}, "subject": {"reference": "Patient/p"}, "effectiveDateTime": "2021-02-03", "performer": [{"reference": "Practitioner/dr"}]},
    {"resourceType": "Observation", "id": "theirs", "status": "final", "code": {"text": "x"}, "subject": {"reference": "Patient/q"}},
]  # fmt: skip
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


async def _stored(http: httpx.AsyncClient) -> None:
    for resource in RECORD:
        reply = await http.put(f"{resource['resourceType']}/{resource['id']}", json=resource)
        assert reply.status_code == 201, reply.text


def names(bundle: Json) -> list[str]:
    """The resources of a Bundle in its order."""
    found = (e["resource"] for e in bundle.get("entry", ()))
    return [f"{r['resourceType']}/{r['id']}" for r in found]


@pytest.mark.parametrize(("query", "expected"), EVERYTHING)
def test_everything(served: Served, query: str, expected: str) -> None:
    async def conversation(http: httpx.AsyncClient) -> Json:
        await _stored(http)
        bundle: Json = (await http.get(f"Patient/p/$everything?{query}")).json()
        return bundle

    bundle = talk(served[0], conversation)
    assert set(names(bundle)) == set(expected.split())
    assert bundle["total"] == len(expected.split())
    assert validate(bundle) == []


def test_everything_in_pages(served: Served) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        await _stored(http)
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
        await _stored(http)
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


def test_an_index_that_was_lost_is_made_anew(served: Served) -> None:
    app, store = served
    queries = [
        "Observation?patient=p", "Patient?organization.name=clin", "Encounter?date=ge2020",
        "Observation?code:missing=false", "Patient?_has:Observation:patient:date=2021",
    ]  # fmt: skip

    async def found(http: httpx.AsyncClient) -> list[list[str]]:
        return [names((await http.get(query)).json()) for query in queries]

    async def conversation(http: httpx.AsyncClient) -> None:
        await _stored(http)
        before = await found(http)
        assert all(before)

        def lose(session: Any) -> None:
            for model in INDEX:
                session.connection.execute(f"DELETE FROM {model.__tablename__}")  # noqa: S608
            session.connection.execute("INSERT INTO tok VALUES (1, 'stale', 0, 1)")

        await store.transact(lose, ())
        assert not any((await found(http))[:4])
        told = (await http.post("$reindex", content=b"", headers={})).json()["parameter"]
        counts = {p["name"]: p["valueUnsignedInt"] for p in told}
        assert (counts["resources"], counts["removed"]) == (len(RECORD), 1)
        assert counts["added"] > 10
        assert await found(http) == before
        again = (await http.post("$reindex", content=b"", headers={})).json()["parameter"]
        assert [p["valueUnsignedInt"] for p in again] == [len(RECORD), 0, 0]
        only = orjson.dumps(parameters(type={"valueCode": "Patient"}))
        some = (await http.post("$reindex", content=only)).json()["parameter"]
        assert some[0]["valueUnsignedInt"] == 2
        assert (await http.post("$reindex?type=Elephant", content=b"")).status_code == 400

    talk(app, conversation)
