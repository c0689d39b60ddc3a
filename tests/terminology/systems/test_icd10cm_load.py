"""ICD-10-CM as users load it: tabular list, order file, and the alphabetic index in XML."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.errors import SourceError
from terminology.loading.store import Store
from terminology.systems import icd10cm
from terminology.systems.icd10cm.alphabetic import files, names
from terminology.types import TermKind
from tests.terminology.release import load

TABULAR = """<?xml version="1.0"?><ICD10CM.tabular><version>2031</version>
<chapter><name>4</name><desc>Blood</desc><section id="D50-D53"><desc>Anemias (D50-D53)</desc>
<diag><name>D50</name><desc>Iron deficiency anemia</desc>
<inclusionTerm><note>asiderotic anemia</note></inclusionTerm>
<diag><name>D50.9</name><desc>Iron deficiency anemia, unspecified</desc></diag></diag>
<diag><name>C34</name><desc>Malignant neoplasm of lung</desc></diag>
<diag><name>T51.0X1</name><desc>Toxic effect of ethanol, accidental</desc></diag>
</section></chapter></ICD10CM.tabular>
"""
INDEX = """<?xml version="1.0"?><ICD10CM.index><version>2031</version><letter><title>A</title>
<mainTerm><title>Anemia<nemod>(essential)</nemod><nemod>(general)</nemod></title><code>D50.9</code>
<term level="1"><title>iron deficiency</title><code>D50.-</code>
<term level="2"><title>dietary</title><see>Anemia, nutritional</see></term></term></mainTerm>
<mainTerm><title>Chlorosis</title><code>D50.9</code></mainTerm></letter></ICD10CM.index>
"""
NEOPLASM = """<?xml version="1.0"?><ICD10CM.index><version>2031</version><letter><title>N</title>
<mainTerm><title>Neoplasm, neoplastic</title><cell col="2">C34</cell><cell col="3">-</cell>
<term level="1"><title>lung</title><cell col="2">C34</cell><cell col="3">-</cell></term>
</mainTerm></letter></ICD10CM.index>
"""
DRUG = """<?xml version="1.0"?><ICD10CM.index><version>2031</version><letter><title>A</title>
<mainTerm><title>Alcohol</title><cell col="2">T51.0X1</cell><cell col="3">--</cell>
</mainTerm></letter></ICD10CM.index>
"""


def release(folder: Path) -> Path:
    home = folder / "icd"
    home.mkdir()
    (home / "icd10cm_tabular_2031.xml").write_text(TABULAR)
    (home / "icd10cm_codes_2031.txt").write_text("D50\nD509\nC34\nT510X1\n")
    (home / "icd10cm_index_2031.xml").write_text(INDEX)
    (home / "icd10cm_neoplasm_2031.xml").write_text(NEOPLASM)
    (home / "icd10cm_drug_2031.xml").write_text(DRUG)
    return home


def test_the_index_gives_names_of_its_own_kind(tmp_path: Path) -> None:
    home = release(tmp_path)
    stored = load("icd10cm", home, tmp_path / "data")
    by_code = {
        entry.code: {name.text for name in entry.names if name.kind is TermKind.INDEX}
        for entry in Store(stored.folder).release().entries
    }
    assert by_code["D50.9"] == {"Anemia", "Chlorosis"}
    assert by_code["D50"] == {"Anemia, iron deficiency"}
    assert {"cancer of lung", "lung cancer"} <= by_code["C34"]
    assert "Alcohol poisoning" in by_code["T51.0X1"]
    assert stored.match("chlorosis", 1)[0].code == "D50.9"
    assert [d.use for d in stored.lookup("D50.9").designations] == []


def test_what_is_stored_is_what_was_read(tmp_path: Path) -> None:
    home = release(tmp_path)
    read = icd10cm.read(home)
    kept = load("icd10cm", home, tmp_path / "data").release()
    assert [e.code for e in kept.entries] == [e.code for e in read.entries]
    for ours, theirs in zip(kept.entries, read.entries, strict=True):
        assert (ours.display, ours.parent, ours.billable) == (
            theirs.display,
            theirs.parent,
            theirs.billable,
        )
        assert (ours.designations, ours.properties) == (theirs.designations, theirs.properties)
        assert {(n.text, n.kind) for n in ours.names} == {(n.text, n.kind) for n in theirs.names}


def test_the_files_of_the_index_are_part_of_the_release(tmp_path: Path) -> None:
    home = release(tmp_path)
    assert set(files(home)) <= set(icd10cm.files(home))
    assert len(files(home)) == 3


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("D50.-", "oops", r"index_2031\.xml:3: 'oops' is no ICD-10-CM code"),
        ("</letter>", "", r"index_2031\.xml:\d+: mismatched tag"),
        ("mainTerm", "other", r"index_2031\.xml:1: no <mainTerm>"),
    ],
)
def test_broken_indexes_are_located(tmp_path: Path, before: str, after: str, place: str) -> None:
    path = release(tmp_path) / "icd10cm_index_2031.xml"
    path.write_text(INDEX.replace(before, after))
    with pytest.raises(SourceError, match=place):
        list(names(path))
