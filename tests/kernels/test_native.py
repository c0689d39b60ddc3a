"""When a compiled kernel is used, when not, and what is said of it."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from kernels import native
from kernels import text as text_kernel
from kernels.cosine import rerank
from kernels.embed import embed
from kernels.fuzzy import FuzzyIndex
from kernels.gazetteer import Gazetteer
from kernels.text import tokenize


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("MEDPARSER_KERNELS", raising=False)
    monkeypatch.delenv("MEDPARSER_REQUIRE_MOJO", raising=False)
    native.forget()
    yield
    native.forget()


@pytest.fixture
def compiled() -> None:
    """Skips where the compiled kernels can't serve."""
    if reason := native.obstacle("text"):
        pytest.skip(reason)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that claims to hold the text kernel, built for this machine from this source."""
    record = {"source": native.digest("text"), "machine": native.platform.machine(), "features": []}
    (tmp_path / "text.json").write_text(json.dumps(record))
    (tmp_path / "text.so").write_bytes(b"no library")
    monkeypatch.setattr(native, "FOLDER", tmp_path)
    return tmp_path


def alter(folder: Path, **fields: object) -> None:
    record = json.loads((folder / "text.json").read_text())
    (folder / "text.json").write_text(json.dumps(record | fields))


def test_importing_the_package_imports_nothing_and_gives_no_version() -> None:
    """Or transformers takes it for a package of the same name."""
    code = (
        "import sys; before = set(sys.modules); import kernels;"
        "print(sorted(set(sys.modules) - before), hasattr(kernels, '__version__'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=native.HERE.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "['kernels'] False"


def test_every_kernel_has_both_forms() -> None:
    assert set(native.KERNELS) == {
        path.stem.partition("_")[0] for path in native.HERE.glob("*.mojo")
    }
    assert all((native.HERE / f"{name}.py").exists() for name in native.KERNELS)


def test_python_can_be_forced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDPARSER_KERNELS", "python")
    monkeypatch.setenv("MEDPARSER_REQUIRE_MOJO", "1")
    assert [native.backend(name) for name in native.KERNELS] == ["python"] * len(native.KERNELS)


def test_an_unbuilt_kernel_falls_back_with_one_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(native, "FOLDER", tmp_path)
    with caplog.at_level(logging.WARNING):
        assert tokenize("aspirin 81").words() == ["aspirin", "81"]
        assert embed(["aspirin"]).shape == (1, 256)
        assert native.backend("fuzzy") == "python"
    assert len(caplog.records) == 1
    assert "python -m kernels.build" in caplog.text


def test_a_required_kernel_that_is_missing_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(native, "FOLDER", tmp_path)
    monkeypatch.setenv("MEDPARSER_REQUIRE_MOJO", "1")
    with pytest.raises(native.KernelUnavailable, match="'text': not built"):
        tokenize("aspirin")


def test_a_cpu_without_a_feature_falls_back(folder: Path) -> None:
    alter(folder, features=["avx9000", "sse2"])
    assert "this CPU lacks avx9000" in native.obstacle("text")
    assert native.backend("text") == "python"


def test_the_cpu_that_built_needs_no_names_for_its_features(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """LLVM may know features that the kernel doesn't report; on another CPU they count as lacking."""
    alter(folder, features=["unheardof"], cpu="x86-64-v9")
    assert "lacks unheardof" in native.obstacle("text")
    alter(folder, cpu=native.this_cpu())
    assert native.obstacle("text") == ""
    (tmp_path / "cpuinfo").write_text("flags\t: sse2 avx2\n")
    monkeypatch.setattr(native, "CPUINFO", tmp_path / "cpuinfo")
    assert "lacks unheardof" in native.obstacle("text")


def test_where_the_cpu_tells_nothing_no_library_is_trusted(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(native, "CPUINFO", folder / "absent")
    alter(folder, features=["sse2"], cpu=native.this_cpu())
    assert "lacks sse2" in native.obstacle("text")


def test_a_library_of_another_source_or_machine_falls_back(folder: Path) -> None:
    assert native.obstacle("text") == ""
    alter(folder, machine="m68k")
    assert "built for m68k" in native.obstacle("text")
    alter(folder, source="0" * 64)
    assert "source has changed" in native.obstacle("text")


@pytest.mark.usefixtures("folder")
def test_a_broken_library_falls_back(caplog: pytest.LogCaptureFixture) -> None:
    assert native.library("text") is None
    assert "text.so" in caplog.text


def test_unknown_kernels_are_named() -> None:
    with pytest.raises(ValueError, match="no kernel 'vision'"):
        native.library("vision")


def by_ctypes(text: str) -> Callable[[], object]:
    """A long call of a function of the C ABI."""
    raw = text.encode()
    memory = text_kernel._memory(len(raw), wide=False)
    call = native.function("text", "tokenize", "bnna")
    assert call is not None
    return lambda: call(raw, len(raw), False, native.address(memory))


def by_fastcall(text: str) -> Callable[[], object]:
    """A long call of a function in CPython's own convention."""
    memory = text_kernel._memory(len(text), wide=False)
    call = native.builtin("text.tokenize_ascii")
    assert call is not None
    return lambda: call(text, memory)


def search_by_fastcall(text: str) -> Callable[[], object]:
    """A long search."""
    gazetteer, tokens = Gazetteer.build(["chest pain", "pain", "fever"]), tokenize(text)
    return lambda: gazetteer.match(tokens)


def rerank_by_fastcall(text: str) -> Callable[[], object]:
    """A query against many candidates, if few different ones."""
    rows, ids = np.ones((8, 256), np.float32), np.arange(len(text) // 20) % 8
    return lambda: rerank(rows[0], rows, ids, 3)


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("job", [by_ctypes, by_fastcall, search_by_fastcall, rerank_by_fastcall])
def test_another_thread_runs_during_a_call(job: Callable[[str], Callable[[], object]]) -> None:
    """The middle of one long call must hold ticks of this thread: none would come with the GIL."""
    work = job("denies chest pain. " * 2_500_000)

    def ticks_inside() -> int:
        span: list[float] = []

        def timed() -> None:
            span.append(time.perf_counter())
            work()
            span.append(time.perf_counter())

        worker = threading.Thread(target=timed)
        ticks: list[float] = []
        worker.start()
        while worker.is_alive():
            ticks.append(time.perf_counter())
            time.sleep(0.001)
        start, end = span
        margin = (end - start) / 4
        return sum(start + margin < tick < end - margin for tick in ticks)

    assert any(ticks_inside() >= 3 for _ in range(12))


@pytest.mark.usefixtures("compiled")
def test_two_threads_compute_at_once() -> None:
    """As much at once as hashlib manages, which lets go of the GIL; where a second core is free."""
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("one core")
    call = native.function("text", "tokenize", "bnna")
    assert call is not None
    raw = b"denies chest pain. " * 200_000
    rooms = [text_kernel._memory(len(raw), wide=False) for _ in range(2)]

    def rate(work: Callable[[int], object]) -> float:
        """CPU seconds that pass in a second; one thread at a time can't pass one."""
        clock, spent = time.perf_counter(), time.process_time()
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda thread: [work(thread) for _ in range(8)], range(2)))
        return (time.process_time() - spent) / (time.perf_counter() - clock)

    counted = 0
    for _ in range(20):
        possible = rate(lambda _: hashlib.sha256(raw).digest())
        ours = rate(lambda thread: call(raw, len(raw), False, native.address(rooms[thread])))
        if ours > 1.3:
            return
        counted += possible > 1.6
    if counted < 5:
        pytest.skip("other work holds the second core")
    pytest.fail(f"never two at once, though {counted} times there was a core for it")


def test_threads_share_an_index() -> None:
    phrases = [f"finding {number}" for number in range(300)]
    gazetteer, index = Gazetteer.build(phrases), FuzzyIndex.build(phrases)

    def work(number: int) -> tuple[list[list[int]], list[tuple[int, float]]]:
        tokens = tokenize(f"no finding {number % 300} but finding {(number * 7) % 300}")
        return gazetteer.match(tokens).tolist(), index.topk(f"findng {number % 300}", 3)

    expected = [work(number) for number in range(200)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(200))) == expected
