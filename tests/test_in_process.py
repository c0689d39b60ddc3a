"""The main job in one process, with a clock and ids that stand still: a golden file."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from fhir_server.app import create_app, wired
from fhir_server.settings import load

GOLDEN = Path(__file__).parent / "golden" / "extract"
NOW = datetime(2026, 9, 14, 10, 15, tzinfo=UTC)
JSON = {"Content-Type": "application/fhir+json"}


def extracted(note: str, folder: Path, data: Path) -> dict[str, Any]:
    """The $extract reply of a note over a fresh store."""
    ids = count(1)
    settings = load(
        {}, data=data, database=f"sqlite:///{folder}/s.sqlite", base_url="http://test/fhir"
    )

    async def talk() -> dict[str, Any]:
        with wired(settings, lambda: NOW, lambda: f"id-{next(ids)}") as (ctx, _):
            transport = httpx.ASGITransport(create_app(ctx))  # type: ignore[arg-type]
            async with httpx.AsyncClient(transport=transport, base_url="http://test/fhir") as http:
                patient = {"resourceType": "Patient", "id": "p"}
                await http.put("/Patient/p", json=patient, headers=JSON)
                document = {
                    "resourceType": "DocumentReference",
                    "id": "d",
                    "status": "current",
                    "subject": {"reference": "Patient/p"},
                    "content": [
                        {
                            "attachment": {
                                "contentType": "text/plain",
                                "data": base64.b64encode(note.encode()).decode(),
                            }
                        }
                    ],
                }
                put = await http.put("/DocumentReference/d", json=document, headers=JSON)
                assert put.status_code == 201, put.text
                reply = await http.post("/DocumentReference/d/$extract")
                assert reply.status_code == 200, reply.text
                found: dict[str, Any] = reply.json()
                for entry in found["parameter"][0]["resource"]["entry"]:
                    resource = entry["resource"]
                    read = await http.get(f"/{resource['resourceType']}/{resource['id']}")
                    stored = read.json()
                    stored.pop("meta")
                    assert stored == resource
                return found

    return asyncio.run(talk())


def test_a_note_gives_its_golden_resources(tmp_path: Path, data: Path) -> None:
    note = (GOLDEN / "note.txt").read_text(encoding="utf-8")
    found = extracted(note, tmp_path, data)
    kept = GOLDEN / "reply.json"
    if os.environ.get("MEDPARSER_WRITE_GOLDEN"):
        kept.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(kept.read_text(encoding="utf-8"))


def test_the_package_runs_as_serve() -> None:
    command = [sys.executable, "-m", "fhir_server", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "--mllp-port" in done.stdout
