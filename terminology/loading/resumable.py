"""A load that is saved between stages and rows: who opens its folder again goes on from there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import TypeVar

import msgspec

from terminology.loading import checkpoint
from terminology.loading.checkpoint import Place
from terminology.loading.lines import Progress

END = 1 << 62  # a line that no file has
LEAST, SHARE = 1.0, 20  # seconds between two checkpoints, and times what the last one took
R = TypeVar("R")


class Resumable:
    """What is done of a load: its stages, and the rows of its files.

    With a key it is saved as often as that costs little; without one never.
    """

    def __init__(
        self,
        folder: Path,
        progress: Progress,
        key: str,
        stages: list[str],
        places: dict[str, Place],
    ) -> None:
        """`stages` and `places` tell what was done before."""
        self.folder, self._progress, self._key = folder, progress, key
        self._due, self._next = False, monotonic() + LEAST
        self._stages, self._places = stages, places
        self._waiting: dict[Path, object] = {}  # results of stages that no checkpoint holds yet
        self._unsettled: list[Path] = []

    def progress(self, stage: str, done: int, total: int) -> None:
        """Tells how far a stage is; from time to time the next row is a moment to save."""
        self._progress(stage, done, total)
        self._due = bool(self._key) and monotonic() >= self._next

    def once(self, stage: str, kind: type[R], work: Callable[[], R]) -> R:
        """What the work of a stage gives, or gave before the load was broken off.

        `kind` is the type that it is read back as; msgspec must know it.
        """
        path = self.folder / f"{stage}{checkpoint.STAGE}"
        if stage in self._stages:
            return msgspec.msgpack.decode(path.read_bytes(), type=kind)
        value = work()
        self._stages.append(stage)
        if self._key:
            self._waiting[path] = value
            if monotonic() >= self._next:
                self._save()
        return value

    def each(
        self, path: Path, read: Callable[[range], Iterator[tuple[int, R]]], heads: int = 0
    ) -> Iterator[tuple[int, R]]:
        """The rows of a file but for those that were dealt with before the load was broken off.

        `read` gives (line, row) without the lines it is told to leave out; the first `heads` rows
        come again each time. A row is dealt with when the next one is asked for.
        """
        place = str(path)
        first, last = self._places.get(place, (0, 0))
        for seen, (number, row) in enumerate(read(range(first + 1, last + 1))):
            if seen == heads and place not in self._places:
                first = number - 1
                self._places[place] = first, first
            if self._due and seen > heads:
                self._places[place] = first, number - 1
                self._save()
            yield number, row
        self._places[place] = first, END

    def begun(self, path: Path) -> bool:
        """Whether rows of the file after its head were dealt with before."""
        return str(path) in self._places

    def settled(self) -> None:
        """Forgets how the release was made: it is in use."""
        checkpoint.clear(self.folder)

    def _checkpoint(self) -> None:
        """Writes what is to be known of the load beside its files."""
        raise NotImplementedError

    def _save(self) -> None:
        """Writes a checkpoint, no more often than that it takes a twentieth of the time."""
        started = monotonic()
        for path, value in self._waiting.items():
            path.write_bytes(msgspec.msgpack.encode(value))
        for path in (*self._waiting, *self._unsettled):
            with path.open("rb") as file:
                checkpoint.settle(file)
        self._waiting.clear()
        self._unsettled.clear()
        self._checkpoint()
        self._due = False
        self._next = monotonic() + max(LEAST, SHARE * (monotonic() - started))
