"""Acknowledgements: MSA and ERR for a message that was taken, refused or could not be handled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fhir_server.hl7v2.parse import Delimiters, Message

Code = Literal["AA", "AE", "AR"]  # table 0008
COMMIT = {"AA": "CA", "AE": "CE", "AR": "CR"}  # the same of the accept acknowledgement
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

VERSIONS = {  # table 0104
    "2.1", "2.2", "2.3", "2.3.1", "2.3.2", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.7.1", "2.8",
    "2.8.1", "2.8.2", "2.9",
}  # fmt: skip
PROCESSING = {"P", "T", "D"}  # table 0103
STANDARD = Delimiters()


@dataclass(frozen=True, slots=True)
class Problem:
    """One ERR segment: table 0357 code, ERL location such as PID^1^3, and a text without PHI.

    A warning (severity W, table 0516) comes with an AA: the message was taken nevertheless.
    """

    code: str
    location: str
    text: str
    severity: Literal["E", "W"] = "E"


def acknowledge(
    message: Message | None,
    code: Code,
    now: datetime,
    control_id: str,
    problems: Iterable[Problem] = (),
) -> bytes:
    """The ACK as bytes, addressed back to the sender, in its version (2.5.1 where it has none)."""
    msh = message.msh if message else None
    named = msh.value(12) if msh else ""
    version = named if named in VERSIONS else "2.5.1"
    event = _escape(msh.value(9, 2)) if msh else ""
    kind = f"ACK^{event}^ACK" if event else "ACK"
    back = (
        [msh.value(5), msh.value(6), msh.value(3), msh.value(4)]
        if msh
        else ["MEDPARSER", "", "", ""]
    )
    given = msh.value(11) if msh else ""
    processing = given if given in PROCESSING else "P"
    stamp = now.strftime("%Y%m%d%H%M%S.%f")[:-3] + "+0000"
    header = ["MSH", "^~\\&", *map(_escape, back), stamp, "", kind, control_id, processing, version]
    to = message.control_id if message else ""
    lines = ["|".join([*header, "", "", "", "", "", "UNICODE UTF-8"])]
    # who wants no application acknowledgement, but one of acceptance, hears of the same by it
    accepting = msh and msh.value(16) == "NE" and msh.value(15) in ("AL", "ER", "SU")
    lines.append("|".join(["MSA", COMMIT[code] if accepting else code, _escape(to)]))
    lines += map(_err, problems)
    return "".join(f"{line}\r" for line in lines).encode()


def _err(problem: Problem) -> str:
    code = f"{problem.code}^{ERRORS.get(problem.code, '')}^HL70357"
    fields = ["ERR", "", problem.location, code, problem.severity, "", "", ""]
    return "|".join([*fields, _escape(problem.text)])


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
