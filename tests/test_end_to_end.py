"""The main job against a real `medparser serve`: FHIR and HL7 v2 in, coded FHIR out; it stays up."""

from __future__ import annotations

import base64
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from capability.definitions import RESOURCE_TYPES
from capability.validate import validate
from fhir_server.operations import OPERATIONS
from terminology.types import ICD10CM, RXNORM
from tests.started import (
    EXAMPLES,
    NOTE,
    Server,
    extract,
    findings,
    framed,
    mllp,
    plain,
    put_document,
    search,
    start,
    stop,
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Iterator[Server]:
    running = start(tmp_path_factory.mktemp("store") / "e2e.sqlite", data)
    yield running
    assert stop(running) == 0


def test_a_note_becomes_coded_resources(server: Server) -> None:
    put_document(server, "visit", plain(NOTE))
    reply = extract(server, "visit")
    assert reply.status_code == 200, reply.text
    found = findings(reply)
    said = {(f["quote"], f["assertion"]) for f in found}
    assert any("hypertension" in q.lower() and a == "present" for q, a in said)
    assert any(a == "negated" for _, a in said)
    assert any(a == "family" for _, a in said)
    for finding in found:
        place = {x["name"]: x["valueUnsignedInt"] for x in finding["span"]["part"]}
        assert NOTE[place["start"] : place["end"]] == finding["quote"]
    conditions = search(server, "/Condition?patient=p1&_count=200")
    drugs = search(server, "/MedicationStatement?patient=p1&_count=200")
    codes = {c["code"] for r in conditions for c in r["code"].get("coding", ())}
    assert {"I10", "K21.9"} <= codes
    by_code = {
        c["code"]: r for r in drugs for c in r["medicationCodeableConcept"].get("coding", ())
    }
    names = " ".join(
        c.get("display", "").lower()
        for r in drugs
        for c in r["medicationCodeableConcept"].get("coding", ())
    )
    for name in ("metformin", "lisinopril", "omeprazole", "aspirin", "gabapentin", "rosuvastatin"):
        assert name in names, name
    stopped = [r for r in drugs if "simvastatin" in r["medicationCodeableConcept"]["text"].lower()]
    assert [r["status"] for r in stopped] == ["stopped"]
    for resource in (*conditions, *by_code.values()):
        assert [i for i in validate(resource) if i.severity == "error"] == []


def test_every_emitted_code_is_in_the_terminology(server: Server) -> None:
    for kind, system in (("Condition", ICD10CM), ("MedicationStatement", RXNORM)):
        for resource in search(server, f"/{kind}?patient=p1&_count=200"):
            concept = resource.get("code") or resource["medicationCodeableConcept"]
            for coding in concept.get("coding", ()):
                assert coding["system"] == system
                looked = server.http.get(
                    "/CodeSystem/$lookup", params={"system": system, "code": coding["code"]}
                )
                assert looked.status_code == 200
                display = {p["name"]: p.get("valueString") for p in looked.json()["parameter"]}[
                    "display"
                ]
                assert display == coding["display"]


def test_extracting_again_changes_nothing(server: Server) -> None:
    before = {
        r["id"]: r["meta"]["versionId"]
        for r in search(server, "/MedicationStatement?patient=p1&_count=200")
    }
    assert extract(server, "visit").status_code == 200
    after = {r["id"] for r in search(server, "/MedicationStatement?patient=p1&_count=200")}
    assert after == before.keys()


def test_a_dry_run_persists_nothing(server: Server) -> None:
    put_document(server, "dry", plain("PMH: gout. Takes allopurinol 100 mg daily."))
    reply = extract(server, "dry", dryRun=True)
    assert {f["quote"].lower() for f in findings(reply)} >= {"gout"}
    assert not search(server, "/Condition?code=http://hl7.org/fhir/sid/icd-10-cm|M10.9&patient=p1")


def test_provenance_names_the_document(server: Server) -> None:
    (condition, *_) = search(server, "/Condition?patient=p1&code=I10")
    (record, *_) = search(server, f"/Provenance?target=Condition/{condition['id']}")
    assert record["entity"][0]["what"]["reference"].startswith("DocumentReference/visit/_history/")


def test_a_document_message_is_stored_and_extracted_from(server: Server) -> None:
    message = (EXAMPLES / "consult-note.hl7").read_bytes().replace(b"\n", b"\r")
    reply = mllp(server, message)
    assert "MSA|AA|RFM-20260914-0007" in reply
    assert mllp(server, message) == reply  # a resend is answered alike
    (patient,) = search(server, "/Patient?identifier=urn:id:RIVERSIDE|880417")
    assert patient["name"][0]["family"] == "Okafor"
    (document,) = search(server, f"/DocumentReference?patient={patient['id']}")
    deadline = time.monotonic() + 30
    while not (conditions := search(server, f"/Condition?patient={patient['id']}")):
        assert time.monotonic() < deadline, "nothing was extracted"
        time.sleep(0.05)
    text = base64.b64decode(document["content"][0]["attachment"]["data"]).decode()
    assert "CARDIOLOGY CONSULTATION\n\nHISTORY" in text
    codes = {c["code"][:3] for r in conditions for c in r["code"].get("coding", ())}
    assert {"I48", "I50", "J44"} <= codes


@pytest.mark.parametrize("kind", ["^Application^PDF^Base64^", "^TEXT^RTF^Base64^", "^^CDA^Base64^"])
def test_an_encapsulated_document_is_extracted_from(server: Server, kind: str) -> None:
    named = kind.split("^")[2].lower()
    name = {"cda": "xml"}.get(named, named)
    content = (EXAMPLES.parent / "tests" / "golden" / "documents" / f"note.{name}").read_bytes()
    message = (
        f"MSH|^~\\&|A|HOSP|C|D|20260101||MDM^T02^MDM_T02|ed-{named}|P|2.5.1\r"
        f"PID|1||ed{named}^^^HOSP^MR||Roe^Jane||19700101|F\rTXA|1|CN||||||||||ed{named}\r"
        f"OBX|1|ED|||{kind}{base64.b64encode(content).decode()}||||||F\r"
    )
    assert f"MSA|AA|ed-{named}" in mllp(server, message.encode())
    (patient,) = search(server, f"/Patient?identifier=urn:id:HOSP|ed{named}")
    deadline = time.monotonic() + 30
    while not (conditions := search(server, f"/Condition?patient={patient['id']}")):
        assert time.monotonic() < deadline, "nothing was extracted"
        time.sleep(0.05)
    codes = {c["code"] for r in conditions for c in r["code"].get("coding", ())}
    assert {"I48.91", "I10", "J45.909", "M10.9"} <= codes


ADT = (
    "MSH|^~\\&|ADT|HOSP|M|C|20260101||ADT^{event}^ADT_A01|{id}|P|2.5.1\r"
    "PID|1||{mrn}^^^HOSP^MR||{name}||19700101|F\rPV1|1|I|W1^101^A||||||||||||||||V{mrn}\r"
)


def test_admission_then_update_of_one_patient(server: Server) -> None:
    first = ADT.format(event="A01", id="a-1", mrn="77", name="Roe^Jane")
    assert "MSA|AA|a-1" in mllp(server, first.encode())
    update = ADT.format(event="A08", id="a-2", mrn="77", name="Roe-Smith^Jane")
    assert "MSA|AA|a-2" in mllp(server, update.encode())
    (patient,) = search(server, "/Patient?identifier=urn:id:HOSP|77")
    assert patient["name"][0]["family"] == "Roe-Smith"
    assert patient["meta"]["versionId"] == "2"
    (visit,) = search(server, f"/Encounter?patient={patient['id']}")
    assert (visit["status"], visit["class"]["code"]) == ("in-progress", "IMP")


@pytest.mark.parametrize(
    ("message", "ack", "said"),
    [
        (b"hello", "AR", "ERR||MSH^1|100"),
        (b"MSH|^~\\&|A|B|C|D|2026||ORU^R01|9|P|2.5\r", "AR", "ERR||MSH^1^9^1^1|200"),
        (b"MSH|^~\\&|A|B|C|D|2026||ADT^A40|9|P|2.5\r", "AR", "ERR||MSH^1^9^1^2|201"),
        (b"MSH|^~\\&|A|B|C|D|2026||ADT^A01||P|2.5\r", "AR", "ERR||MSH^1^10|101"),
        (b"MSH|^~\\&|A|B|C|D|2026||ADT^A01|9|P|3.0\r", "AR", "ERR||MSH^1^12|203"),
        (b"MSH|^~\\&|A|B|C|D|2026||ADT^A01|9|P|2.5\r", "AE", "ERR||PID|100"),
        (b"MSH|^~\\&|A|B|C|D|2026||ADT^A01|8|P|2.5\rPID|1||||X\r", "AE", "ERR||PID^1^3|101"),
        (b"MSH|^~\\&|A|B|C|D|2026||MDM^T02|9|P|2.5\rPID|1||1\r", "AE", "ERR||TXA|100"),
        (
            b"MSH|^~\\&|A|B|C|D|2026||MDM^T02|7|P|2.5\rPID|1||1\rTXA|1\rOBX|1|ED|||^^^Base64^!!\r",
            "AE",
            "ERR||OBX^1^5^1^5|102",
        ),
    ],
)
def test_bad_messages_are_told_where(server: Server, message: bytes, ack: str, said: str) -> None:
    reply = mllp(server, message)
    assert f"MSA|{ack}|" in reply
    assert said in reply


def test_a_truncated_frame_is_refused_and_the_listener_stays_up(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.mllp_port), 10) as connection:
        connection.sendall(b"\x0bMSH|^~\\&|cut")
        connection.shutdown(socket.SHUT_WR)
        assert b"MSA|AR|" in connection.recv(4096)
    told = framed(server, b"\x0bMSH|^~\\&|A|B|C|D|2026||ADT^A01|no-cr|P|2.5\r\x1c")
    assert b"MSA|AR|no-cr\r" in told
    assert b"0x1C without 0x0D" in told
    good = ADT.format(event="A04", id="after-cut", mrn="78", name="Poe^Ann")
    assert "MSA|AA|after-cut" in mllp(server, good.encode())


BIG = plain("x" * (20 << 20))


@pytest.mark.parametrize(
    ("attachment", "status", "where"),
    [
        ({"contentType": "text/plain"}, 422, "DocumentReference.content[0].attachment"),
        (plain("   \n "), 422, "DocumentReference.content[0].attachment"),
        (
            {"contentType": "application/pdf", "data": "JVBERg=="},
            422,
            "DocumentReference.content[0].attachment",
        ),
        (
            {"contentType": "image/png", "data": "JVBERg=="},
            415,
            "DocumentReference.content[0].attachment",
        ),
        (
            {"contentType": "text/plain", "url": "https://example.org/note.txt"},
            400,
            "DocumentReference.content[0].attachment.url",
        ),
        (
            {"contentType": "text/plain", "url": "Binary/none"},
            404,
            "DocumentReference.content[0].attachment.url",
        ),
        (
            {"contentType": "text/plain; charset=klingon", "data": "aGk="},
            400,
            "DocumentReference.content[0].attachment",
        ),
        (BIG, 413, "DocumentReference.content[0].attachment.data"),
    ],
    ids=["no data", "blank", "pdf", "image", "outside", "no binary", "charset", "20 MB"],
)
def test_bad_documents_are_told_where(
    server: Server, attachment: dict[str, Any], status: int, where: str
) -> None:
    put_document(server, "bad", attachment)
    reply = extract(server, "bad")
    assert reply.status_code == status, reply.text
    assert reply.json()["issue"][0]["expression"] == [where]


@pytest.mark.parametrize(
    ("values", "status", "said"),
    [
        ({"engine": "crystal-ball"}, 400, "the engines are"),
        ({"engine": "llm"}, 422, "MEDPARSER_MODEL"),
        ({"minScore": 7.0}, 400, "0..1"),
        ({"dryRun": "yes"}, 400, "valueBoolean"),
        ({"speed": 1.0}, 400, "the operation takes"),
    ],
)
def test_bad_parameters_are_told(
    server: Server, values: dict[str, Any], status: int, said: str
) -> None:
    put_document(server, "params", plain("asthma"))
    reply = extract(server, "params", **values)
    assert reply.status_code == status, reply.text
    (issue,) = reply.json()["issue"]
    assert said in issue["diagnostics"]
    assert issue["expression"], issue


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ({"system": ICD10CM, "code": "E11.999"}, 404, "no code 'E11.999'"),
        ({"system": "http://nowhere.example", "code": "1"}, 404, "no code system"),
        ({"code": "E11.9"}, 400, "'system' is required"),
        ({"system": ICD10CM, "code": "E11.9", "x": "1"}, 400, "the operation takes"),
    ],
)
def test_bad_lookups_are_told(
    server: Server, query: dict[str, str], status: int, said: str
) -> None:
    reply = server.http.get("/CodeSystem/$lookup", params=query)
    assert reply.status_code == status
    assert said in reply.json()["issue"][0]["diagnostics"]


def test_extracting_from_what_is_not_there(server: Server) -> None:
    assert extract(server, "nothing").status_code == 404
    assert server.http.post("/Patient/p1/$extract").status_code == 404
    assert server.http.get("/DocumentReference/visit/$extract").status_code == 405
    wrong = server.http.post(
        "/DocumentReference/visit/$extract", content=b"x", headers={"Content-Type": "text/csv"}
    )
    assert wrong.status_code == 415


def test_what_the_capability_statement_names_is_there(server: Server) -> None:
    statement = server.http.get("/metadata").json()
    assert [i for i in validate(statement) if i.severity == "error"] == []
    (rest,) = statement["rest"]
    named = {(r["type"], o["name"]) for r in rest["resource"] for o in r.get("operation", ())}
    assert named == {(t, o.code) for o in OPERATIONS for t in RESOURCE_TYPES if o.on(t)}
    assert {o["name"] for o in rest["operation"]} >= {"meta", "reindex"}
    for operation in OPERATIONS:
        kind = next((t for t in RESOURCE_TYPES if operation.on(t)), "")
        path = {"system": "", "type": f"/{kind}", "instance": f"/{kind}/none"}
        for level in operation.levels:
            reply = server.http.options(f"{path[level]}/${operation.code}")
            assert reply.status_code != 404, (operation.code, level)


def test_a_kill_loses_nothing_that_was_acknowledged(tmp_path: Path, data: Path) -> None:
    first = start(tmp_path / "kill.sqlite", data)
    message = (EXAMPLES / "consult-note.hl7").read_bytes().replace(b"\n", b"\r")
    assert "MSA|AA|" in mllp(first, message)
    first.process.kill()
    first.process.wait(30)
    first.http.close()
    assert first.process.stderr is not None
    first.process.stderr.close()
    again = start(tmp_path / "kill.sqlite", data)
    try:
        (patient,) = search(again, "/Patient?identifier=urn:id:RIVERSIDE|880417")
        deadline = time.monotonic() + 30
        while not search(again, f"/Condition?patient={patient['id']}"):
            assert time.monotonic() < deadline, "the extraction was not taken up again"
            time.sleep(0.05)
    finally:
        assert stop(again) == 0
