"""Runs the cases of the FHIR terminology ecosystem against a server.

    python -m tests.conformance.runner http://localhost:8080/fhir FOLDER [--mode M] [--only NAME]

FOLDER holds test-cases.json. Each setup resource travels with its request (tx-resource), so that
nothing has to be loaded; the server may be anybody's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.conformance.compare import Comparer
from tests.conformance.r5 import upgraded

Json = dict[str, Any]
PATHS = {
    "expand": "ValueSet/$expand",
    "validate-code": "ValueSet/$validate-code",
    "cs-validate-code": "CodeSystem/$validate-code",
    "lookup": "CodeSystem/$lookup",
    "subsumes": "CodeSystem/$subsumes",
    "translate": "ConceptMap/$translate",
    "batch-validate": "ValueSet/$batch-validate-code",
    "related": "ValueSet/$related",
    "compare": "ValueSet/$compare",
}
GENERAL = "general"
VERSION = "4.0.1"  # of what http://hl7.org/fhir defines, as an R4 server knows it


@dataclass(frozen=True)
class Case:
    """One case: where it stands, what it needs, what it says."""

    folder: Path
    suite: str
    name: str
    test: Json
    setup: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"{self.suite}/{self.name}"

    def request(self) -> Json:
        """The Parameters to send: the case's own, the profile's, and the setup resources."""
        body: Json = _read(self.folder / self.test["request"]) if "request" in self.test else {}
        body = {"resourceType": "Parameters", **body}
        parameters = list(body.get("parameter", ()))
        named = {p["name"] for p in parameters}
        profile = _read(self.folder / self.test.get("profile", "parameters-default.json"))
        parameters += [p for p in profile.get("parameter", ()) if p["name"] not in named]
        parameters += [
            {"name": "tx-resource", "resource": _read(self.folder / path)} for path in self.setup
        ]
        return {**body, "parameter": parameters}

    def expected(self, modes: Collection[str]) -> Json:
        """The template of the reply."""
        special = [m for m in modes if f"response:{m}" in self.test]
        name = f"response:{special[0]}" if special else "response"
        return _read(self.folder / self.test[name])


def cases(folder: Path, modes: Collection[str] = ()) -> Iterator[Case]:
    """The cases of the general mode and of those asked for."""
    for suite in _read(folder / "test-cases.json")["suites"]:
        for test in suite.get("tests", ()):
            wanted = {suite.get("mode", GENERAL), test.get("mode", GENERAL)}
            if wanted <= {GENERAL, *modes}:
                yield Case(folder, suite["name"], test["name"], test, tuple(suite.get("setup", ())))


async def failure(client: httpx.AsyncClient, case: Case, modes: Collection[str] = ()) -> str | None:
    """Why a server does not pass a case, or None."""
    headers = {"content-type": "application/fhir+json", "accept": "application/fhir+json"}
    if language := case.test.get("Accept-Language"):
        headers["accept-language"] = language
    operation = case.test["operation"]
    if operation in ("metadata", "term-caps"):
        mode = {"mode": "terminology"} if operation == "term-caps" else {}
        reply = await client.get("metadata", params=mode, headers=headers)
    elif operation in PATHS:
        body = json.dumps(case.request()).encode()
        reply = await client.post(PATHS[operation], content=body, headers=headers)
    else:
        return f"the runner knows no operation {operation!r}"
    if problem := _status(str(case.test.get("http-code", 200)), reply.status_code):
        return f"{problem}: {reply.text[:400]}"
    comparer = Comparer((*modes, "version:4"), variables={"version": VERSION})
    return comparer.difference(case.expected(modes), _without_text(upgraded(reply.json())))


def _status(wanted: str, got: int) -> str | None:
    fits = wanted[0] == str(got)[0] if wanted.endswith("xx") else wanted == str(got)
    return None if fits else f"status {got}, not {wanted}"


def _without_text(resource: Json) -> Json:
    """A narrative is for people; what it says is not compared."""
    return {name: value for name, value in resource.items() if name != "text"}


def _read(path: Path) -> Json:
    resource: Json = json.loads(path.read_text("utf-8-sig"))
    resource.pop("text", None)
    return resource


async def _main(url: str, folder: Path, modes: list[str], only: str) -> int:
    failed = total = 0
    async with httpx.AsyncClient(base_url=url.rstrip("/") + "/", timeout=60) as client:
        for case in cases(folder, modes):
            if only in case.id:
                total += 1
                if told := await failure(client, case, modes):
                    failed += 1
                    sys.stdout.write(f"FAIL {case.id}\n     {told}\n")
    sys.stdout.write(f"{total - failed} of {total} cases passed\n")
    return 1 if failed else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mode", action="append", default=[])
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    sys.exit(asyncio.run(_main(asked.url, asked.folder, asked.mode, asked.only)))
