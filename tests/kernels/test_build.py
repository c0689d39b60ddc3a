"""The compiler run: only when needed, whole or not at all, also for another CPU."""

from __future__ import annotations

import importlib.util
import json
import logging
import platform
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from kernels import build, native


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


def test_a_library_for_avx2_asks_for_no_more(avx2: Path) -> None:
    """That it gives the same is what the kernels' own tests show: they run on it too."""
    for name in native.KERNELS:
        record = json.loads((avx2 / f"{name}.json").read_text())
        assert {"avx2", "fma", "bmi2", "abm", "fpu"} <= set(record["features"])
        assert not any(feature.startswith("avx512") for feature in record["features"])


@pytest.mark.usefixtures("compiler")
def test_a_library_for_another_platform_is_built_and_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, number = ("aarch64", 183) if platform.machine() == "x86_64" else ("x86_64", 62)
    cpu = {"aarch64": "neoverse-n1", "x86_64": "x86-64-v3"}[other]
    monkeypatch.setattr(build, "KERNELS", ("scan",))
    with pytest.raises(build.CannotBuild, match="name a CPU too"):
        build.build(tmp_path, target_triple=f"{other}-unknown-linux-gnu")
    build.build(tmp_path, cpu, f"{other}-unknown-linux-gnu")
    machine = (tmp_path / "scan.so").read_bytes()[18:20]  # e_machine of the ELF header
    assert int.from_bytes(machine, "little") == number
    monkeypatch.setattr(native, "FOLDER", tmp_path)
    assert native.obstacle("scan") == f"built for {other}, this is {platform.machine()}"


def test_features_that_only_llvm_names_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "  --target-features +avx2,+sse4.1,+pku,+brandnew,-avx512f\n"
    monkeypatch.setattr(build, "_mojo", lambda *arguments: said)
    assert build._features([]) == ["avx2", "brandnew", "sse4_1"]
    monkeypatch.setattr(build, "_mojo", lambda *arguments: "nothing")
    with pytest.raises(build.CannotBuild, match="which CPU features"):
        build._features([])


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
