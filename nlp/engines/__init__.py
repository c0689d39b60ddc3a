"""The extraction engines: one module each, imported only when asked for."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from nlp.types import Engine, UnknownEngine

if TYPE_CHECKING:
    from terminology.service import Terminology

# name → module; a module offers `load(terminology, model) -> Engine`
ENGINES: dict[str, str] = {
    "rules": "nlp.engines.rules",
    "llm": "nlp.engines.llm",
    "tagger": "nlp.engines.tagger",
    "auto": "nlp.engines.auto",
}


def load(name: str, *, terminology: Terminology, model: str | Path | None = None) -> Engine:
    """The engine of that name; `model` is a folder of weights, for engines that need one.

    Raises UnknownEngine, which names the known ones, and whatever EngineError the engine raises.
    """
    if name not in ENGINES:
        raise UnknownEngine(f"no engine {name!r}; the engines are {', '.join(sorted(ENGINES))}")
    module = import_module(ENGINES[name])
    return cast(Engine, module.load(terminology=terminology, model=model))
