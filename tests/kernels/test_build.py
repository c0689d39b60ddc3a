"""The compiler run: only when needed, whole or not at all, also for another CPU."""

from __future__ import annotations

import importlib.util
import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rapidfuzz.distance import Indel

from kernels import build, native
from kernels.fuzzy import FuzzyIndex
from kernels.scan import Scan


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("MEDPARSER_KERNELS", raising=False)
    native.forget()
    yield
    native.forget()


@pytest.fixture
def compiler() -> None:
    """Skips where Mojo can't build, unless it must."""
    try:
        build.check_platform()
    except build.CannotBuild as reason:
        if native.required():
            raise
        pytest.skip(str(reason))


@pytest.mark.usefixtures("compiler")
def test_builds_once_and_again_when_something_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "KERNELS", ("embed",))
    with ThreadPoolExecutor(2) as pool:  # two at once leave one whole library
        assert all(took["embed"] > 0 for took in pool.map(build.build, [tmp_path] * 2))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["embed.json", "embed.so"]
    written = (tmp_path / "embed.so").stat().st_mtime_ns
    assert build.build(tmp_path) == {"embed": 0.0}
    assert (tmp_path / "embed.so").stat().st_mtime_ns == written
    record = json.loads((tmp_path / "embed.json").read_text())
    (tmp_path / "embed.json").write_text(json.dumps(record | {"source": "0" * 64}))
    assert build.build(tmp_path)["embed"] > 0
    assert json.loads((tmp_path / "embed.json").read_text()) == record


@pytest.mark.usefixtures("compiler")
def test_a_library_for_avx2_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if "avx2" not in native.cpu_features():
        pytest.skip("this CPU has no AVX2")
    monkeypatch.setattr(build, "KERNELS", ("fuzzy", "scan"))
    build.build(tmp_path, "x86-64-v3")
    record = json.loads((tmp_path / "fuzzy.json").read_text())
    assert "avx2" in record["features"]
    assert not any(name.startswith("avx512") for name in record["features"])
    monkeypatch.setattr(native, "FOLDER", tmp_path)
    assert native.backend("fuzzy") == native.backend("scan") == "mojo"
    strings = [f"{number * 7919:x} tablet of {number}" for number in range(500)]
    index = FuzzyIndex.build(strings)
    for query in ("1f tablet", "3dcf tablet of 17 mg", "tablet of " * 5):
        for number, score in index.topk(query, 500):
            assert score == Indel.normalized_similarity(query, strings[number])
    vectors = np.random.default_rng(0).standard_normal((500, 256)).astype(np.float32)
    scan = Scan.build(vectors)
    assert scan.topk(vectors[3], 20)[1].tolist() == scan._reference(vectors[3], 20)[1].tolist()


@pytest.mark.usefixtures("compiler")
def test_a_source_that_does_not_compile_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "text.mojo").write_text("def broken(")
    for module in (build, native):
        monkeypatch.setattr(module, "HERE", tmp_path)
    monkeypatch.setattr(build, "KERNELS", ("text",))
    with pytest.raises(build.CannotBuild, match="mojo failed"):
        build.build(tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_without_a_compiler_one_warning_and_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("MEDPARSER_REQUIRE_MOJO", raising=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert build.main(["--out", str(tmp_path)]) == 0
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_without_a_compiler_that_is_required_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MEDPARSER_REQUIRE_MOJO", "1")
    monkeypatch.setattr(build.sys, "platform", "plan9")
    assert build.main(["--out", str(tmp_path)]) == 1
    assert "no compiler for plan9" in caplog.text


class Recorder:
    """Stands for hatchling's application: keeps what it is told."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def display_warning(self, message: str) -> None:
        self.warnings.append(message)


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The build hook's class, on a platform that has a compiler and whose builds succeed."""
    spec = importlib.util.spec_from_file_location(
        "hatch_build", native.HERE.parent / "hatch_build.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(build.sys, "platform", "linux")
    monkeypatch.setattr(build.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(build, "build", lambda target_cpu: {"text": 1.0})
    monkeypatch.delenv("MEDPARSER_NO_MOJO", raising=False)
    monkeypatch.delenv("MEDPARSER_REQUIRE_MOJO", raising=False)

    class Hook(module.CustomBuildHook):  # type: ignore[misc, name-defined]
        app = Recorder()
        target_name = "wheel"

        def __init__(self) -> None:
            """Without hatchling's own state."""

    return Hook()


def test_a_wheel_with_kernels_is_marked_for_its_platform(hook: Any) -> None:
    data: dict[str, Any] = {}
    hook.initialize("standard", data)
    assert hook.dependencies() == ["mojo-compiler==1.2.0"]
    assert data["tag"].startswith("py3-none-linux")
    assert data["pure_python"] is False


def test_an_editable_install_or_a_refusal_compiles_nothing(
    hook: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    data: dict[str, Any] = {}
    hook.initialize("editable", data)
    monkeypatch.setenv("MEDPARSER_NO_MOJO", "1")
    hook.initialize("standard", data)
    assert data == {}
    assert hook.dependencies() == []


def test_a_failed_build_fails_an_install_only_where_required(
    hook: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(target_cpu: str) -> None:
        raise build.CannotBuild("lld failed")

    monkeypatch.setattr(build, "build", fail)
    data: dict[str, Any] = {}
    hook.initialize("standard", data)
    assert data == {}
    assert hook.app.warnings == ["the slower Python kernels will serve: lld failed"]
    monkeypatch.setenv("MEDPARSER_REQUIRE_MOJO", "1")
    with pytest.raises(build.CannotBuild):
        hook.initialize("standard", data)
