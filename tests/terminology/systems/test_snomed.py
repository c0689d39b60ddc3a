"""SNOMED CT: a small RF2 snapshot made here, its graph, names, dialects and broken rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.errors import SourceError
from terminology.loading.source import Options
from terminology.systems.snomed import CONCEPT, DESCRIPTION, LANGUAGE, RELATIONSHIP
from tests.terminology.release import load, table

STAMP = "20260101"
TAIL = f"{STAMP}\t1\t900000000000207008"
OLD = f"{STAMP}\t0\t900000000000207008"
FSN, SYNONYM, DEFINITION = "900000000000003001", "900000000000013009", "900000000000550004"
US, GB = "900000000000509007", "900000000000508004"
PREFERRED, ACCEPTABLE = "900000000000548007", "900000000000549004"
ROOT, FINDING, ANEMIA, BLOOD, IRON, GONE = (
    "138875005",
    "404684003",
    "271737000",
    "414022008",
    "87522002",
    "999",
)


def snapshot(folder: Path) -> Path:
    """Anaemia by iron deficiency stands below two parents that meet above."""
    terms = folder / "SnomedCT_Test" / "Snapshot" / "Terminology"
    refset = folder / "SnomedCT_Test" / "Snapshot" / "Refset" / "Language"
    concepts = [f"{c}\t{TAIL}\t900000000000074008" for c in (IRON, ROOT, FINDING, ANEMIA, BLOOD)]
    table(
        terms / f"sct2_Concept_Snapshot_INT_{STAMP}.txt",
        "\t".join(CONCEPT),
        *concepts,
        f"{GONE}\t{OLD}\t900000000000073002",
        end="\r\n",
    )
    names = [
        ("11", ROOT, FSN, "SNOMED CT Concept"),
        ("12", FINDING, FSN, "Clinical finding (finding)"),
        ("13", FINDING, SYNONYM, "Clinical finding"),
        ("14", ANEMIA, FSN, "Anemia (disorder)"),
        ("15", ANEMIA, SYNONYM, "Anemia"),
        ("16", ANEMIA, SYNONYM, "Anaemia"),
        ("17", BLOOD, FSN, "Disorder of hematopoietic cell proliferation (disorder)"),
        ("18", IRON, FSN, "Iron deficiency anemia (disorder)"),
        ("19", IRON, SYNONYM, "Iron deficiency anemia"),
        ("20", GONE, FSN, "Old thing (finding)"),
    ]
    table(
        terms / f"sct2_Description_Snapshot-en_INT_{STAMP}.txt",
        "\t".join(DESCRIPTION),
        *(f"{i}\t{TAIL}\t{c}\ten\t{kind}\t{t}\t900000000000448009" for i, c, kind, t in names),
        f"21\t{OLD}\t{ANEMIA}\ten\t{SYNONYM}\tBloodlessness\t900000000000448009",
    )
    table(
        terms / f"sct2_TextDefinition_Snapshot-en_INT_{STAMP}.txt",
        "\t".join(DESCRIPTION),
        f"30\t{TAIL}\t{ANEMIA}\ten\t{DEFINITION}\tToo few red cells.\t900000000000448009",
    )
    dialects = [("13", US, PREFERRED), ("15", US, PREFERRED), ("16", GB, PREFERRED)]
    dialects += [("19", US, PREFERRED), ("16", US, ACCEPTABLE), ("13", GB, PREFERRED)]
    table(
        refset / f"der2_cRefset_LanguageSnapshot-en_INT_{STAMP}.txt",
        "\t".join(LANGUAGE),
        *(f"r{n}\t{TAIL}\t{refs}\t{d}\t{how}" for n, (d, refs, how) in enumerate(dialects)),
    )
    pairs = [(FINDING, ROOT), (ANEMIA, FINDING), (BLOOD, FINDING), (IRON, ANEMIA), (IRON, BLOOD)]
    end = "900000000000011006\t900000000000451002"
    table(
        terms / f"sct2_Relationship_Snapshot_INT_{STAMP}.txt",
        "\t".join(RELATIONSHIP),
        *(f"4{n}\t{TAIL}\t{c}\t{p}\t0\t116680003\t{end}" for n, (c, p) in enumerate(pairs)),
        f"50\t{TAIL}\t{IRON}\t{BLOOD}\t1\t363698007\t{end}",
        f"51\t{OLD}\t{IRON}\t{ROOT}\t0\t116680003\t{end}",
    )
    return folder / "SnomedCT_Test"


def test_the_graph_and_its_closure(tmp_path: Path) -> None:
    sct = load("snomed", snapshot(tmp_path), tmp_path / "data")
    assert sct.version == f"http://snomed.info/sct/900000000000207008/version/{STAMP}"
    assert set(sct.parents(IRON)) == {ANEMIA, BLOOD}
    above = {code for code in sct.codes() if sct.subsumes(code, IRON)}
    assert above == {IRON, ANEMIA, BLOOD, FINDING, ROOT}
    assert not sct.subsumes(ANEMIA, BLOOD)
    assert not sct.subsumes(IRON, ANEMIA)
    assert set(sct.children(FINDING)) == {ANEMIA, BLOOD}


def test_names_definitions_and_attributes(tmp_path: Path) -> None:
    sct = load("snomed", snapshot(tmp_path), tmp_path / "data")
    assert sct.display(ANEMIA) == "Anemia"
    assert sct.display(ROOT) == "SNOMED CT Concept"  # no preferred synonym: the full name
    concept = sct.lookup(ANEMIA)
    assert {(d.use, d.value) for d in concept.designations} == {
        ("fully-specified-name", "Anemia (disorder)"),
        ("synonym", "Anemia"),
        ("synonym", "Anaemia"),
    }
    assert sct.concept(ANEMIA).definition == "Too few red cells."
    assert ("363698007", BLOOD) in {(p.code, p.value) for p in sct.lookup(IRON).properties}
    assert sct.is_inactive(GONE)
    assert not sct.is_inactive(IRON)


def test_the_dialect_that_is_asked_for(tmp_path: Path) -> None:
    british = load("snomed", snapshot(tmp_path), tmp_path / "data", Options(language="en-GB"))
    assert british.display(ANEMIA) == "Anaemia"
    with pytest.raises(SourceError, match="name its SCTID"):
        load("snomed", snapshot(tmp_path), tmp_path / "data", Options(language="tlh"))


def test_text_finds_active_concepts(tmp_path: Path) -> None:
    sct = load("snomed", snapshot(tmp_path), tmp_path / "data")
    assert sct.match("anaemia", 3)[0].code == ANEMIA
    assert sct.match("iron deficient anemia", 3)[0].code == IRON
    assert GONE not in [m.code for m in sct.match("old thing", 5)]


@pytest.mark.parametrize(
    ("name", "row", "place"),
    [
        (f"sct2_Concept_Snapshot_INT_{STAMP}.txt", "77\tcut", r":8: 2 columns"),
        (f"sct2_Concept_Snapshot_INT_{STAMP}.txt", f"{IRON}\t{TAIL}\tx", r":8: code .* twice"),
        (
            f"sct2_Relationship_Snapshot_INT_{STAMP}.txt",
            f"60\t{TAIL}\t{IRON}\t404\t0\t116680003\ta\tb",
            r":9: no concept 404",
        ),
        (
            f"sct2_Description_Snapshot-en_INT_{STAMP}.txt",
            f"61\t{TAIL}\t404\ten\t{FSN}\tx\ty",
            r":13: a description of no concept",
        ),
    ],
)
def test_broken_rows_are_located(tmp_path: Path, name: str, row: str, place: str) -> None:
    folder = snapshot(tmp_path)
    with (folder / "Snapshot" / "Terminology" / name).open("a") as file:
        file.write(row + "\n")
    with pytest.raises(SourceError, match=name + place):
        load("snomed", folder, tmp_path / "data")


def test_a_circle_is_named(tmp_path: Path) -> None:
    folder = snapshot(tmp_path)
    relations = folder / "Snapshot" / "Terminology" / f"sct2_Relationship_Snapshot_INT_{STAMP}.txt"
    with relations.open("a") as file:
        file.write(f"60\t{TAIL}\t{ANEMIA}\t{IRON}\t0\t116680003\ta\tb\n")
    with pytest.raises(SourceError, match="stands above itself"):
        load("snomed", folder, tmp_path / "data")


def test_an_edition_of_no_known_name_needs_its_version(tmp_path: Path) -> None:
    folder = snapshot(tmp_path)
    terms = folder / "Snapshot" / "Terminology"
    (terms / f"sct2_Concept_Snapshot_INT_{STAMP}.txt").rename(
        terms / f"sct2_Concept_Snapshot_XX9_{STAMP}.txt"
    )
    with pytest.raises(SourceError, match="name the version"):
        load("snomed", folder, tmp_path / "data")
    named = load("snomed", folder, tmp_path / "data", Options(version="mine"))
    assert named.version == "mine"


def test_a_monolith_s_files_are_called_otherwise(tmp_path: Path) -> None:
    folder = snapshot(tmp_path)
    for each in sorted(folder.rglob("*Snapshot*_INT_*")):
        name = each.name.replace("Snapshot", "MONOSnapshot").replace("_INT_", "_GB1000000_")
        each.rename(each.with_name(name))
    loaded = load("snomed", folder, tmp_path / "data", Options(language="en-GB"))
    assert loaded.version.startswith("http://snomed.info/sct/83821000000107/version/")
    assert loaded.display(ANEMIA) == "Anaemia"
