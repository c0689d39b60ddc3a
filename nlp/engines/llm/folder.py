"""A model folder, looked at before anything is loaded."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

from nlp.types import ModelMissing

HOW = "name a folder made by mlx_lm.convert with MEDPARSER_MODEL or --model"


def check(model: str | Path | None) -> Path:
    """The folder, where it holds a configuration, weights and a tokenizer; raises ModelMissing."""
    if find_spec("mlx_lm") is None:
        raise ModelMissing("the engine llm needs mlx-lm: install medparser[mlx]")
    if not model:
        raise ModelMissing(f"the engine llm needs a model: {HOW}")
    folder = Path(model).expanduser()
    if not folder.is_dir():
        raise ModelMissing(f"no model folder {folder.name!r}: {HOW}")
    for pattern, what in (
        ("config.json", "configuration"),
        ("*.safetensors", "weights"),
        ("tokenizer*", "tokenizer"),
    ):
        if not any(folder.glob(pattern)):
            raise ModelMissing(f"the model folder {folder.name!r} has no {what} ({pattern}): {HOW}")
    try:
        config = json.loads((folder / "config.json").read_bytes())
    except ValueError:
        raise ModelMissing(f"config.json of the model {folder.name!r} is not JSON") from None
    if "model_type" not in config:
        raise ModelMissing(f"config.json of the model {folder.name!r} names no model_type")
    return folder
