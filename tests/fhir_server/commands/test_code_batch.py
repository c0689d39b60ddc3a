"""medparser code-batch: every phrase has a line, known ones their code."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from fhir_server.cli import main

PHRASES = 'id\tphrase\n1\tHTN\n2\ttype 2 "diabetes"\n3\t\n4\tqqqqxxxzzz\n'


def test_a_table_of_phrases(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDPARSER_DATA", str(data))
    asked, codes = tmp_path / "in.tsv", tmp_path / "out.tsv"
    asked.write_text(PHRASES, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(("code-batch", str(asked), str(codes), "--system", "icd10cm"))
    assert ended.value.code == 0
    with codes.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert [row["phrase"] for row in rows] == ["HTN", 'type 2 "diabetes"', "", "qqqqxxxzzz"]
    assert [row["code1"] for row in rows[:3]] == ["I10", "E11.9", ""]
    assert (rows[0]["method1"], rows[0]["code5"] != "") == ("abbreviation", True)
    assert float(rows[0]["score1"]) >= float(rows[0]["score5"])


def test_every_line_has_its_line(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEDPARSER_DATA", str(data))
    asked, codes = tmp_path / "in.tsv", tmp_path / "out.tsv"
    asked.write_text("phrase\nHTN\n\ngout\n", encoding="utf-8")
    with pytest.raises(SystemExit):
        main(("code-batch", str(asked), str(codes), "--system", "icd10cm"))
    told = codes.read_text(encoding="utf-8").splitlines()[1:]
    assert [line.split("\t")[0] for line in told] == ["HTN", "", "gout"]


def test_a_table_that_is_no_text(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MEDPARSER_DATA", str(data))
    (tmp_path / "in.tsv").write_bytes(b"phrase\nHTN\xff\n")
    with pytest.raises(SystemExit) as ended:
        main(("code-batch", str(tmp_path / "in.tsv"), "out", "--system", "rxnorm"))
    assert ended.value.code == 1
    assert "in.tsv: it is not in UTF-8" in capsys.readouterr().err


def test_a_table_without_phrases(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MEDPARSER_DATA", str(data))
    (tmp_path / "in.tsv").write_text("text\nHTN\n", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(("code-batch", str(tmp_path / "in.tsv"), "out", "--system", "rxnorm"))
    assert ended.value.code == 1
    assert "no column `phrase`" in capsys.readouterr().err
