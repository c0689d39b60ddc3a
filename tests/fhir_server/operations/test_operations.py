"""$validate, $meta and $reindex: operations on any resource, over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import orjson
import pytest

from fhir_server.store.rows import INDEX
from tests.fhir_server.operations.record import RECORD, names, stored
from tests.fhir_server.serving import Served, talk

Json = dict[str, Any]
TAG = {"system": "urn:t", "code": "a", "display": "A"}


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
    ("Parameters/$validate", parameters(a={"valueInteger": 1.5}), "Parameters.parameter[0].value", "value"),
    ("Parameters/$validate", parameters(a={"valueInteger": 1}), "", "informational"),
    ("Parameters/$validate", {"resourceType": "Parameters", "parameter": 1}, "Parameters.parameter", "structure"),
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
        severities = {i["severity"] for i in outcome["issue"] if i["code"] == code}
        assert severities == {"warning" if "meta.profile" in place else "error"}
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


def test_an_index_that_was_lost_is_made_anew(served: Served) -> None:
    app, store = served
    queries = [
        "Observation?patient=p", "Patient?organization.name=clin", "Encounter?date=ge2020",
        "Observation?code:missing=false", "Patient?_has:Observation:patient:date=2021",
    ]  # fmt: skip

    async def found(http: httpx.AsyncClient) -> list[list[str]]:
        return [names((await http.get(query)).json()) for query in queries]

    async def conversation(http: httpx.AsyncClient) -> None:
        await stored(http)
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
