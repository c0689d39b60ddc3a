"""One thread owns MLX: it loads the model and generates; others hand it requests and wait.

MLX streams belong to the thread that made them. Requests are batched continuously: one that arrives
while others run joins them at the next step.
"""

from __future__ import annotations

import logging
import queue
import sys
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nlp.engines.llm.blas import file_limit_kept, prepare
from nlp.types import EngineError, ModelMissing

log = logging.getLogger(__name__)
MAX_BATCH = 8
LARGE = 300_000_000  # parameters from which on a Linux CPU is too slow for use


@dataclass(frozen=True, slots=True)
class Request:
    """A chat to answer; quotes in the answer are held to `passage`."""

    messages: tuple[dict[str, str], ...]
    passage: str
    max_tokens: int


class Worker:
    """The thread of one model folder; starts, and loads, with the first request."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._queue: queue.SimpleQueue[tuple[Request, Future[str]]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def submit(self, request: Request) -> Future[str]:
        """The answer's text, as a future; it fails with EngineError."""
        future: Future[str] = Future()
        with self._lock:
            if self._thread is None:
                name = f"mlx {self._folder.name}"
                self._thread = threading.Thread(target=self._run, name=name, daemon=True)
                self._thread.start()
            self._queue.put((request, future))
        return future

    def _run(self) -> None:
        try:
            batch = Batch(self._folder)
        except (ModelMissing, EngineError) as error:
            self._refuse_all(error)
            return
        while True:
            try:
                block = not batch.running
                while True:
                    batch.add(*self._queue.get(block=block))
                    block = False
            except queue.Empty:
                pass
            batch.step()

    def _refuse_all(self, error: EngineError) -> None:
        while True:
            with self._lock:
                if self._queue.empty():
                    self._thread = None  # the next request tries again: the folder may be mended
                    return
            self._queue.get()[1].set_exception(error)


class Batch:
    """A loaded model and the requests that run on it; lives on the worker's thread."""

    def __init__(self, folder: Path) -> None:
        blas = prepare()
        try:
            with file_limit_kept():
                from mlx_lm import load
                from mlx_lm.generate import BatchGenerator

            from nlp.engines.llm.grammar import Grammars
        except ImportError as error:
            raise ModelMissing(f"install medparser[mlx]: no module {error.name}") from None
        try:
            self._model, self._tokenizer = load(str(folder))[:2]
            self._grammars = Grammars(self._tokenizer)
        except (ValueError, KeyError, TypeError, OSError, RuntimeError) as error:
            text = f"the model {folder.name!r} can't be loaded: {type(error).__name__}: {error}"
            raise ModelMissing(text) from None
        if sys.platform == "linux":
            self._make_fast(folder.name, blas)
        self._generator = BatchGenerator(
            self._model,
            stop_tokens=[[t] for t in self._tokenizer.eos_token_ids],
            completion_batch_size=MAX_BATCH,
            prefill_batch_size=MAX_BATCH,
        )
        self.running: dict[int, tuple[Future[str], list[int]]] = {}

    def _make_fast(self, name: str, blas: str) -> None:
        """Plain float32 weights on a CPU: quantised ones are 5.6 times slower there."""
        import mlx.core as mx
        from mlx.utils import tree_flatten
        from mlx_lm.utils import dequantize_model

        if mx.default_device().type != mx.DeviceType.cpu:
            return
        self._model = dequantize_model(self._model)
        self._model.set_dtype(mx.float32)
        size = sum(v.size for _, v in tree_flatten(self._model.parameters()))
        log.info("model %s: %d M parameters, BLAS %s", name, size // 1_000_000, blas or "reference")
        if size > LARGE:
            log.warning("model %s has %d M parameters: slow on a CPU", name, size // 1_000_000)

    def add(self, request: Request, future: Future[str]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            prompt = self._tokenizer.apply_chat_template(
                list(request.messages), add_generation_prompt=True
            )
            (uid,) = self._generator.insert(
                [list(prompt)],
                max_tokens=[request.max_tokens],
                logits_processors=[[self._grammars.quotes(request.passage)]],
            )
        except (ValueError, TypeError) as error:
            future.set_exception(EngineError(f"the model can't take the prompt: {error}"))
            return
        self.running[uid] = (future, [])

    def step(self) -> None:
        """One token for every request that runs."""
        for reply in self._generator.next()[1]:
            future, tokens = self.running[reply.uid]
            if reply.finish_reason != "stop":
                tokens.append(reply.token)
            if reply.finish_reason:
                del self.running[reply.uid]
                future.set_result(self._tokenizer.decode(tokens))


@lru_cache(maxsize=4)
def worker_of(folder: Path) -> Worker:
    """The worker of a folder: one per process, shared by every engine that names it."""
    return Worker(folder)
