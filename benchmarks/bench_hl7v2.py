"""HL7 v2: parse a message and read what a mapping reads, against hl7apy and python-hl7."""

from __future__ import annotations

from pathlib import Path

import hl7
from hl7apy.parser import parse_message
from race import claim, race

from fhir_server.hl7v2.parse import parse

EXAMPLE = Path(__file__).parents[1] / "examples" / "consult-note.hl7"
RAW = EXAMPLE.read_bytes().replace(b"\n", b"\r")
TEXT = RAW.decode()
TIMES = 20


def ours() -> tuple[str, ...]:
    message = parse(RAW)
    pid = message.first("PID")
    assert pid is not None
    return message.control_id, pid.value(3), pid.value(5), pid.value(7), pid.value(8)


def python_hl7() -> tuple[str, ...]:
    message = hl7.parse(TEXT)
    pid = message.segment("PID")
    return str(message.segment("MSH")[10]), str(pid[3]), str(pid[5]), str(pid[7]), str(pid[8])


def hl7apy() -> tuple[str, ...]:
    message = parse_message(TEXT, find_groups=False)
    pid = message.pid
    return (
        message.msh.msh_10.value,
        pid.pid_3.value,
        pid.pid_5.value,
        pid.pid_7.value,
        pid.pid_8.value,
    )


def main() -> None:
    jobs = {"ours": ours, "python-hl7": python_hl7, "hl7apy": hl7apy}
    taken = race(
        {name: lambda job=job: [job() for _ in range(TIMES)] for name, job in jobs.items()}
    )  # type: ignore[misc]
    for name in ("python-hl7", "hl7apy"):
        rate = TIMES / taken["ours"], TIMES / taken[name]
        claim(f"parse MDM^T02 and read five fields (ours vs {name})", *rate, "messages/s")


if __name__ == "__main__":
    main()
