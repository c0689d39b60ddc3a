"""Many notes on several cores: worker processes that share the mapped index, answers in order.

Extraction is Python for the most part, so that threads would take turns at it.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from nlp.pipeline import Pipeline
from nlp.types import Extraction
from terminology.service import Terminology

Item = TypeVar("Item")
Answer = TypeVar("Answer")

CHUNK = 8  # items that a worker takes at once
_AHEAD = 3  # chunks for each worker that are read before their answers are wanted


@dataclass(frozen=True, slots=True)
class Workers:
    """So many processes, each with a pipeline of its own over the index in the folder `data`."""

    data: Path
    count: int
    model: str | Path | None = None

    def map(
        self, work: Callable[[Pipeline, Item], Answer], items: Iterable[Item]
    ) -> Iterator[Answer]:
        """The answer for each item, in their order; `work` is a function that pickle can name.

        Items are read as answers are taken, so that memory doesn't grow with their number. Raises
        what `work` raises, and BrokenProcessPool where a worker is ended.
        """
        chunks = _chunks(items)
        with ProcessPoolExecutor(
            self.count, get_context("spawn"), initializer=_ignore_interrupt
        ) as pool:
            job = partial(_work, work, self.data, self.model)
            waiting: deque[Future[list[Answer]]] = deque(
                pool.submit(job, chunk) for chunk in islice(chunks, self.count * _AHEAD)
            )
            try:
                while waiting:
                    yield from waiting.popleft().result()
                    waiting.extend(pool.submit(job, chunk) for chunk in islice(chunks, 1))
            finally:
                for future in waiting:
                    future.cancel()

    def extract_all(self, texts: Iterable[str], engine: str = "rules") -> Iterator[Extraction]:
        """The findings of each text, in the order of the texts; raises EngineError."""
        return self.map(partial(_extract, engine), texts)


def _chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    left = iter(items)
    while chunk := list(islice(left, CHUNK)):
        yield chunk


def _ignore_interrupt() -> None:
    """The process that started a worker ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@lru_cache(maxsize=1)
def _pipeline(data: Path, model: str | Path | None) -> Pipeline:
    return Pipeline(Terminology.open(data), model)


def _work(
    work: Callable[[Pipeline, Item], Answer],
    data: Path,
    model: str | Path | None,
    items: list[Item],
) -> list[Answer]:
    return [work(_pipeline(data, model), item) for item in items]


def _extract(engine: str, pipeline: Pipeline, text: str) -> Extraction:
    return pipeline.extract(text, engine)
