"""The command line: every command does its job, or ends non-zero with one clear line."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fhir_server import pages, settings
from fhir_server.cli import main
from fhir_server.errors import REPLIES, Invalid, outcome
from kernels.native import KernelUnavailable
from terminology.errors import UnknownCode
from terminology.issue import Refused

ROOT = Path(__file__).parents[1]
NOTE = ROOT / "examples" / "clinic-note.txt"
Capture = pytest.CaptureFixture[str]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(data: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> Run:
    monkeypatch.setenv("MEDPARSER_DATA", str(data))
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: str) -> tuple[int, str, str]:
        status = 0
        try:
            main(arguments)
        except SystemExit as ended:
            status = int(ended.code or 0)
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


def test_extract_shows_findings(run: Run) -> None:
    status, out, _ = run("extract", str(NOTE))
    assert status == 0
    assert "I10" in out


def test_findings_have_room_on_a_narrow_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fhir_server.terminal.out.width", 80, raising=False)
    _, out, _ = run("extract", str(NOTE))
    lines = out.splitlines()
    assert max(map(len, lines)) <= 80
    (at,) = (i for i, line in enumerate(lines) if line.startswith("K21.9"))
    assert lines[at].split() == ["K21.9", "GERD", "present", "670–674"]
    assert "rules, abbreviation 0.95" in lines[at + 1]


def test_a_narrow_terminal_cuts_nothing_off(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fhir_server.terminal.out.width", 40, raising=False)
    _, out, _ = run("code", "CHF")
    assert max(map(len, out.splitlines())) <= 40
    assert "…" not in out


def test_a_terminal_that_lacks_a_character_gets_the_rest(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, "ascii", write_through=True))
    status, _, err = run("extract", str(NOTE))
    assert (status, err) == (0, "")
    assert rb"309\u2013330" in raw.getvalue()


def test_a_kernel_that_is_required_and_absent_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def library(name: str) -> None:
        raise KernelUnavailable(f"kernel {name!r}: not built")

    monkeypatch.setattr("kernels.native.library", library)
    status, _, err = run("doctor")
    assert (status, err) == (1, "medparser: kernel 'text': not built\n")


def test_brackets_in_a_name_are_shown(run: Run) -> None:
    _, out, _ = run("code", "zestril 10 mg", "--system", "rxnorm")
    assert "[Zestril]" in out


def test_quality_tells_figures_and_errors(run: Run, tmp_path: Path) -> None:
    fact = {"icd10_3": ["I10"], "required": True}
    gold = {"id": "a", "text": "He has gout.", "conditions": [fact], "medications": [], "traps": []}
    (tmp_path / "docs_a.jsonl").write_text(json.dumps(gold))
    status, out, _ = run("quality", "--data", str(tmp_path), "--engine", "rules")
    assert status == 0
    assert (
        "| docs | docs_a (1) | rules | active conditions | 0.000 | 0.000 | 0.000 | 0.00–1.00 |"
        in out
    )
    assert "| docs_a | rules | condition not found | 1 |" in out


def test_extract_as_json_quotes_the_text(run: Run) -> None:
    status, out, _ = run("extract", "--json", str(NOTE))
    assert status == 0
    text = NOTE.read_text(encoding="utf-8")
    found = [json.loads(line) for line in out.splitlines()]
    assert found
    for finding in found:
        assert text[finding["start"] : finding["end"]] == finding["quote"]


def test_deid_masks_and_warns(run: Run) -> None:
    status, out, err = run("deid", str(NOTE))
    assert status == 0
    assert "Mrs. [NAME] is a 63-year-old woman" in out
    assert "does not remove it" in " ".join(err.split())


def test_deid_as_json_maps_the_texts(run: Run) -> None:
    arguments = ("deid", str(NOTE), "--mode", "surrogate", "--key", "k", "--json")
    first, second = run(*arguments), run(*arguments)
    assert first == second
    told = json.loads(first[1])
    for span in told["spans"]:
        assert told["text"][span["new_start"] : span["new_end"]] == span["replacement"]


def test_extract_reads_standard_input(data: Path) -> None:
    medparser = Path(sys.executable).with_name("medparser")
    done = subprocess.run(
        [medparser, "extract", "--json", "-"],
        input=b"PMH: asthma.",
        capture_output=True,
        check=True,
        env={**os.environ, "MEDPARSER_DATA": str(data)},
    )
    assert json.loads(done.stdout)["codings"][0]["code"].startswith("J45")


@pytest.mark.parametrize(
    ("text", "system", "code"),
    [
        ("heart attack", "icd10cm", "I21.9"),
        ("DM2", "icd10cm", "E11.9"),
        ("lisinoprl 10 mg", "rxnorm", "314076"),
    ],
)
def test_code(run: Run, text: str, system: str, code: str) -> None:
    status, out, _ = run("code", text, "--system", system, "--count", "1")
    assert status == 0
    assert code in out


def test_lookup(run: Run) -> None:
    status, out, _ = run("lookup", "icd10cm", "E11.40")
    assert status == 0
    assert "diabetic neuropathy" in out


def test_doctor_tells_every_part(run: Run) -> None:
    status, out, _ = run("doctor")
    assert status == 0
    for part in (
        "kernel text",
        "kernel gazetteer",
        "kernel fuzzy",
        "mlx",
        "faiss",
        "store",
        "icd10cm",
    ):
        assert part in out


def test_index_build_is_done_once(run: Run) -> None:
    status, out, _ = run("index", "build")
    assert status == 0
    assert "is current" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("lookup", "icd10cm", "E11.999"), "no code 'E11.999'"),
        (("lookup", "icd11", "1"), "no code system 'icd11'"),
        (
            ("code-batch", "/no", "/no", "--system", "rxnorm"),
            "medparser: No such file or directory: /no",
        ),
        (("quality", "--data", "/no"), "no sets of gold in /no"),
        (("quality", "--engine", "magic"), "the engines are"),
        (("code", "asthma", "--system", "x"), "no code system 'x'"),
        (("extract", "no-such-file.txt"), "can't read no-such-file.txt"),
        (("extract", str(NOTE), "--engine", "magic"), "the engines are"),
        (("extract", str(NOTE), "--engine", "llm"), "MEDPARSER_MODEL"),
        (("predict", "colour", str(NOTE), "out"), "the tasks are"),
        (("deid", str(NOTE), "--mode", "hide"), "the modes are mask, surrogate, remove"),
        (("deid", str(NOTE), "--key", "k"), "--key is of mode surrogate, not of mask"),
        (("v2", "send", str(NOTE), "nowhere"), "is not HOST:PORT"),
        (
            ("v2", "send", str(NOTE), "127.0.0.1:1"),
            "no answer from 127.0.0.1:1: Connection refused",
        ),
        (("serve", "--host", "192.0.2.1", "--port", "0"), "loopback"),
        (("serve", "--database", "oracle://x", "--port", "0"), "sqlite:///PATH"),
        (("serve", "--port", "99999"), "MEDPARSER_PORT: 99999 is not from 0 to 65535"),
        (("serve", "--engine", "foo"), "MEDPARSER_ENGINE: 'foo' is not one of rules"),
        (("v2", "send", str(NOTE), "127.0.0.1:99999"), "is not HOST:PORT"),
    ],
)
def test_what_can_not_be_done_is_one_line(run: Run, arguments: tuple[str, ...], said: str) -> None:
    status, _, err = run(*arguments)
    assert status != 0
    assert said in err
    assert "Traceback" not in err


def test_predict_writes_one_line_a_note(run: Run, tmp_path: Path) -> None:
    gold, out = tmp_path / "gold.jsonl", tmp_path / "out.jsonl"
    gold.write_text('{"id":"a","text":"PMH: asthma."}\n{"id":"b","text":"Takes aspirin 81 mg."}\n')
    status, _, err = run("predict", "docs", str(gold), str(out))
    assert status == 0, err
    first, second = [json.loads(line) for line in out.read_text().splitlines()]
    assert first["conditions"][0]["code"].startswith("J45")
    assert second["medications"][0]["ingredients"] == ["aspirin"]


@pytest.mark.parametrize("name", pages.PAGES)
def test_the_pages_made_from_tables_are_current(name: str) -> None:
    kept = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert kept == pages.PAGES[name](), "run `make docs`"


def test_every_setting_is_documented() -> None:
    assert set(settings.DOC) == set(settings.Settings.__dataclass_fields__)


def test_settings_come_from_the_environment_and_options_win() -> None:
    loaded = settings.load({"MEDPARSER_PORT": "9", "MEDPARSER_DATA": "/d"}, port=10)
    assert (loaded.port, loaded.database) == (10, "sqlite:////d/medparser.sqlite")
    with pytest.raises(ValueError, match="MEDPARSER_PORT: 'x' is not int"):
        settings.load({"MEDPARSER_PORT": "x"})


@pytest.mark.parametrize(
    # those that are made of issues or of a code tell these
    "kind",
    [k for k in REPLIES if not issubclass(k, Invalid | UnknownCode | Refused)],
)
def test_every_error_is_told(kind: type[Exception]) -> None:
    assert outcome(kind("what happened"))["issue"][0]["code"] == REPLIES[kind].issue


def test_an_unexpected_error_tells_nothing_of_its_text() -> None:
    told = outcome(RuntimeError("Mrs. Doe has asthma"))
    assert "Doe" not in str(told)
