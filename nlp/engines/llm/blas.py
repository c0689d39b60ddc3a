"""A fast BLAS under MLX on Linux CPUs: must run before the first `import mlx`.

The CPU wheel of MLX carries the reference BLAS (5 GF/s at 512³). An OpenBLAS loaded into the global
namespace before it takes its gemm over (twenty times that). The wheel of faiss-cpu brings one.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path


def prepare() -> str:
    """Loads OpenBLAS with one thread and sets what MLX reads at import; gives the library's name.

    "" where MLX brings its own (macOS, CUDA) or none is found: MLX then works, slower.
    """
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # nothing outbound at run time
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    if sys.platform != "linux" or "mlx.core" in sys.modules:
        return ""
    # the JIT of the CPU back end wants g++ and a predictable temporary folder, and brings nothing
    os.environ.setdefault("MLX_DISABLE_COMPILE", "1")
    for path in _candidates():
        try:
            library = ctypes.CDLL(path, mode=ctypes.RTLD_GLOBAL)
        except OSError:
            continue
        if hasattr(library, "cblas_sgemm"):
            if hasattr(library, "openblas_set_num_threads"):
                library.openblas_set_num_threads(1)  # two on busy cores collapse 10 to 30 times
            return Path(path).name
    return ""


def _candidates() -> list[str]:
    try:
        shipped = [str(f.locate()) for f in files("faiss-cpu") or () if "openblas" in f.name]
    except PackageNotFoundError:
        shipped = []
    return [*shipped, "libopenblas.so.0"]


@contextmanager
def file_limit_kept() -> Iterator[None]:
    """Around the first import of mlx_lm, which lowers the process's limit of open files."""
    if sys.platform == "win32":
        yield
        return
    import resource

    lower = resource.setrlimit
    resource.setrlimit = lambda *_: None
    try:
        yield
    finally:
        resource.setrlimit = lower
