"""A `medparser serve` of the tests' own, and what they send to it."""

from __future__ import annotations

import asyncio
import base64
import re
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from fhir_server.hl7v2.mllp import send

EXAMPLES = Path(__file__).parents[1] / "examples"


MEDPARSER = str(Path(sys.executable).with_name("medparser"))


NOTE = (EXAMPLES / "clinic-note.txt").read_text(encoding="utf-8")


JSON = {"Content-Type": "application/fhir+json"}


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[str]
    http: httpx.Client
    mllp_port: int
    database: Path


def start(database: Path, data: Path) -> Server:
    command = [
        MEDPARSER,
        "serve",
        "--port",
        "0",
        "--mllp-port",
        "0",
        "--database",
        f"sqlite:///{database}",
    ]
    process = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        env={"MEDPARSER_DATA": str(data), "HOME": str(database.parent)},
    )
    assert process.stderr is not None
    ports: dict[str, int] = {}
    for line in process.stderr:
        if found := re.search(r"(http|mllp)://127\.0\.0\.1:(\d+)", line):
            ports[found[1]] = int(found[2])
        if len(ports) == 2:
            break
    if len(ports) != 2:
        process.stderr.close()
        process.wait(30)
        pytest.fail("the server did not start")
    client = httpx.Client(base_url=f"http://127.0.0.1:{ports['http']}/fhir", timeout=60)
    return Server(process, client, ports["mllp"], database)


def stop(server: Server) -> int:
    server.http.close()
    server.process.send_signal(signal.SIGTERM)
    status = server.process.wait(30)
    assert server.process.stderr is not None
    server.process.stderr.close()
    return status


def put_document(server: Server, name: str, attachment: dict[str, Any]) -> None:
    patient = {"resourceType": "Patient", "id": "p1", "name": [{"family": "Doe"}]}
    assert server.http.put("/Patient/p1", json=patient, headers=JSON).status_code in (200, 201)
    document = {
        "resourceType": "DocumentReference",
        "id": name,
        "status": "current",
        "subject": {"reference": "Patient/p1"},
        "content": [{"attachment": attachment}],
    }
    reply = server.http.put(f"/DocumentReference/{name}", json=document, headers=JSON)
    assert reply.status_code in (200, 201), reply.text


def plain(text: str) -> dict[str, Any]:
    return {"contentType": "text/plain", "data": base64.b64encode(text.encode()).decode()}


def extract(server: Server, name: str, **values: Any) -> httpx.Response:
    kinds = {bool: "valueBoolean", str: "valueCode", float: "valueDecimal"}
    parameters = [{"name": n, kinds[type(v)]: v} for n, v in values.items()]
    body = {"resourceType": "Parameters", "parameter": parameters} if parameters else None
    content = {"json": body, "headers": JSON} if body else {}
    return server.http.post(f"/DocumentReference/{name}/$extract", **content)


def findings(reply: httpx.Response) -> list[dict[str, Any]]:
    """The findings' parts by name; of repeated ones the first."""
    found = []
    for parameter in reply.json()["parameter"]:
        if parameter["name"] == "finding":
            parts: dict[str, Any] = {}
            for part in parameter["part"]:
                value = next((v for k, v in part.items() if k.startswith("value")), part)
                parts.setdefault(part["name"], value)
            found.append(parts)
    return found


def search(server: Server, query: str) -> list[dict[str, Any]]:
    return [e["resource"] for e in server.http.get(query).json().get("entry", [])]


def mllp(server: Server, message: bytes) -> str:
    return asyncio.run(send("127.0.0.1", server.mllp_port, message)).decode()


def framed(server: Server, wire: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.mllp_port), 10) as connection:
        connection.sendall(wire)
        connection.shutdown(socket.SHUT_WR)
        return connection.recv(4096)
