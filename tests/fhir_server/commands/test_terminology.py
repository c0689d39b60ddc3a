"""medparser terminology: load, list, drop, and one clear line where that can't be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fhir_server.cli import main
from terminology.loading.register import home_of, read

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("MEDPARSER_DATA", str(tmp_path / "data"))
    monkeypatch.setattr("fhir_server.commands.terminology.out.width", 200, raising=False)
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: str) -> tuple[int, str, str]:
        status = 0
        try:
            main(("terminology", *arguments))
        except SystemExit as ended:
            status = int(ended.code or 0)
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


def test_load_list_and_drop(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("Key,Text\na,Alpha\nb,Beta\n")
    named = ("--column", "code=Key", "--column", "display=Text")
    status, said, steps = run(
        *("load", "csv", str(file), "--version", "7", "--system", "urn:own", *named)
    )
    assert (status, said.strip()) == (0, "own 7: 2 codes")
    assert "hierarchy …\nterms …\ncodes …\nwords …" in steps  # where no bars can be shown
    status, said, _ = run("list")
    assert status == 0
    assert "urn:own" in said
    status, said, _ = run("drop", "urn:own", "--version", "7")
    assert (status, said.strip()) == (0, "dropped urn:own 7")
    assert "no release is loaded" in run("list")[1]


def test_a_release_that_can_not_be_read_is_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    for version in ("7", "8"):
        file.write_text("code,display\na,Alpha\n")
        run("load", "csv", str(file), "--version", version, "--system", "urn:own")
    (first, *_) = (row for row in read(home_of(tmp_path / "data")) if row.version == "7")
    (home_of(tmp_path / "data") / first.folder / "manifest.json").write_text('{"format": 1}')
    status, said, _ = run("list")
    assert status == 0
    (row,) = (line for line in said.splitlines() if "not readable" in line)
    assert "urn:own" in row
    assert "load it again" in row
    assert "8" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("load", "nothing", "x"), "no format 'nothing': icd10cm rxnorm"),
        (("load", "csv", "nowhere.csv"), "nowhere.csv: no such file"),
        (("load", "csv", "x", "--column", "code"), "is not WHAT=NAME"),
        (("drop", "urn:none"), "no code system 'urn:none' is loaded"),
    ],
)
def test_what_can_not_be_is_one_line(run: Run, arguments: tuple[str, ...], said: str) -> None:
    status, _, err = run(*arguments)
    assert status == 1
    assert said in err
    assert len(err.strip().splitlines()) == 1


def test_every_format_is_listed(run: Run) -> None:
    from terminology.systems import FORMATS

    status, said, _ = run("formats")
    assert status == 0
    assert all(form.name in said for form in FORMATS)
