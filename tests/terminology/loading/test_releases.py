"""Releases in use: swapped whole, kept when a load fails, dropped, and served side by side."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from terminology.building.build import build
from terminology.errors import IndexMissing, SourceError, UnknownCode, UnknownSystem
from terminology.loading import releases
from terminology.loading.register import LOADED, home_of, read
from terminology.loading.source import Options
from terminology.opening import open_releases
from terminology.service import Terminology
from terminology.types import ICD10CM, Method
from tests.terminology.release import TABULAR, load, table, tiny

URN = "urn:test"


def loaded(tmp_path: Path, version: str, *rows: str) -> None:
    file = table(tmp_path / "own.csv", "code,display,parent", *rows)
    load("csv", file, tmp_path / "data", Options(version, URN))


def folders(tmp_path: Path) -> int:
    return sum(path.is_dir() for path in (tmp_path / "data" / "systems").iterdir())


def test_a_release_takes_the_place_of_its_like(tmp_path: Path) -> None:
    loaded(tmp_path, "1", "a,Old,")
    before = open_releases(tmp_path / "data")[0]
    loaded(tmp_path, "1", "a,New,")
    assert before.display("a") == "Old"  # who has it open keeps it
    assert open_releases(tmp_path / "data")[0].display("a") == "New"
    assert folders(tmp_path) == 1


def test_versions_stand_side_by_side(tmp_path: Path) -> None:
    loaded(tmp_path, "1", "a,One,")
    loaded(tmp_path, "2", "a,Two,")
    found = open_releases(tmp_path / "data")
    assert [(each.version, each.display("a")) for each in found] == [("2", "Two"), ("1", "One")]
    releases.drop(tmp_path / "data", URN, "2")
    assert [each.version for each in open_releases(tmp_path / "data")] == ["1"]
    releases.drop(tmp_path / "data", "own")
    assert folders(tmp_path) == 0
    with pytest.raises(UnknownSystem):
        releases.drop(tmp_path / "data", URN)


def test_a_load_that_fails_leaves_the_old(tmp_path: Path) -> None:
    loaded(tmp_path, "1", "a,Old,")
    with pytest.raises(SourceError, match=r"own\.csv:3"):
        loaded(tmp_path, "1", "a,New,", "a,Twice,")
    assert open_releases(tmp_path / "data")[0].display("a") == "Old"
    assert folders(tmp_path) == 1


def test_a_load_that_is_killed_is_swept_by_the_next(tmp_path: Path) -> None:
    loaded(tmp_path, "1", "a,Old,")
    home = tmp_path / "data" / "systems"
    half = home / "csv-dead"
    shutil.copytree(next(path for path in home.iterdir() if path.is_dir()), half)
    (half / "manifest.json").unlink()
    assert open_releases(tmp_path / "data")[0].display("a") == "Old"
    loaded(tmp_path, "1", "a,New,")
    assert not half.exists()


def test_loads_wait_for_each_other(tmp_path: Path) -> None:
    def one(version: str) -> None:
        file = table(tmp_path / version / "own.csv", "code,display", f"a,{version}")
        load("csv", file, tmp_path / "data", Options(version, URN))

    threads = [threading.Thread(target=one, args=(version,)) for version in "1234"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = open_releases(tmp_path / "data")
    assert sorted(each.version for each in found) == ["1", "2", "3", "4"]


def damaged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> str:
    """What the log says of the release of version 1, which is left out while another serves."""
    assert [each.version for each in open_releases(tmp_path / "data")] == ["2"]
    (told,) = caplog.messages
    assert f"{URN} of version 1" in told
    assert "load it again" in told
    return told


def folder_of(tmp_path: Path, version: str) -> Path:
    home = home_of(tmp_path / "data")
    return next(home / row.folder for row in read(home) if row.version == version)


FILES = (
    "code.blob.bin code.offsets.bin codes.bin display.bin flags.bin term.bin term.starts.bin "
    "term.offsets.bin hierarchy.parents.bin hierarchy.parent_offsets.bin property.bin"
)


@pytest.mark.parametrize("name", FILES.split())
@pytest.mark.parametrize("kept", [None, 0.0, 0.5])
def test_a_release_that_lacks_a_part_is_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str, kept: float | None
) -> None:
    file = table(tmp_path / "o.csv", "code,display,parent,p", "a,Old,,1", "b,Older,a,2")
    load("csv", file, tmp_path / "data", Options("1", URN))
    loaded(tmp_path, "2", "a,Two,")
    path = folder_of(tmp_path, "1") / name
    whole = path.read_bytes()
    path.unlink()
    if kept is not None:
        path.write_bytes(whole[: int(kept * len(whole)) // 8 * 8])
    assert name in damaged(tmp_path, caplog)
    loaded(tmp_path, "1", "a,New,")
    assert open_releases(tmp_path / "data")[0].display("a") == "New"


def test_a_release_of_another_format_is_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    loaded(tmp_path, "1", "a,Old,")
    loaded(tmp_path, "2", "a,Two,")
    path = folder_of(tmp_path, "1") / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 1}))
    assert path.parent.name in damaged(tmp_path, caplog)
    releases.drop(tmp_path / "data", URN, "1")
    assert len(open_releases(tmp_path / "data")) == 1


@pytest.mark.parametrize("part", ["head", "count", "terms", "properties", "arrays", "sizes"])
@pytest.mark.parametrize("told", [None, "x", {"flags": []}])
def test_a_release_whose_manifest_is_none_is_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, part: str, told: object
) -> None:
    loaded(tmp_path, "1", "a,Old,")
    loaded(tmp_path, "2", "a,Two,")
    path = folder_of(tmp_path, "1") / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {part: told}))
    damaged(tmp_path, caplog)


@pytest.mark.parametrize("name", ["flags", "code.blob", "hierarchy.parents", "term.rows"])
def test_a_release_that_tells_of_no_such_array_is_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    loaded(tmp_path, "1", "a,Old,")
    loaded(tmp_path, "2", "a,Two,")
    path = folder_of(tmp_path, "1") / "manifest.json"
    told = json.loads(path.read_text())
    del told["arrays"][name]
    path.write_text(json.dumps(told))
    damaged(tmp_path, caplog)


def test_a_release_that_tells_no_sizes_is_read(tmp_path: Path) -> None:
    loaded(tmp_path, "1", "a,Old,")
    path = folder_of(tmp_path, "1") / "manifest.json"
    told = json.loads(path.read_text())
    del told["sizes"]
    path.write_text(json.dumps(told))
    assert open_releases(tmp_path / "data")[0].display("a") == "Old"


def test_a_broken_list_of_releases_says_so(tmp_path: Path) -> None:
    loaded(tmp_path, "1", "a,Old,")
    (home_of(tmp_path / "data") / LOADED).write_text("[[")
    with pytest.raises(IndexMissing, match=LOADED):
        open_releases(tmp_path / "data")


def test_a_release_that_is_loaded_again_can_be_read(tmp_path: Path) -> None:
    loaded(tmp_path, "1", "a,Old,")
    (folder_of(tmp_path, "1") / "manifest.json").unlink()
    loaded(tmp_path, "1", "a,New,")
    assert open_releases(tmp_path / "data")[0].display("a") == "New"


@pytest.fixture
def served(tmp_path: Path) -> Terminology:
    """A data folder with the index of small releases, and further systems."""
    sources = tiny(tmp_path)
    build(tmp_path / "data", **sources)
    loaded(tmp_path, "1", "a,Alpha anemia,", "b,Beta,a", "c,Gamma,b")
    return Terminology.open(tmp_path / "data")


def test_the_service_offers_what_is_loaded(served: Terminology) -> None:
    assert [(info.alias, info.version, info.count) for info in served.systems()][-1] == (
        "own",
        "1",
        3,
    )
    assert served.resolve("own") == URN
    assert served.exists(URN, "a")
    assert not served.exists(URN, "z")
    assert list(served.codes("own")) == ["a", "b", "c"]
    assert served.display(URN, "b") == "Beta"
    assert served.subsumes("own", "a", "c")
    assert not served.subsumes("own", "c", "a")
    assert ("parent", "b") in {(p.code, p.value) for p in served.lookup("own", "c").properties}
    assert served.lookup(URN, "c", "1").display == "Gamma"
    best = served.match("alpha anaemia", "own", 1)[0]
    assert (best.code, best.system) == ("a", URN)
    assert served.match("Beta", "own", 1)[0].method is Method.EXACT
    with pytest.raises(UnknownCode):
        served.lookup(URN, "z")
    with pytest.raises(UnknownCode):
        served.subsumes(URN, "z", "a")
    with pytest.raises(UnknownSystem, match=r"urn:test\|7"):
        served.lookup(URN, "a", "7")


def test_a_loaded_release_becomes_the_one_that_text_matches(tmp_path: Path) -> None:
    sources = tiny(tmp_path)
    data = tmp_path / "data"
    build(data, **sources)
    changed = TABULAR.replace("Classical cholera", "Martian cholera").replace("2031", "2032")
    (sources["icd10cm"] / "icd10cm_tabular_2031.xml").write_text(changed)
    load("icd10cm", sources["icd10cm"], data)
    before = Terminology.open(data)
    assert before.lookup(ICD10CM, "A00.0").display == "Classical cholera"
    assert before.lookup(ICD10CM, "A00.0", "2032").display == "Martian cholera"
    assert build(data, rxnorm=sources["rxnorm"])
    shutil.rmtree(sources["icd10cm"])
    assert not build(data, rxnorm=sources["rxnorm"])  # the files are needed no more
    after = Terminology.open(data)
    assert after.match("martian cholera", "icd10cm", 1)[0].code == "A00.0"
    assert [info.version for info in after.systems() if info.url == ICD10CM] == ["2032"]


MEMORY = """
import json, resource, sys
from pathlib import Path
from terminology.loading import releases
from terminology.opening import open_releases
from terminology.loading.source import Options
from terminology.systems import FORMATS
form = next(each for each in FORMATS if each.name == "csv")
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
data, small, large = map(Path, sys.argv[1:])
releases.load(data, form, small, Options("1", "urn:test"))
before = peak()
releases.load(data, form, large, Options("2", "urn:test"))
print(json.dumps(peak() - before))
"""


def test_memory_stays_under_the_stated_cap(tmp_path: Path) -> None:
    """delimited.py states 500 bytes a code, draft.py 20 a property, wordindex.py 30 a word."""
    small = table(tmp_path / "small.csv", "code,display,parent", "r,Root,")
    count, note = 60_000, "a note that is long enough to tell whether it is kept " * 24
    large = table(
        tmp_path / "large.csv",
        "code,display,parent,note",
        f"r,Root,,{note}",
        *(f"c{number},Finding number {number} of many,r,{note}" for number in range(count)),
    )
    ran = subprocess.run(
        [sys.executable, "-c", MEMORY, tmp_path / "data", small, large],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    cap = count * (500 + 2 * 20 + 5 * 30) + (24 << 20)  # and what is read and written at a time
    assert json.loads(ran.stdout) < cap < large.stat().st_size
