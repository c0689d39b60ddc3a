"""Messages to resources: golden files side by side, and every official example that we take."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest

from capability.validate import validate
from fhir_server.hl7v2.mapping import Defaults
from fhir_server.hl7v2.messages import MESSAGES
from fhir_server.hl7v2.parse import parse
from fhir_server.hl7v2.place import Place, Refused, merge
from fhir_server.repository import Update
from tests.fhir_server.serving import opened
from tests.reference import reference

GOLDEN = Path(__file__).parents[2] / "golden" / "v2"


def mapped(raw: bytes, folder: Path, *, times: int = 1) -> list[dict[str, Any]]:
    """The resources of a message, after it was stored `times - 1` times."""
    defaults = Defaults("Z", "urn:id:SENDER")

    async def take() -> list[dict[str, Any]]:
        message = parse(raw)
        with opened(folder) as (repository, _):
            for _ in range(times):
                place = Place(repository, message.sender)
                await MESSAGES[message.type](message, defaults, place)
                found = place.resources
                await repository.transact([Update(r["resourceType"], r["id"], r) for r in found])
            return found

    return asyncio.run(take())


@pytest.mark.parametrize("name", [f.stem for f in sorted(GOLDEN.glob("*.hl7"))])
def test_golden(name: str, tmp_path: Path) -> None:
    raw = (GOLDEN / f"{name}.hl7").read_bytes()
    found = mapped(raw, tmp_path)
    kept = GOLDEN / f"{name}.json"
    if os.environ.get("MEDPARSER_WRITE_GOLDEN"):
        kept.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(kept.read_text(encoding="utf-8"))
    for resource in found:
        assert [i for i in validate(resource) if i.severity == "error"] == []


@pytest.mark.parametrize("name", ["adt_a01", "mdm_t02"])
def test_a_replay_makes_the_same_resources(name: str, tmp_path: Path) -> None:
    raw = (GOLDEN / f"{name}.hl7").read_bytes()
    first = {(r["resourceType"], r["id"]) for r in mapped(raw, tmp_path)}
    again = {(r["resourceType"], r["id"]) for r in mapped(raw, tmp_path, times=2)}
    assert first == again


def test_a_patient_made_elsewhere_is_found_by_identifier(tmp_path: Path) -> None:
    raw = (GOLDEN / "mdm_t02.hl7").read_bytes()

    async def take() -> list[dict[str, Any]]:
        with opened(tmp_path) as (repository, _):
            held = {
                "resourceType": "Patient",
                "id": "ours",
                "identifier": [{"system": "urn:id:RIVERSIDE", "value": "880417"}],
                "telecom": [{"system": "email", "value": "d@example.org"}],
                "generalPractitioner": [{"display": "Dr. Who"}],
            }
            await repository.transact([Update("Patient", "ours", held)])
            message = parse(raw)
            place = Place(repository, message.sender)
            await MESSAGES[message.type](message, Defaults(), place)
            return place.resources

    patient, *_ = asyncio.run(take())
    assert patient["id"] == "ours"
    assert patient["generalPractitioner"] == [{"display": "Dr. Who"}]
    assert patient["telecom"][0]["system"] == "phone"


def test_official_examples_of_the_messages_we_take_are_stored(tmp_path: Path) -> None:
    folder = reference("data/v2/dev")
    taken, refused = 0, []
    for number, file in enumerate(sorted(folder.rglob("*.hl7"))):
        raw = file.read_bytes()
        message = parse(raw)
        if message.type not in MESSAGES:
            continue
        try:
            assert mapped(raw, tmp_path / str(number)), file.name
        except Refused:  # one has words where its document's base64 would be
            refused.append(file.name)
        taken += 1
    assert taken >= 5
    assert len(refused) <= 1, refused


def test_a_null_deletes_and_silence_keeps(tmp_path: Path) -> None:
    head = b"MSH|^~\\&|A|B|C|D|2026||ADT^A08|1|P|2.5\r"
    first = head + b"PID|1||5^^^N||Roe^Ann||19700101|F|||1 Main St^^X||555\r"
    then = head + b'PID|1||5^^^N||Roe^Ann||||||""\r'

    async def take() -> dict[str, Any]:
        with opened(tmp_path) as (repository, _):
            for raw in (first, then):
                message = parse(raw)
                place = Place(repository, message.sender)
                await MESSAGES[message.type](message, Defaults(), place)
                changes = [Update(r["resourceType"], r["id"], r) for r in place.resources]
                await repository.transact(changes)
            return place.resources[0]

    patient = asyncio.run(take())
    assert "address" not in patient
    assert patient["telecom"] == [{"system": "phone", "value": "555", "use": "home"}]
    assert patient["birthDate"] == "1970-01-01"


def test_an_extension_takes_the_place_of_its_kind_alone() -> None:
    stored = {
        "resourceType": "Patient",
        "id": "a",
        "birthDate": "1970",
        "_birthDate": {"id": "old"},
        "extension": [{"url": "x", "valueCode": "1"}, {"url": "y", "valueCode": "1"}],
    }
    told = {"birthDate": "1971", "extension": [{"url": "y", "valueCode": "2"}]}
    assert merge(stored, {"resourceType": "Patient", **told}, {"extension"}) == {
        "resourceType": "Patient",
        "id": "a",
        "birthDate": "1971",
        "extension": [{"url": "x", "valueCode": "1"}, {"url": "y", "valueCode": "2"}],
    }


@pytest.mark.parametrize(
    ("pid", "address"),
    [
        ("1 Main St^^X||", [{"line": ["1 Main St"], "city": "X"}]),
        ("^^X|Kent|", [{"city": "X", "district": "Kent"}]),
        ("^^X^^^^^^Kent|Kent|", [{"city": "X", "district": "Kent"}]),
        ("^^X^^^^^^Surrey|Kent|", [{"city": "X", "district": "Surrey"}, {"district": "Kent"}]),
        ("^^X~^^Y|Kent|", [{"city": "X"}, {"city": "Y"}, {"district": "Kent"}]),
        ("|Kent|", [{"district": "Kent"}]),
    ],
)
def test_the_county_is_that_of_the_only_address(
    tmp_path: Path, pid: str, address: list[dict[str, Any]]
) -> None:
    raw = (
        b"MSH|^~\\&|A|B|C|D|2026||ADT^A08|1|P|2.5\rPID|1||5^^^N||Roe^Ann||1970010125|F|||"
        + pid.encode()
    )
    [patient] = mapped(raw, tmp_path)
    assert patient["address"] == address
    assert "_birthDate" not in patient, "no day has an hour 25"
