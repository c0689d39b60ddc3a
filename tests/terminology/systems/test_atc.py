"""ATC: a small table made here; doses, levels, and broken rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.errors import SourceError
from terminology.loading.source import Options
from tests.terminology.release import load, table

HEAD = "ATC code;ATC level name;DDD;U;Adm.R;Note"
ROWS = (
    "A;Alimentary tract and metabolism;;;;",
    "A10;Drugs used in diabetes;;;;",
    "A10B;Blood glucose lowering drugs, excl. insulins;;;;",
    "A10BA;Biguanides;;;;",
    "A10BA02;metformin;2;g;O;",
    "A10BA02;metformin;1.5;g;P;as base",
)


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_levels_and_doses(tmp_path: Path, mark: str) -> None:
    rows = [row.replace(", excl.", " excl.").replace(";", mark) for row in (HEAD, *ROWS)]
    atc = load("atc", table(tmp_path / "atc 2026.csv", *rows), tmp_path / "data")
    assert (atc.url, atc.version, len(atc.codes())) == ("http://www.whocc.no/atc", "2026", 5)
    assert atc.display("A10BA02") == "metformin"
    assert atc.subsumes("A", "A10BA02")
    assert atc.parents("A10B") == ["A10"]
    told = [(p.code, p.value) for p in atc.lookup("A10BA02").properties]
    assert ("level", 5) in told
    assert [value for code, value in told if code == "DDD"] == ["2 g O", "1.5 g P"]
    assert ("note", "as base") in told


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ((HEAD, "A1;x;;;;"), r":2: 'A1' is no ATC code"),
        ((HEAD, "A;;;;;"), r":2: no name"),
        ((HEAD, "A10;x;;;;"), r":2: its parent 'A' is not in the release"),
        (("code;text", "A;x"), r":1: no columns"),
    ],
)
def test_broken_rows_are_located(tmp_path: Path, rows: tuple[str, ...], place: str) -> None:
    with pytest.raises(SourceError, match=place):
        load("atc", table(tmp_path / "atc_2026.csv", *rows), tmp_path / "data")


def test_a_table_of_no_year_needs_its_version(tmp_path: Path) -> None:
    file = table(tmp_path / "atc.csv", HEAD, *ROWS)
    with pytest.raises(SourceError, match="name the version"):
        load("atc", file, tmp_path / "data")
    assert load("atc", file, tmp_path / "data", Options(version="2025")).version == "2025"
