"""Deriving the tables: from a miniature of the definition bundles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from capability.derive import derive
from capability.derive.expand import Expander

FHIR = "http://hl7.org/fhir/"
Json = dict[str, Any]


def _structure(name: str, kind: str, elements: list[Json], **more: Any) -> Json:
    return {
        "resourceType": "StructureDefinition",
        "id": name,
        "fhirVersion": "4.0.1",
        "kind": kind,
        "abstract": False,
        "derivation": "specialization",
        "snapshot": {"element": [{"path": name, "min": 0, "max": "*"}, *elements]},
        **more,
    }


def _element(path: str, *types: Json, **more: Any) -> Json:
    return {"path": path, "min": 0, "max": "1", "type": list(types), "short": "prose", **more}


CODE = _structure(
    "code",
    "primitive-type",
    [
        _element(
            "code.value",
            {
                "code": "http://hl7.org/fhirpath/System.String",
                "extension": [{"url": FHIR + "StructureDefinition/regex", "valueString": "[a-z]+"}],
            },
        )
    ],
)
BASIC = _structure(
    "Basic",
    "resource",
    [
        _element(
            "Basic.kind",
            {"code": "code"},
            binding={"strength": "required", "valueSet": FHIR + "ValueSet/kinds|4.0.1"},
            constraint=[
                {"key": "ele-1", "severity": "error", "human": "prose", "expression": "hasValue()"},
                {"key": "bas-1", "severity": "warning", "expression": "exists()"},
            ],
        ),
        _element(
            "Basic.language",
            {"code": "code"},
            binding={
                "strength": "preferred",
                "valueSet": FHIR + "ValueSet/some",
                "extension": [
                    {
                        "url": FHIR + "StructureDefinition/elementdefinition-maxValueSet",
                        "valueCanonical": FHIR + "ValueSet/all|4.0.1",
                    }
                ],
            },
        ),
        _element(
            "Basic.subject",
            {"code": "Reference", "targetProfile": [FHIR + "StructureDefinition/Patient"]},
        ),
        {"path": "Basic.part", "min": 1, "max": "*", "contentReference": "#Basic.kind"},
    ],
)
SYSTEM = {
    "resourceType": "CodeSystem",
    "url": "urn:s",
    "content": "complete",
    "concept": [{"code": "a", "concept": [{"code": "b"}]}, {"code": "c"}],
}
KINDS = {
    "resourceType": "ValueSet",
    "url": FHIR + "ValueSet/kinds",
    "compose": {
        "include": [{"system": "urn:s"}],
        "exclude": [{"system": "urn:s", "concept": [{"code": "c"}]}],
    },
}
MAP = {
    "resourceType": "ConceptMap",
    "url": FHIR + "ConceptMap/m",
    "description": "prose",
    "group": [
        {
            "source": "urn:s",
            "target": "urn:t",
            "element": [{"code": "a", "target": [{"code": "x", "equivalence": "equal"}]}],
        }
    ],
}
LICENSED = {
    "resourceType": "ConceptMap",
    "url": FHIR + "ConceptMap/n",
    "group": [{"source": "urn:s", "target": "http://loinc.org", "element": [{"code": "a"}]}],
}
PARAMETER = {
    "resourceType": "SearchParameter",
    "url": FHIR + "SearchParameter/Basic-kind",
    "code": "kind",
    "type": "token",
    "base": ["Basic"],
    "expression": "Basic.kind",
    "description": "prose",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    other = PARAMETER | {"url": "https://example.org/fhir/SearchParameter/own"}
    bundles: dict[str, list[Json]] = {
        "profiles-types": [CODE, _structure("Short", "complex-type", [], derivation="constraint")],
        "profiles-resources": [BASIC, _structure("Project", "resource", [], fhirVersion="0")],
        "valuesets": [SYSTEM, KINDS],
        "v3-codesystems": [],
        "v2-tables": [],
        "conceptmaps": [MAP, LICENSED],
        "search-parameters": [PARAMETER, other],
    }
    for name, resources in bundles.items():
        entries = {"entry": [{"resource": r} for r in resources]}
        (tmp_path / f"{name}.json").write_bytes(orjson.dumps(entries))
    compartment = {
        "code": "Patient",
        "resource": [{"code": "Basic", "param": ["subject"]}, {"code": "Binary"}],
    }
    (tmp_path / "compartmentdefinition-patient.json").write_bytes(orjson.dumps(compartment))
    return tmp_path


def test_derive(folder: Path) -> None:
    out = folder / "out"
    out.mkdir()
    tables = {path.stem: orjson.loads(path.read_bytes()) for path in derive(folder, out)}
    assert tables["structures"] == {
        "resources": ["Basic"],
        "primitives": {"code": "[a-z]+"},
        "elements": {
            "Basic": [
                ["kind", 0, "1", ["code"], {"codes": FHIR + "ValueSet/kinds"}],
                ["language", 0, "1", ["code"], {"codes": FHIR + "ValueSet/all"}],
                ["subject", 0, "1", ["Reference"], {"targets": ["Patient"]}],
                ["part", 1, "*", [], {"content": "Basic.kind"}],
            ],
        },
    }
    assert tables["valuesets"] == {FHIR + "ValueSet/kinds": {"urn:s": ["a", "b"]}}
    assert tables["invariants"] == {
        "Basic.kind": {"bas-1": ["warning", "exists()"]},
        "Element": {"ele-1": ["error", "hasValue()"]},
    }
    assert [row["url"] for row in tables["terminology"]["ConceptMap"]] == [MAP["url"]]
    assert [row["code"] for row in tables["search"]] == ["kind"]
    assert tables["compartments"] == {"Patient": {"Basic": ["subject"]}}
    assert b"prose" not in b"".join(path.read_bytes() for path in out.iterdir())


def test_a_missing_bundle_is_named(folder: Path) -> None:
    (folder / "valuesets.json").unlink()
    with pytest.raises(FileNotFoundError, match=r"valuesets\.json"):
        derive(folder, folder)


def _set(url: str, **include: Any) -> Json:
    return {"resourceType": "ValueSet", "url": url, "compose": {"include": [include]}}


def test_what_can_not_be_listed_is_not_guessed() -> None:
    expander = Expander(
        [
            SYSTEM,
            KINDS,
            _set("filtered", system="urn:s", filter=[{"property": "p", "op": "=", "value": "v"}]),
            _set("elsewhere", system="urn:t"),
            _set(
                "both",
                system="urn:s",
                concept=[{"code": "b"}, {"code": "c"}],
                valueSet=[KINDS["url"]],
            ),
        ]
    )
    assert expander.expand("filtered") is None
    assert expander.expand("elsewhere") is None
    assert expander.expand("nowhere") is None
    assert expander.expand("both|1") == {"urn:s": ["b"]}
