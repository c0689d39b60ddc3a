"""Engine "tagger": small trained weights that ship with the package and need no download.

`words`, `lexicon`, `abbreviations` → `features` → `forward_numpy` or `forward_mlx` → `decode`; or
all of it compiled (`kernels.tagger`). `passes` chooses.
"""

from __future__ import annotations

import platform
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from kernels import tagger as compiled
from nlp.engines.tagger.engine import Tagger
from nlp.engines.tagger.model import read
from nlp.engines.tagger.passes import Forward

if TYPE_CHECKING:
    from terminology.service import Terminology

WEIGHTS = Path(__file__).parents[2] / "weights" / "tagger.safetensors"


def load(*, terminology: Terminology | None = None, model: str | Path | None = None) -> Tagger:
    """The engine with the shipped weights, or those of a file `model`; raises ModelMissing.

    A folder is that of the engine "llm" and leaves the shipped weights in place. The terminology
    isn't asked: what the weights need of it travels with them.
    """
    path = Path(model) if model and Path(model).is_file() else WEIGHTS
    return Tagger(read(path), forward())


def forward() -> Forward | None:
    """The forward pass that suits this machine: MLX on Metal and CUDA, NumPy elsewhere.

    None where the compiled passes serve. Where MLX has only the CPU, NumPy sums rows faster and
    opens at once.
    """
    metal = sys.platform == "darwin" and platform.machine() == "arm64"
    if find_spec("mlx") is not None and (metal or find_spec("mlx_cuda") is not None):
        from nlp.engines.tagger import forward_mlx

        return forward_mlx.Forward
    if compiled.available():
        return None
    from nlp.engines.tagger import forward_numpy

    return forward_numpy.Forward
