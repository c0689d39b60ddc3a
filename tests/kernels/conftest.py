"""Every form of every kernel takes the same tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kernels import build, native

AVX2 = "x86-64-v3"


@pytest.fixture(scope="session")
def avx2() -> Path:
    """A folder with all kernels compiled for CPUs that have AVX2 and no more; kept while current.

    Skips where this CPU isn't one that has more, or nothing can be compiled.
    """
    if "avx512f" not in native.cpu_features():
        pytest.skip(
            "this CPU has no AVX-512: what is compiled for it is the form for AVX2, or less"
        )
    try:
        build.check_platform()
    except build.CannotBuild as reason:
        if native.required():
            raise
        pytest.skip(str(reason))
    folder = native.FOLDER / AVX2
    build.build(folder, AVX2)
    return folder


@pytest.fixture(params=["mojo", "mojo for AVX2", "python"], scope="module")
def backend(request: pytest.FixtureRequest) -> Iterator[str]:
    """The form that serves the module's tests; a compiled one skips where it can't serve."""
    form = request.param.partition(" ")[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MEDPARSER_KERNELS", raising=False)
        if form == "python":
            patch.setenv("MEDPARSER_KERNELS", "python")
        if request.param != form:
            patch.setattr(native, "FOLDER", request.getfixturevalue("avx2"))
        native.forget()
        missing = [name for name in native.KERNELS if native.backend(name) != form]
        if missing:
            pytest.skip(f"{missing[0]}: {native.obstacle(missing[0])}")
        yield form
    native.forget()
