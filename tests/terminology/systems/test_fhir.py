"""FHIR CodeSystem: JSON and NDJSON made here, and what is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from terminology.codesystem import Coding
from terminology.errors import SourceError
from terminology.loading import lines
from terminology.loading.source import Options
from tests.terminology.release import load

CONCEPTS: list[dict[str, Any]] = [
    {
        "code": "A",
        "display": "Above",
        "definition": "What is above",
        "designation": [{"language": "nl", "use": {"code": "syn"}, "value": "Boven"}],
        "concept": [{"code": "B", "display": "Below", "concept": [{"code": "C"}]}],
    },
    {
        "code": "D",
        "display": "Apart",
        "property": [
            {"code": "up", "valueCode": "A"},
            {"code": "gone", "valueBoolean": True},
            {"code": "weight", "valueInteger": 3},
            {"code": "like", "valueCoding": {"system": "urn:x", "code": "y"}},
        ],
    },
]
HEAD: dict[str, Any] = {
    "resourceType": "CodeSystem",
    "url": "urn:cs",
    "version": "1.0",
    "name": "Test",
    "content": "complete",
    "caseSensitive": False,
    "property": [
        {"code": "up", "uri": "http://hl7.org/fhir/concept-properties#parent", "type": "code"},
        {
            "code": "gone",
            "uri": "http://hl7.org/fhir/concept-properties#inactive",
            "type": "boolean",
        },
        {"code": "weight", "type": "integer"},
    ],
}


def as_json(folder: Path, **changes: object) -> Path:
    path = folder / "cs.json"
    path.write_text(json.dumps({**HEAD, "concept": CONCEPTS, **changes}, indent=1))
    return path


def test_concepts_nested_and_by_property(tmp_path: Path) -> None:
    loaded = load("fhir", as_json(tmp_path), tmp_path / "data")
    assert (loaded.name, loaded.version, list(loaded.codes())) == (
        "Test",
        "1.0",
        ["A", "B", "C", "D"],
    )
    assert loaded.subsumes("A", "C")
    assert loaded.subsumes("A", "D")
    assert loaded.is_inactive("D")
    assert loaded.find("b") == "B"
    assert loaded.find("x") is None
    assert loaded.display("C") == ""
    concept = loaded.concept("A")
    assert concept.definition == "What is above"
    assert [(d.language, d.value) for d in concept.designations] == [("nl", "Boven")]
    assert loaded.concept("D").property("weight") == 3
    assert loaded.concept("D").property("like") == Coding("urn:x", "y")
    assert loaded.properties["weight"].kind == "integer"


def test_ndjson_has_a_concept_a_line(tmp_path: Path) -> None:
    lines = [HEAD, {"code": "A"}, {"code": "B", "property": [{"code": "up", "valueCode": "A"}]}]
    path = tmp_path / "cs.ndjson"
    path.write_text("\n".join(map(json.dumps, lines)) + "\n")
    assert load("fhir", path, tmp_path / "data").parents("B") == ["A"]


def test_a_fragment_says_so(tmp_path: Path) -> None:
    loaded = load("fhir", as_json(tmp_path, content="fragment"), tmp_path / "data")
    assert loaded.info.content == "fragment"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"content": "not-present"}, "only complete or fragment"),
        ({"resourceType": "ValueSet"}, "'ValueSet' where a CodeSystem"),
        ({"url": ""}, "has no url"),
        ({"version": ""}, "has no version"),
        ({"concept": [{"code": "A"}, {"code": "A"}]}, "'A' occurs twice"),
        ({"concept": [{"display": "A"}]}, "a concept has no code"),
        ({"concept": [{"code": "A", "property": [{"code": "p"}]}]}, "'p' has no value"),
        ({"concept": [{"code": "A", "property": [{"valueCode": "p"}]}]}, "property has no code"),
        ({"concept": ["A"]}, r"Expected `object`, got `str` - at `\$.concept"),
        ({"title": 5}, r"Expected `str`, got `int` - at `\$.title`"),
        ({"property": [{"uri": "urn:p"}]}, "missing required field `code`"),
    ],
)
def test_what_is_none_is_refused(tmp_path: Path, changes: dict[str, object], said: str) -> None:
    with pytest.raises(SourceError, match=said):
        load("fhir", as_json(tmp_path, **changes), tmp_path / "data")


def test_broken_json_is_located(tmp_path: Path) -> None:
    path = as_json(tmp_path)
    path.write_text(path.read_text().replace('"version": "1.0",', '"version": oops,'))
    with pytest.raises(SourceError, match=r"cs\.json:4"):
        load("fhir", path, tmp_path / "data", Options(version="1"))
    rows = tmp_path / "cs.ndjson"
    rows.write_text(json.dumps(HEAD) + '\n{"code": "A"}\n{"code":\n')
    with pytest.raises(SourceError, match=r"cs\.ndjson:3"):
        load("fhir", rows, tmp_path / "data")
    rows.write_bytes(json.dumps(HEAD).encode() + b'\n{"code": "\xe9"}\n')
    with pytest.raises(SourceError, match=r"cs\.ndjson:2: .*utf-8"):
        load("fhir", rows, tmp_path / "data")
    rows.write_text(json.dumps(HEAD) + '\n{"code": "A", "concept": ' + '[{"concept": ' * 5000)
    with pytest.raises(SourceError, match=r"cs\.ndjson:2: .*recursion"):
        load("fhir", rows, tmp_path / "data")
    rows.write_text(json.dumps(HEAD) + "\n" + json.dumps(HEAD) + "\n")
    with pytest.raises(SourceError, match=r"cs\.ndjson:2: a second resource"):
        load("fhir", rows, tmp_path / "data")


def test_json_in_one_long_line_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LONGEST", 64)
    monkeypatch.setattr(lines, "CHUNK", 50)
    path = tmp_path / "cs.json"
    path.write_text(json.dumps({**HEAD, "concept": CONCEPTS}))
    assert load("fhir", path, tmp_path / "data").codes() == ["A", "B", "C", "D"]
