"""Building the index: once for the same sources, in one step, from small releases made here."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest

from terminology import makers
from terminology.building.build import build
from terminology.errors import IndexMissing, SourceError, UnknownCode
from terminology.loading.register import current, home_of, read
from terminology.loading.source import Options
from terminology.service import Terminology
from terminology.types import ICD10CM, RXNORM, Method
from tests.terminology.release import TABULAR, load, tiny

LISTING = """rxcui\ttty\tname\tingredient_rxcuis\tactive
1\tIN\twarfarin\t\t1
2\tSCD\twarfarin sodium 5 MG Oral Tablet\t1\t1
3\tBN\tCoumadin\t1\t0
4\tSBD\twarfarin sodium 5 MG Oral Tablet [Coumadin]\t1\t0
5\tSCD\tnewdrugimab 2 MG Oral Tablet\t\t1
6\tSCD\tnewdrugimab 4 MG Oral Tablet\t\t1
7\tDF\tOral Tablet\t\t1
8\tOTHER\tCoumadin Dosepak\t\t1
9\tSBDG\tCoumadin Oral Product\t\t1
10\tSCDC\twarfarin sodium 9 MG\t1\t1
11\tBPCK\t{2 (warfarin sodium 5 MG Oral Tablet [Coumadin]) } Pack [Coumadin Twice]\t\t1
"""


@pytest.fixture
def sources(tmp_path: Path) -> dict[str, Path]:
    return tiny(tmp_path)


def test_a_build_serves_both_systems(tmp_path: Path, sources: dict[str, Path]) -> None:
    stages: list[tuple[str, int, int]] = []
    assert build(tmp_path, progress=lambda *stage: stages.append(stage), **sources)
    assert stages[-1] == ("done", stages[-1][2], stages[-1][2])
    terminology = Terminology.open(tmp_path)
    assert [info.count for info in terminology.systems()] == [3, 7]
    assert [info.content for info in terminology.systems()] == ["complete", "complete"]
    best = terminology.match("cholera", "icd10cm")[0]
    assert (best.code, best.method, best.score) == ("A00.9", Method.EXACT, 1.0)
    assert terminology.match("amoxaprl 5 mg tab", "rxnorm")[0].code == "5"
    assert terminology.match("zintamine-amoxapril 10-5 mg", "rxnorm")[0].code == "4"
    assert [c.code for c in terminology.ingredients("4")] == ["1", "2"]


def test_the_same_sources_are_built_once(tmp_path: Path, sources: dict[str, Path]) -> None:
    assert build(tmp_path, **sources)
    first = current(tmp_path)
    assert not build(tmp_path, **sources)
    assert current(tmp_path) == first


def test_changed_sources_take_the_place_of_the_old(
    tmp_path: Path, sources: dict[str, Path]
) -> None:
    build(tmp_path, **sources)
    before = Terminology.open(tmp_path)
    changed = TABULAR.replace("Classical cholera", "Quite another cholera")
    (sources["icd10cm"] / "icd10cm_tabular_2031.xml").write_text(changed)
    assert build(tmp_path, **sources)
    assert before.display(ICD10CM, "A00.0") == "Classical cholera"  # open maps live on
    assert Terminology.open(tmp_path).display(ICD10CM, "A00.0") == "Quite another cholera"
    folders = [path for path in (tmp_path / "terminology").iterdir() if path.is_dir()]
    assert [path.name for path in folders] == [current(tmp_path)]


def test_a_failed_build_leaves_the_old_index(tmp_path: Path, sources: dict[str, Path]) -> None:
    build(tmp_path, **sources)
    with (sources["rxnorm"] / "RXNCONSO.RRF").open("a") as file:
        file.write("broken\n")
    with pytest.raises(SourceError, match=r"RXNCONSO\.RRF:8"):
        build(tmp_path, **sources)
    assert Terminology.open(tmp_path).exists(RXNORM, "5")


def test_two_builders_at_once(tmp_path: Path, sources: dict[str, Path]) -> None:
    results: list[bool] = []
    threads = [
        threading.Thread(target=lambda: results.append(build(tmp_path, **sources)))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, False, True]
    assert Terminology.open(tmp_path).exists(ICD10CM, "A00.9")


def test_a_listing_of_drugs_is_a_release(tmp_path: Path, sources: dict[str, Path]) -> None:
    (tmp_path / "drugs.tsv").write_text(LISTING, encoding="utf-8")
    build(tmp_path / "data", icd10cm=sources["icd10cm"], rxnorm=tmp_path / "drugs.tsv")
    own = Terminology.open(tmp_path / "data")
    assert [match.code for match in own.match("warfarin 5 mg tab", "rxnorm", 2)] == ["2", "4"]
    assert own.match("coumadin", "rxnorm", 1)[0].code == "3"
    assert own.match("newdrugimab 4 mg", "rxnorm", 1)[0].code == "6"
    assert own.display(RXNORM, "7") == "Oral Tablet"
    for text, code in (
        ("coumadin dose pack as directed", "8"),
        ("Coumadin Oral Product 1 daily", "9"),
        ("warfarin sodium 9 mg 1 tab daily", "10"),
        ("coumadin twice pack as directed", "11"),
        ("{2 (warfarin sodium 5 MG Oral Tablet [Coumadin]) } Pack [Coumadin Twice] 1 qd", "11"),
    ):
        assert own.match(text, "rxnorm", 1)[0].code == code, text
    (tmp_path / "drugs.tsv").write_text(LISTING + "x\tIN\ty\t\t\n", encoding="utf-8")
    with pytest.raises(SourceError, match="not one of rxcui"):
        build(tmp_path / "data", icd10cm=sources["icd10cm"], rxnorm=tmp_path / "drugs.tsv")


def test_a_loaded_release_that_can_not_be_read_is_not_indexed(
    tmp_path: Path, sources: dict[str, Path], caplog: pytest.LogCaptureFixture
) -> None:
    data = tmp_path / "data"
    for version in ("2031", "2032"):
        load("icd10cm", sources["icd10cm"], data, Options(version))
    home = home_of(data)
    (home / read(home)[0].folder / "manifest.json").write_text('{"format": 1}')
    assert build(data, rxnorm=sources["rxnorm"])
    assert f"{ICD10CM} of version 2032" in caplog.text
    assert "2031" in {each.version for each in Terminology.open(data).systems()}
    assert not build(data, rxnorm=sources["rxnorm"])


def test_no_index_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="medparser index build"):
        Terminology.open(tmp_path)


def test_an_index_of_other_code_is_refused(tmp_path: Path, sources: dict[str, Path]) -> None:
    build(tmp_path, **sources)
    (tmp_path / "terminology" / "current").write_text("0" * 12 + "-" + "0" * 12)
    with pytest.raises(IndexMissing, match="another version"):
        Terminology.open(tmp_path)


def test_codes_of_one_release_are_unknown_in_another(
    tmp_path: Path, sources: dict[str, Path]
) -> None:
    build(tmp_path, **sources)
    with pytest.raises(UnknownCode, match="E11"):
        Terminology.open(tmp_path).lookup("icd10cm", "E11.9")


def test_every_module_that_makes_an_index_is_in_its_fingerprint() -> None:
    folder = Path(makers.__file__).parent
    paths = [folder / f"{name}.py" for name in makers.MAKERS]
    for path in (*paths, *(each for room in makers.ROOMS for each in folder.rglob(f"{room}/*.py"))):
        imported = set(re.findall(r"^from terminology\.(\w+)", path.read_text(), re.M))
        assert imported <= {*makers.MAKERS, *makers.ROOMS, "errors"}, path.name
