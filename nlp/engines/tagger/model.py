"""The weights in memory: a lexicon, and for each genre of text a table of features."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nlp.engines.tagger import tensors
from nlp.engines.tagger.chain import Floats
from nlp.engines.tagger.features import BITS
from nlp.engines.tagger.lexicon import Lexicon
from nlp.engines.tagger.tensors import Array
from nlp.types import ModelMissing

Genre = Literal["article", "note"]
GENRES: tuple[Genre, ...] = ("article", "note")


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The features that carry weight, and their weights; row 0 of `weights` is zeros."""

    places: NDArray[np.uint32]  # [rows - 1], in the space of features
    weights: NDArray[np.float32]  # [rows, outcomes]

    def rows(self) -> NDArray[np.int32]:
        """The row of every place of the space of features, [2**BITS]; 0 where there is none."""
        out = np.zeros(1 << BITS, np.int32)
        out[self.places] = np.arange(1, len(self.places) + 1)
        return out

    def find(self, places: NDArray[np.int32]) -> NDArray[np.int64]:
        """The row of each of a few places, 0 where it has none."""
        at = np.searchsorted(self.places, places).clip(max=len(self.places) - 1)
        return np.where(self.places[at] == places, at + 1, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """What tags one genre: scores of tags, their transitions, and how they are read."""

    table: Table
    transitions: Floats
    bias: float
    agreement: float


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Everything the tagger knows."""

    name: str
    lexicon: Lexicon
    chains: dict[Genre, Chain]
    assertion: Table
    recipe: str


def read(path: Path) -> Model:
    """The model of a file; raises ModelMissing that says what is wrong with it."""
    try:
        arrays, metadata = tensors.read(path)
        reading = json.loads(metadata["reading"])
        chains = {
            genre: Chain(
                _table(arrays, genre),
                arrays[f"{genre}.transitions"].astype(np.float64),
                **reading[genre],
            )
            for genre in GENRES
        }
        lexicon = Lexicon(
            words=arrays["lexicon.words"].astype(np.uint32),
            facets=arrays["lexicon.facets"].astype(np.uint8),
            phrases=arrays["lexicon.phrases"].astype(np.uint32),
            kinds=arrays["lexicon.kinds"].astype(np.uint8),
        )
        return Model(
            metadata["name"], lexicon, chains, _table(arrays, "assertion"), metadata["recipe"]
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelMissing(
            f"the tagger can't read its weights {path.name} ({type(error).__name__}): "
            "install medparser again, or name weights that `python -m nlp.training` wrote"
        ) from error


def write(path: Path, model: Model) -> None:
    """Writes the model, weights as fp16."""
    lexicon = model.lexicon
    arrays: dict[str, Array] = {
        f"lexicon.{name}": getattr(lexicon, name)
        for name in ("words", "facets", "phrases", "kinds")
    }
    arrays |= _arrays("assertion", model.assertion)
    for genre, chain in model.chains.items():
        arrays |= _arrays(genre, chain.table)
        arrays[f"{genre}.transitions"] = chain.transitions.astype(np.float32)
    reading = {g: {"bias": c.bias, "agreement": c.agreement} for g, c in model.chains.items()}
    metadata = {"name": model.name, "recipe": model.recipe, "reading": json.dumps(reading)}
    tensors.write(path, arrays, metadata)


def _table(arrays: dict[str, Array], name: str) -> Table:
    kept = arrays[f"{name}.weights"].astype(np.float32)
    return Table(
        arrays[f"{name}.places"].astype(np.uint32),
        np.concatenate((np.zeros((1, kept.shape[1]), np.float32), kept)),
    )


def _arrays(name: str, table: Table) -> dict[str, Array]:
    return {
        f"{name}.places": table.places,
        f"{name}.weights": table.weights[1:].astype(np.float16),
    }
