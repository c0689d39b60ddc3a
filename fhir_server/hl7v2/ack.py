"""Acknowledgements: MSA and ERR for a message that was taken, refused or could not be handled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fhir_server.hl7v2.parse import Delimiters, Message

Code = Literal["AA", "AE", "AR"]  # table 0008
ERRORS = {  # table 0357
    "0": "Message accepted",
    "100": "Segment sequence error",
    "101": "Required field missing",
    "102": "Data type error",
    "103": "Table value not found",
    "104": "Value too long",
    "200": "Unsupported message type",
    "201": "Unsupported event code",
    "202": "Unsupported processing id",
    "203": "Unsupported version id",
    "204": "Unknown key identifier",
    "205": "Duplicate key identifier",
    "206": "Application record locked",
    "207": "Application internal error",
}

STANDARD = Delimiters()


@dataclass(frozen=True, slots=True)
class Problem:
    """One ERR segment: table 0357 code, ERL location such as PID^1^3, and a text without PHI."""

    code: str
    location: str
    text: str


def acknowledge(
    message: Message | None,
    code: Code,
    now: datetime,
    control_id: str,
    problem: Problem | None = None,
) -> bytes:
    """The ACK as bytes, in the sender's version, addressed back to it."""
    msh = message.msh if message else None
    version = (msh.value(12) if msh else "") or "2.5.1"
    event = msh.value(9, 2) if msh else ""
    kind = f"ACK^{event}^ACK" if event else "ACK"
    back = (
        [msh.value(5), msh.value(6), msh.value(3), msh.value(4)]
        if msh
        else ["MEDPARSER", "", "", ""]
    )
    processing = (msh.value(11) if msh else "") or "P"
    stamp = now.strftime("%Y%m%d%H%M%S.%f")[:-3] + "+0000"
    header = ["MSH", "^~\\&", *map(_escape, back), stamp, "", kind, control_id, processing, version]
    to = message.control_id if message else ""
    lines = ["|".join([*header, "", "", "", "", "", "UNICODE UTF-8"])]
    lines.append("|".join(["MSA", code, _escape(to)]))
    if problem is not None:
        named = f"{problem.code}^{ERRORS.get(problem.code, '')}^HL70357"
        lines.append(
            "|".join(["ERR", "", problem.location, named, "E", "", "", "", _escape(problem.text)])
        )
    return "".join(f"{line}\r" for line in lines).encode()


def _escape(value: str) -> str:
    to = STANDARD
    value = value.replace(to.escape, f"{to.escape}E{to.escape}")
    for name, mark in (
        ("F", to.field),
        ("S", to.component),
        ("R", to.repetition),
        ("T", to.subcomponent),
    ):
        value = value.replace(mark, f"{to.escape}{name}{to.escape}")
    return value.replace("\r", " ").replace("\n", " ")
