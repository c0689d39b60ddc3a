"""The main job, end to end, against a real server on this machine: `make demo`.

A clinic note goes in over FHIR, a consultation note over HL7 v2; coded, traceable FHIR comes out.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from rich.console import Console
from rich.text import Text

from fhir_server.terminal import grid

HERE = Path(__file__).parent
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
MEDPARSER = str(Path(sys.executable).with_name("medparser"))
console = Console(width=100 if not sys.stdout.isatty() else None, highlight=False)


class Failed(Exception):
    """A step did not give what it must."""


class Fhir:
    """A small FHIR client: JSON in, JSON out, any other status is a failure."""

    def __init__(self, port: int) -> None:
        self.port = port

    def __call__(
        self, method: str, path: str, body: Any = None, want: tuple[int, ...] = (200, 201)
    ) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/fhir+json", "Accept": "application/fhir+json"}
        connection.request(method, f"/fhir/{path}", json.dumps(body) if body else None, headers)
        reply = connection.getresponse()
        content = reply.read()
        connection.close()
        if reply.status not in want:
            raise Failed(f"{method} {path}: {reply.status} {content[:500].decode()}")
        return json.loads(content) if content else None


@contextmanager
def server(folder: Path) -> Iterator[tuple[Fhir, int]]:
    """`medparser serve` on free ports over a fresh store; gives the client and the MLLP port."""
    command = [MEDPARSER, "serve", "--port", "0", "--mllp-port", "0"]
    command += ["--database", f"sqlite:///{folder / 'demo.sqlite'}"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        http_port, mllp_port = _ports(process)
        yield Fhir(http_port), mllp_port
        process.send_signal(signal.SIGTERM)
        status = process.wait(timeout=30)
        if status != 0:
            raise Failed(f"the server ended with status {status}")
    finally:
        if process.poll() is None:
            process.kill()


def _ports(process: subprocess.Popen[str]) -> tuple[int, int]:
    ports: dict[str, int] = {}
    for line in process.stderr or ():
        if found := re.search(r"(http|mllp)://127\.0\.0\.1:(\d+)", line):
            ports[found[1]] = int(found[2])
        if len(ports) == 2:
            return ports["http"], ports["mllp"]
    raise Failed("the server did not start")


def main() -> None:
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as (fhir, mllp_port):
        step(
            "A server on this machine",
            f"FHIR at http://127.0.0.1:{fhir.port}/fhir, MLLP at {mllp_port}",
        )
        capability = fhir("GET", "metadata")
        console.print(
            f"FHIR {capability['fhirVersion']}, {capability['software']['name']} "
            f"{capability['software']['version']}"
        )
        clinic_note(fhir)
        consult_note(fhir, mllp_port)
        codes(fhir)
    step("The server is down, the store is closed", f"{time.perf_counter() - started:.1f} s in all")


def clinic_note(fhir: Fhir) -> None:
    text = (HERE / "clinic-note.txt").read_text(encoding="utf-8")
    step("A clinic note over FHIR", "PUT Patient, PUT DocumentReference, POST $extract")
    fhir(
        "PUT",
        "Patient/alvarez",
        {
            "resourceType": "Patient",
            "id": "alvarez",
            "gender": "female",
            "birthDate": "1963-04-02",
            "name": [{"family": "Alvarez", "given": ["Rosa"]}],
        },
    )
    fhir(
        "PUT",
        "DocumentReference/visit",
        {
            "resourceType": "DocumentReference",
            "id": "visit",
            "status": "current",
            "subject": {"reference": "Patient/alvarez"},
            "content": [
                {
                    "attachment": {
                        "contentType": "text/plain; charset=utf-8",
                        "data": base64.b64encode(text.encode()).decode(),
                    }
                }
            ],
        },
    )
    console.print(text, style="dim", markup=False, soft_wrap=True)
    reply = fhir("POST", "DocumentReference/visit/$extract")
    findings = [_parts(p) for p in reply["parameter"] if p["name"] == "finding"]
    if not findings:
        raise Failed("$extract found nothing in the note")
    table = grid("code", "the note says", "asserted", "span, found by")
    for f in findings:
        span = _parts({"part": f["span"]}) if isinstance(f["span"], list) else f["span"]
        start, end = span["start"], span["end"]
        if text[start:end] != f["quote"]:
            raise Failed(f"the span {start}..{end} does not hold its quote")
        coding = f.get("coding", {"code": "–", "display": "no code"})
        claim = f["status"] if f.get("status") and f["assertion"] == "present" else f["assertion"]
        table.add_row(
            coding["code"],
            _named(" ".join(f["quote"].split()), coding.get("display", "")),
            claim,
            f"{start}–{end}\n{f['source']}, {f.get('method', 'none')}",
        )
    console.print(table)
    persisted(fhir, "alvarez")


def consult_note(fhir: Fhir, mllp_port: int) -> None:
    step(
        "A consultation note over HL7 v2", "MDM^T02 by `medparser v2 send`, and its acknowledgement"
    )
    sent = subprocess.run(
        [MEDPARSER, "v2", "send", str(HERE / "consult-note.hl7"), f"127.0.0.1:{mllp_port}"],
        capture_output=True,
        text=True,
        check=False,
    )
    console.print(sent.stdout.strip(), markup=False, soft_wrap=True)
    if sent.returncode != 0:
        raise Failed(f"the message was not accepted: {sent.stderr.strip()}")
    patient = fhir("GET", "Patient?" + urlencode({"identifier": "urn:id:RIVERSIDE|880417"}))
    if patient.get("total") != 1:
        raise Failed("the message's patient is not in the store")
    resource = patient["entry"][0]["resource"]
    name = resource["name"][0]
    console.print(
        f"Patient/{resource['id']}: {name['given'][0]} {name['family']}, {resource['birthDate']}"
    )
    deadline = time.monotonic() + 60  # the document is extracted from after the ACK
    while not fhir("GET", f"Condition?patient={resource['id']}").get("total"):
        if time.monotonic() > deadline:
            raise Failed("nothing was extracted from the message's document")
        time.sleep(0.1)
    persisted(fhir, resource["id"])


def persisted(fhir: Fhir, patient: str) -> None:
    """The resources, read back by search."""
    table = grid("code", "meaning", "status", "resource")
    for kind in ("Condition", "MedicationStatement"):
        bundle = fhir("GET", f"{kind}?" + urlencode({"patient": patient, "_count": "100"}))
        if not bundle.get("entry"):
            raise Failed(f"no {kind} of Patient/{patient} was persisted")
        for entry in bundle["entry"]:
            table.add_row(*_row(entry["resource"]))
    console.print(table)


def _named(what: str, name: str) -> Text:
    """A line, and a dim one below it."""
    return Text(what).append(f"\n{name}" if name else "", "dim")


def _row(resource: dict[str, Any]) -> tuple[str, Text, str, str]:
    kind = resource["resourceType"]
    concept = resource.get("code") or resource["medicationCodeableConcept"]
    coding = concept.get("coding", [{"code": "–", "display": concept.get("text", "")}])[0]
    if kind == "Condition":
        status = " ".join(
            resource[k]["coding"][0]["code"] for k in ("clinicalStatus", "verificationStatus")
        )
    else:
        status = resource["status"]
    dosage = resource.get("dosage", [{}])[0].get("text", "")
    return (
        coding["code"],
        _named(coding.get("display", ""), dosage),
        status,
        f"{kind}/{resource['id'][:8]}…",
    )


def codes(fhir: Fhir) -> None:
    step("Terminology", "CodeSystem/$lookup and text to code by CodeSystem/$match")
    for system, code in ((ICD10CM, "E11.40"), (RXNORM, "314076")):
        reply = fhir("GET", "CodeSystem/$lookup?" + urlencode({"system": system, "code": code}))
        said = _parts({"part": reply["parameter"]})
        console.print(
            f"{code}: {said['display']}  [{said['name']} {said['version']}]", markup=False
        )
    table = grid("code", "meaning", "score", "method")
    for text, system in (("heart attack", ICD10CM), ("DM2", ICD10CM), ("lisinoprl 10 mg", RXNORM)):
        query = urlencode({"text": text, "system": system, "count": "1"})
        reply = fhir("GET", f"CodeSystem/$match?{query}")
        if not reply.get("parameter"):
            raise Failed(f"no code for {text!r}")
        best = _parts(reply["parameter"][0])
        table.add_row(
            best["code"]["code"],
            _named(text, best["code"]["display"]),
            f"{best['score']:.2f}",
            best["method"],
        )
    console.print(table)


def _parts(parameter: dict[str, Any]) -> dict[str, Any]:
    """Parts by name; of repeated ones the first."""
    found: dict[str, Any] = {}
    for part in parameter["part"]:
        value = next((v for k, v in part.items() if k.startswith("value")), part.get("resource"))
        found.setdefault(part["name"], _parts(part) if "part" in part else value)
    return found


def step(title: str, what: str) -> None:
    console.rule(f"[bold]{title}", align="left")
    console.print(what, style="dim", markup=False)


if __name__ == "__main__":
    os.environ.setdefault("NO_COLOR", "" if sys.stdout.isatty() else "1")
    try:
        main()
    except (Failed, OSError, subprocess.SubprocessError) as error:
        console.print(f"demo failed: {error}", style="bold red", markup=False)
        sys.exit(1)
