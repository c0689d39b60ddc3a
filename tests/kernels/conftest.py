"""Both forms of every kernel take the same tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kernels import native


@pytest.fixture(params=["mojo", "python"], scope="module")
def backend(request: pytest.FixtureRequest) -> Iterator[str]:
    """The back end that serves the module's tests; the compiled one skips where it can't serve."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MEDPARSER_KERNELS", raising=False)
        if request.param == "python":
            patch.setenv("MEDPARSER_KERNELS", "python")
        native.forget()
        missing = [name for name in native.KERNELS if native.backend(name) != request.param]
        if missing:
            pytest.skip(f"{missing[0]}: {native.obstacle(missing[0])}")
        yield request.param
    native.forget()
