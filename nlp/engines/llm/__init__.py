"""Engine "llm": the user's own mlx-lm weights, held to verbatim quotes by a grammar.

`blas` → `worker` (one thread owns MLX) → `grammar` (what may be sampled) → `engine` (prompts).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nlp.engines.llm.engine import LlmEngine
from nlp.engines.llm.folder import check
from nlp.engines.llm.worker import worker_of

if TYPE_CHECKING:
    from terminology.service import Terminology


def load(*, terminology: Terminology, model: str | Path | None = None) -> LlmEngine:
    """The engine over a model folder; raises ModelMissing that says how to name one."""
    folder = check(model)
    return LlmEngine(worker_of(folder), folder.name)
