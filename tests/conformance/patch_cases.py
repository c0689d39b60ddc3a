"""The official cases of patches: HL7's of FHIRPath Patch (XML), those of JSON Patch (JSON).

    python -m tests.conformance.patch_cases FOLDER

FOLDER holds fhir-path-tests.xml or fhir-patch-tests.xml (r4/patch of fhir-test-cases), tests.json
and spec_tests.json (json-patch-tests); what is absent is not run.
"""

from __future__ import annotations

import html
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fhir_server.errors import FhirError
from fhir_server.http.xml import to_json
from fhir_server.patch import applying
from fhir_server.patch.document import same

Json = Any
FHIRPATH = ("fhir-path-tests.xml", "fhir-patch-tests.xml")
JSON_PATCH = ("tests.json", "spec_tests.json")
_CASE = re.compile(r'<case name="([^"]*)".*?</case>', re.DOTALL)
_PART = r"<{0}>.*?(<[A-Z].*>)\s*</{0}>"


@dataclass(frozen=True)
class Case:
    """One case; `output` is None where the patch must be refused, `given` is no output at all."""

    file: str
    name: str
    kind: str
    document: bytes
    patch: bytes
    output: Json
    given: bool = True

    @property
    def id(self) -> str:
        return f"{self.file}/{self.name}"


def cases(folder: Path) -> Iterator[Case]:
    """Every case of the folder that speaks of what can be a resource: a JSON object."""
    for name in FHIRPATH:
        if (path := folder / name).exists():
            for found in _CASE.finditer(path.read_text("utf-8")):
                yield _fhirpath(name, found[1], found[0])
    for name in JSON_PATCH:
        if (path := folder / name).exists():
            for number, each in enumerate(json.loads(path.read_text("utf-8"))):
                if "patch" in each and not each.get("disabled") and isinstance(each["doc"], dict):
                    yield _json(name, number, each)


def _fhirpath(file: str, name: str, text: str) -> Case:
    parts = {
        part: to_json(found[1].encode())
        for part in ("input", "diff", "output")
        if (found := re.search(_PART.format(part), text, re.DOTALL))
    }
    output = json.loads(parts["output"]) if "output" in parts else None
    return Case(file, name, "application/fhir+json", parts["input"], parts["diff"], output)


def _json(file: str, number: int, each: Json) -> Case:
    name = f"{number} {each.get('comment', '')}".strip()
    document, patch = (json.dumps(each[part]).encode() for part in ("doc", "patch"))
    kind = "application/json-patch+json"
    if "error" in each:
        return Case(file, name, kind, document, patch, None)
    given = "expected" in each
    return Case(file, name, kind, document, patch, each.get("expected", {}), given)


def failure(case: Case) -> str | None:
    """Why a case is not passed, or None."""
    try:
        made = json.loads(applying(case.kind, case.patch)(case.document))
    except FhirError as error:
        return None if case.output is None else f"refused: {error}"
    if case.output is None:
        return f"not refused, but made {made}"
    if not case.given or same(_plain(made), _plain(case.output)):
        return None
    return f"made {made}, not {case.output}"


def _plain(value: Json) -> Json:
    """A value without what is empty, which FHIR has not, and narratives as their text stands."""
    if isinstance(value, dict):
        made = {k: _plain(v) for k, v in value.items() if k != "div"}
        narrative = {"div": " ".join(html.unescape(value["div"]).split())} if "div" in value else {}
        return {k: v for k, v in (made | narrative).items() if v not in ({}, [])}
    if isinstance(value, list):
        return [each for each in map(_plain, value) if each not in ({}, [])]
    return value


def main(folder: Path) -> int:
    """Runs all and tells what fails."""
    told = {case.id: failure(case) for case in cases(folder)}
    failed = {name: why for name, why in told.items() if why}
    for name, why in failed.items():
        sys.stdout.write(f"FAIL {name}\n     {why}\n")
    sys.stdout.write(f"{len(told) - len(failed)} of {len(told)} cases passed\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
