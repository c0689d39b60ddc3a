"""receive: what a message is answered, and what is stored by then."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import replace
from pathlib import Path

import pytest

from fhir_server.app import wired
from fhir_server.hl7v2.receive import Receiver
from fhir_server.settings import Settings
from fhir_server.store.journal import Journal

ADT = "MSH|^~\\&|APP|FAC|TO|THERE|2026||ADT^A01|{}|P|2.5.1\r"
MDM = "MSH|^~\\&|APP|FAC|TO|THERE|2026||MDM^T02|{}|P|2.5.1\rPID|1||5^^^N||Roe^Ann\rTXA|1|CN\r"
PID = "PID|1||{}^^^N||Roe^Ann||19700101|F\r"


def told(
    raws: list[str | bytes], folder: Path, data: Path, max_note: int = 1 << 20
) -> tuple[list[list[str]], dict[str, int]]:
    """The segments of each answer, and how many of each type are stored afterwards."""
    settings = Settings(port=0, mllp_port=0, data=data, database=f"sqlite:///{folder}/s.sqlite")

    async def talk() -> tuple[list[list[str]], dict[str, int]]:
        with wired(replace(settings, max_note=max_note)) as (ctx, store):
            receiver = Receiver(ctx, Journal(store, ctx.now))
            answers = []
            for raw in raws:
                given = raw.encode() if isinstance(raw, str) else raw
                answers.append((await receiver.answer(given, "10.0.0.1:1")).decode().split("\r"))
            await receiver.close(patience=300)
            held = {}
            for kind in ("Patient", "Encounter", "DocumentReference", "Condition"):
                held[kind] = (await ctx.repository.search(kind, [])).total or 0
            return answers, held

    return asyncio.run(talk())


@pytest.mark.parametrize(
    ("raw", "code", "place"),
    [
        (ADT.format("1") + PID.format("5") + ADT.format("2") + PID.format("6"), "AR", "MSH^2"),
        (ADT.format("1") + PID.format("5") + PID.format("6"), "AE", "PID^2"),
        (ADT.format("1") + PID.format("5") + "PV1|1|I\rPV1|2|O\r", "AE", "PV1^2"),
        (MDM.format("1") + "TXA|2|CN\rOBX|1|TX|||words\r", "AE", "TXA^2"),
    ],
)
def test_two_in_one_are_refused_and_nothing_is_stored(
    raw: str, code: str, place: str, tmp_path: Path, data: Path
) -> None:
    [answer], held = told([raw], tmp_path, data)
    assert answer[1] == f"MSA|{code}|1"
    assert answer[2].startswith(f"ERR||{place}|100^Segment sequence error^HL70357|E|")
    assert not any(held.values())


@pytest.mark.parametrize(
    ("obx", "place", "said"),
    [
        ("OBX|1|TX|||{}".format("long " * 300), "OBX^1^5", "over 1000 bytes"),
        ("OBX|1|ED|||^application^pdf^Base64^{}".format(base64.b64encode(b"%PDF-1.4 no").decode()), "OBX^1^5", ""),
        ("OBX|1|NM|99\rOBX|2|TX|||Asthma.\rOBX|3|ED|||^application^zip^Base64^UEsDBA==", "OBX^3^5", ""),
    ],
)  # fmt: skip
def test_a_document_that_is_not_read_is_stored_with_a_warning(
    obx: str, place: str, said: str, tmp_path: Path, data: Path
) -> None:
    [answer, again], held = told([f"{MDM.format('1')}{obx}\r"] * 2, tmp_path, data, 1000)
    assert answer[1] == "MSA|AA|1"
    assert answer[2].startswith(f"ERR||{place}|102^Data type error^HL70357|W|")
    assert said in answer[2]
    assert again == answer
    assert held["DocumentReference"] == 1


async def _fails(*_: object) -> tuple[()]:
    raise RuntimeError


async def _hangs(*_: object) -> tuple[()]:
    await asyncio.sleep(60)
    return ()


@pytest.mark.parametrize(("reading", "warned"), [(_fails, "ERR|||207^"), (_hangs, "")])
def test_what_is_stored_is_accepted_whatever_becomes_of_its_reading(
    reading: object, warned: str, tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fhir_server.hl7v2.receive.unread", reading)
    monkeypatch.setattr("fhir_server.hl7v2.receive.READ_SECONDS", 0.05)
    [answer], held = told([MDM.format("1") + "OBX|1|TX|||Asthma.\r"], tmp_path, data)
    assert answer[1] == "MSA|AA|1"
    assert answer[2].startswith(warned)
    assert bool(answer[2]) == bool(warned)
    assert held["DocumentReference"] == 1


PERSON = "PID|1||5^^^N||Roe^Ann||{7}|{8}||||||||||||||||{24}|{25}||||{29}|{30}\r"


@pytest.mark.parametrize(
    ("given", "warned"),
    [
        ({7: "notadate"}, ["PID^1^7 102"]),
        ({7: "195"}, ["PID^1^7 102"]),
        ({7: "19700101", 8: "f", 24: "Y", 25: "2", 29: "2026", 30: "y"}, []),
        ({8: "Q"}, ["PID^1^8 103"]),
        ({24: "maybe", 25: "two"}, ["PID^1^24 103", "PID^1^25 102"]),
        ({29: "yesterday", 30: "?", 7: '""', 8: '""'}, ["PID^1^29 102", "PID^1^30 103"]),
    ],
)
def test_a_field_that_is_left_out_is_warned_of(
    given: dict[int, str], warned: list[str], tmp_path: Path, data: Path
) -> None:
    fields = [given.get(n, "") for n in range(31)]
    [answer], held = told([ADT.format("1") + PERSON.format(*fields)], tmp_path, data)
    assert answer[1] == "MSA|AA|1"
    assert held["Patient"] == 1
    found = [line.split("|") for line in answer[2:] if line]
    assert [f"{err[2]} {err[3].partition('^')[0]}" for err in found] == warned
    assert all(err[4] == "W" for err in found)
    assert not any(value and value in answer[2] for value in given.values() if len(value) > 1)


def test_fields_of_every_segment_are_warned_of(tmp_path: Path, data: Path) -> None:
    raw = (
        ADT.format("1")
        + PID.format("5")
        + f"PV1|1|Z{'|' * 42}tomorrow|soon\r"
        + "DG1|1||I10^High^I10C||today|X\rDG1|2||E11^Sugar^I10C||20260101|f\r"
        + "AL1|1|DA~QQ|1^Nuts|MO||2001~x\r"
    )
    [answer], held = told([raw], tmp_path, data)
    assert answer[1] == "MSA|AA|1"
    assert held["Condition"] == 2
    assert [line.split("|")[2] for line in answer[2:] if line] == (
        ["PV1^1^44", "PV1^1^45", "DG1^1^5", "DG1^1^6", "AL1^1^2^2"]
    )


@pytest.mark.parametrize("event", ["A11", "A08", "A02"])
def test_a_visit_stays_with_its_patient(event: str, tmp_path: Path, data: Path) -> None:
    pv1 = f"PV1|1|I{'|' * 17}V1\r"
    other = ADT.format("2").replace("A01", event) + PID.format("6") + pv1
    [first, then], held = told([ADT.format("1") + PID.format("5") + pv1, other], tmp_path, data)
    assert (first[1], then[1]) == ("MSA|AA|1", "MSA|AE|2")
    assert then[2].startswith("ERR||PV1^1^19|205^")
    assert held["Patient"] == held["Encounter"] == 1


def test_a_document_that_is_read_has_no_warning(tmp_path: Path, data: Path) -> None:
    [answer], held = told([MDM.format("1") + "OBX|1|TX|||Asthma.\r"], tmp_path, data)
    assert answer[1:] == ["MSA|AA|1", ""]
    assert held["DocumentReference"] == 1


@pytest.mark.parametrize(
    "raw",
    [
        (ADT.format("7").rstrip() + "||||||KLINGON\r" + PID.format("5")).encode(),
        (ADT.format("7").rstrip() + "||||||UNICODE UTF-8\rPID|1||5||Gr\xfcn\r").encode("latin-1"),
        (ADT.format("7") + "no segment\r").encode(),
    ],
)
def test_what_can_not_be_read_is_answered_to_its_sender(
    raw: bytes, tmp_path: Path, data: Path
) -> None:
    [answer], held = told([raw], tmp_path, data)
    assert answer[0].split("|")[2:6] == ["TO", "THERE", "APP", "FAC"]
    assert answer[1] == "MSA|AR|7"
    assert not any(held.values())


@pytest.mark.parametrize(
    ("segments", "place"),
    [
        ("PID|1||5^^^N||||19609999\r", "PID^1^7"),
        (PID.format("5") + "PV1|1|I||||||||||||||||||||||||||||||||||||||||||20269999\r", "PV1^1^44"),
        (PID.format("5") + "DG1|1||I10^^I10C\rDG1|2||E11^^I10C||20269999\r", "DG1^2^5"),
        ("PID|1||5^^^N||Roe^Ann~Doe^\\X01\\\r", "PID^1^5^2"),
        (PID.format("5") + "PV1|1|I|||A\\X01\\\r", "PV1^1^5"),
    ],
)  # fmt: skip
def test_what_does_not_validate_is_told_where_it_came_from(
    segments: str, place: str, tmp_path: Path, data: Path
) -> None:
    [answer], held = told([ADT.format("7") + segments], tmp_path, data)
    assert answer[1] == "MSA|AE|7"
    assert answer[2].startswith(f"ERR||{place}|102^")
    assert not any(held.values())


@pytest.mark.parametrize(("version", "told_in"), [("9.9", "2.5.1"), ("", "2.5.1"), ("2.3", "2.3")])
def test_the_version_of_the_answer(version: str, told_in: str, tmp_path: Path, data: Path) -> None:
    raw = ADT.format("7").replace("2.5.1", version) + PID.format("5")
    [answer], _ = told([raw], tmp_path, data)
    assert answer[0].split("|")[11] == told_in


@pytest.mark.parametrize(
    ("asked", "code"),
    [("|AL|AL", "AA"), ("|NE|AL", "AA"), ("|AL|NE", "CA"), ("|SU|NE", "CA"), ("||", "AA")],
)
def test_the_acknowledgement_that_is_asked_for(
    asked: str, code: str, tmp_path: Path, data: Path
) -> None:
    raw = ADT.format("7").rstrip() + f"||{asked}\r"
    [taken, refused], _ = told([raw + PID.format("5"), raw + "PV1|1\r"], tmp_path, data)
    assert taken[1] == f"MSA|{code}|7"
    assert refused[1] == f"MSA|{code[0]}E|7"


def test_a_batch_is_refused(tmp_path: Path, data: Path) -> None:
    raw = f"FHS|^~\\&|A\rBHS|^~\\&|A\r{ADT.format('7')}{PID.format('5')}BTS|1\rFTS|1\r"
    [answer], held = told([raw], tmp_path, data)
    assert answer[1].startswith("MSA|AR|")
    assert "one by one" in answer[2]
    assert not any(held.values())


def test_a_control_id_again(tmp_path: Path, data: Path) -> None:
    one, other = (ADT.format("7") + PID.format(n) for n in (5, 6))
    [first, again, new], held = told([one, one, other], tmp_path, data)
    assert first == again
    assert new != first
    assert new[1] == "MSA|AA|7"
    assert held["Patient"] == 2
