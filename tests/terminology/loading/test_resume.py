"""A load that is broken off anywhere goes on from there, and gives what it would have given."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from terminology.errors import SourceError
from terminology.loading import lines, releases, resumable
from terminology.loading.draft import Draft
from terminology.loading.source import Options
from terminology.opening import open_releases
from terminology.systems import FORMATS
from tests.terminology.release import table
from tests.terminology.systems import test_loinc, test_rxnorm, test_snomed

URN = "urn:test"
NAMED = Options("1", URN)


class Broken(Exception):
    """The power is gone."""


def own(folder: Path) -> Path:
    rows = [f'c{n},"Thing\nnumber {n}",{f"c{n // 3}" if n else ""},x{n % 7}' for n in range(40)]
    return table(folder / "own.csv", "code,display,parent,colour", *rows)


def ndjson(folder: Path) -> Path:
    head = {"resourceType": "CodeSystem", "url": URN, "version": "1", "content": "complete"}
    head["concept"] = [{"code": "first"}]  # type: ignore[assignment]
    rows = [json.dumps({"code": f"c{n}", "display": f"Thing {n}"}) for n in range(40)]
    return table(folder / "own.ndjson", "", json.dumps(head), "", *rows)


def atc(folder: Path) -> Path:
    codes = ("A", "A10", "A10B", "A10BA", "A10BA02", "A10BA02", "B", "B01")
    rows = (f"{code};Name {code};{n}" for n, code in enumerate(codes))
    return table(folder / "atc-2026.csv", "ATC code;ATC level name;DDD", *rows)


RELEASES: dict[str, tuple[str, Callable[[Path], Path], Options]] = {
    "csv": ("csv", own, NAMED),
    "ndjson": ("fhir", ndjson, NAMED),
    "atc": ("atc", atc, Options()),
    "loinc": ("loinc", test_loinc.release, Options()),
    "rxnorm": ("rxnorm", test_rxnorm.release, Options()),
    "snomed": ("snomed", test_snomed.snapshot, Options()),
}


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small files are read piece by piece, and saved after each; power does not fail here."""
    monkeypatch.setattr(os, "fsync", lambda file: None)
    monkeypatch.setattr(lines, "CHUNK", 128)
    monkeypatch.setattr(resumable, "LEAST", 0.0)
    monkeypatch.setattr(resumable, "SHARE", 0)


def load(name: str, source: Path, data: Path, breaking: int = -1) -> int:
    """Loads, and breaks off at a call of progress; gives how many calls there were."""
    form, _, options = RELEASES[name]
    calls = 0

    def progress(stage: str, done: int, total: int) -> None:
        nonlocal calls
        calls += 1
        if calls == breaking:
            raise Broken

    found = next(each for each in FORMATS if each.name == form)
    releases.load(data, found, source, options, progress)
    return calls


def files(data: Path) -> dict[str, bytes]:
    (folder,) = (each for each in (data / "systems").iterdir() if each.is_dir())
    return {each.name: each.read_bytes() for each in folder.iterdir()}


@pytest.mark.parametrize("name", RELEASES)
def test_wherever_it_breaks_off_the_release_is_the_same(name: str, tmp_path: Path) -> None:
    source = RELEASES[name][1](tmp_path)
    calls = load(name, source, tmp_path / "whole")
    wanted = files(tmp_path / "whole")
    assert "manifest.json" in wanted
    assert not any(each.startswith("checkpoint") or each.endswith(".stage") for each in wanted)
    for breaking in {*range(1, calls, max(1, calls // 12)), calls}:
        data = tmp_path / str(breaking)
        with pytest.raises(Broken):
            load(name, source, data, breaking)
        assert not open_releases(data)
        load(name, source, data)
        assert files(data) == wanted, breaking


def test_it_breaks_off_many_times(tmp_path: Path) -> None:
    source = own(tmp_path)
    load("csv", source, tmp_path / "whole")
    for _ in range(8):
        with pytest.raises(Broken):
            load("csv", source, tmp_path / "data", 4)
        if open_releases(tmp_path / "data"):
            break
    load("csv", source, tmp_path / "data")
    assert files(tmp_path / "data") == files(tmp_path / "whole")


def test_what_is_done_is_not_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    defined: list[str] = []
    concept = Draft.concept

    def counted(self: Draft, code: str, *more: str, **named: int) -> int:
        defined.append(code)
        return concept(self, code, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Draft, "concept", counted)
    source = own(tmp_path)
    with pytest.raises(Broken):
        load("csv", source, tmp_path / "data", 8)
    before = len(defined)
    assert before > 10
    load("csv", source, tmp_path / "data")
    again = len(defined) - 40
    assert 0 <= again <= 128 // 15  # no more than the rows of one piece
    assert "c0" not in defined[before:]


def test_stages_are_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = test_rxnorm.release(tmp_path)
    calls = load("rxnorm", source, tmp_path / "whole")
    with pytest.raises(Broken):
        load("rxnorm", source, tmp_path / "data", calls - 1)  # the words
    monkeypatch.setattr("terminology.systems.rxnorm.release._atoms", None)
    monkeypatch.setattr("terminology.hierarchy.build", None)
    load("rxnorm", source, tmp_path / "data")
    assert files(tmp_path / "data") == files(tmp_path / "whole")


def test_a_changed_file_is_read_from_its_start(tmp_path: Path) -> None:
    source = own(tmp_path)
    with pytest.raises(Broken):
        load("csv", source, tmp_path / "data", 8)
    table(source, "code,display", "a,Other")
    load("csv", source, tmp_path / "data")
    (store,) = open_releases(tmp_path / "data")
    assert list(store.codes()) == ["a"]
    assert len(list((tmp_path / "data" / "systems").glob("*/"))) == 1


def test_a_checkpoint_that_is_cut_is_not_used(tmp_path: Path) -> None:
    source = own(tmp_path)
    load("csv", source, tmp_path / "whole")
    for name, size in (("checkpoint", 40), ("checkpoint", 400), ("term.bin", 3)):
        with pytest.raises(Broken):
            load("csv", source, tmp_path / "data", 8)
        (cut,) = (tmp_path / "data" / "systems").glob(f"*/{name}")
        os.truncate(cut, size)
        load("csv", source, tmp_path / "data")
        assert files(tmp_path / "data") == files(tmp_path / "whole")
        releases.drop(tmp_path / "data", URN)


def test_errors_are_located_in_the_rows_that_were_left(tmp_path: Path) -> None:
    source = own(tmp_path)
    source.write_text(source.read_text() + "c99,Two,cells\n")
    with pytest.raises(SourceError) as whole:
        load("csv", source, tmp_path / "data")
    assert not list((tmp_path / "data" / "systems").glob("*/"))
    with pytest.raises(Broken):
        load("csv", source, tmp_path / "data", 8)
    with pytest.raises(SourceError) as resumed:
        load("csv", source, tmp_path / "data")
    assert str(resumed.value) == str(whole.value) == "own.csv:82: 3 cells, the head has 4"


KILLED = """
import os, signal, sys
from pathlib import Path
from terminology.loading import lines, releases, resumable
from terminology.loading.source import Options
from terminology.systems import FORMATS
lines.CHUNK, resumable.LEAST, resumable.SHARE = 128, 0.0, 0
def progress(stage, done, total):
    if stage == "own.csv" and done > 600:
        os.kill(os.getpid(), signal.SIGKILL)
form = next(each for each in FORMATS if each.name == "csv")
releases.load(Path(sys.argv[2]), form, Path(sys.argv[1]), Options("1", "urn:test"), progress)
"""


def test_a_process_that_is_killed(tmp_path: Path) -> None:
    source = own(tmp_path)
    load("csv", source, tmp_path / "whole")
    ran = subprocess.run([sys.executable, "-c", KILLED, source, tmp_path / "data"], check=False)
    assert ran.returncode == -signal.SIGKILL
    assert list((tmp_path / "data" / "systems").glob("*/checkpoint"))
    load("csv", source, tmp_path / "data")
    assert files(tmp_path / "data") == files(tmp_path / "whole")
