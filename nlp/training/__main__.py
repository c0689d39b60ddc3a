"""`python -m nlp.training ARTICLES --data FOLDER`: trains the tagger and writes its weights."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from nlp.engines.tagger import WEIGHTS
from nlp.training.recipe import Recipe
from nlp.training.train import train


def main(arguments: list[str] | None = None) -> None:
    """Reads the command line and trains."""
    parser = argparse.ArgumentParser(prog="python -m nlp.training", description=__doc__)
    parser.add_argument("articles", type=Path, help="annotated abstracts, one JSON object a line")
    parser.add_argument("--data", type=Path, required=True, help="folder of the terminology index")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="where the weights go")
    given = parser.parse_args(arguments)
    began = time.process_time()
    train(given.articles, given.data, given.out, Recipe(), _tell)
    _tell(f"{given.out.stat().st_size} bytes, {time.process_time() - began:.0f} s of CPU")


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    main()
