"""ICD-10 of the WHO: a small ClaML file made here, modifiers included."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.errors import SourceError
from terminology.loading.source import Options
from tests.terminology.release import load

CLAML = """<?xml version="1.0" encoding="UTF-8"?>
<ClaML version="2.0.0">
<Title name="ICD-10" date="2019-01-01" version="2019">Statistical  Classification</Title>
<Modifier code="S04E10_4"><SubClass code=".0"/><SubClass code=".9"/></Modifier>
<ModifierClass modifier="S04E10_4" code=".0"><SuperClass code="S04E10_4"/>
  <Rubric kind="preferred"><Label xml:lang="en">With coma</Label></Rubric></ModifierClass>
<ModifierClass modifier="S04E10_4" code=".9"><SuperClass code="S04E10_4"/>
  <Rubric kind="preferred"><Label xml:lang="en">Without complications</Label></Rubric></ModifierClass>
<Class code="IV" kind="chapter"><SubClass code="E10-E14"/>
  <Rubric kind="preferred"><Label xml:lang="en">Endocrine diseases</Label></Rubric></Class>
<Class code="E10-E14" kind="block"><SuperClass code="IV"/><SubClass code="E10"/>
  <ModifiedBy code="S04E10_4"/>
  <Rubric kind="preferred"><Label xml:lang="en">Diabetes mellitus</Label></Rubric></Class>
<Class code="E10" kind="category"><SuperClass code="E10-E14"/>
  <Rubric kind="preferred"><Label xml:lang="en">Type 1 diabetes mellitus</Label></Rubric>
  <Rubric kind="inclusion"><Label xml:lang="en">brittle diabetes<Reference>E10.9</Reference></Label></Rubric>
  <Rubric kind="exclusion"><Label xml:lang="en">neonatal</Label></Rubric></Class>
<Class code="E14" kind="category" usage="dagger"><SuperClass code="E10-E14"/>
  <ExcludeModifier code="S04E10_4"/>
  <Rubric kind="preferred"><Label xml:lang="en">Unspecified diabetes mellitus</Label></Rubric></Class>
</ClaML>
"""


def test_classes_and_what_modifiers_make_of_them(tmp_path: Path) -> None:
    file = tmp_path / "icd10_2019_en.xml"
    file.write_text(CLAML)
    icd = load("icd10", file, tmp_path / "data")
    assert (icd.url, icd.version) == ("http://hl7.org/fhir/sid/icd-10", "2019")
    assert icd.title == "Statistical Classification"
    assert list(icd.codes()) == ["IV", "E10-E14", "E10", "E10.0", "E10.9", "E14"]
    assert icd.display("E10.0") == "Type 1 diabetes mellitus : With coma"
    assert icd.subsumes("IV", "E10.9")
    assert icd.is_abstract("E10-E14")
    assert not icd.is_abstract("E10.9")
    told = {(p.code, p.value) for p in icd.lookup("E10").properties}
    assert {("excludes", "neonatal"), ("child", "E10.0"), ("parent", "E10-E14")} <= told
    assert [d.value for d in icd.lookup("E10").designations] == ["brittle diabetes (E10.9)"]
    assert ("usage", "dagger") in {(p.code, p.value) for p in icd.lookup("E14").properties}


def test_a_classification_of_another_name(tmp_path: Path) -> None:
    file = tmp_path / "gm.xml"
    file.write_text(CLAML)
    given = Options(url="http://fhir.de/CodeSystem/bfarm/icd-10-gm", version="2026", title="GM")
    loaded = load("icd10", file, tmp_path / "data", given)
    assert (loaded.url, loaded.version, loaded.title) == (given.url, "2026", "GM")


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("</ClaML>", "", r"icd\.xml:\d+: no element found"),
        ("<Class ", "<Klass ", r"icd\.xml:\d+: mismatched tag"),
        ('<SuperClass code="IV"/>', '<SuperClass code="X"/>', "its parent 'X' is not in"),
        ('code="E14"', 'code="E10"', r"icd\.xml:\d+: code 'E10' occurs twice"),
    ],
)
def test_broken_files_are_located(tmp_path: Path, before: str, after: str, place: str) -> None:
    file = tmp_path / "icd.xml"
    file.write_text(CLAML.replace(before, after))
    with pytest.raises(SourceError, match=place):
        load("icd10", file, tmp_path / "data")


def test_a_file_of_another_kind(tmp_path: Path) -> None:
    file = tmp_path / "icd.xml"
    file.write_text("<html/>")
    with pytest.raises(SourceError, match="not ClaML"):
        load("icd10", file, tmp_path / "data")
