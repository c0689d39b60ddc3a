"""The terminal of every command: results on standard output, all else on standard error."""

from __future__ import annotations

from pathlib import Path

from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

# Names and notes hold brackets, which are no markup; a line stays a line, however long its paths
# are (a table is printed with `soft_wrap=False`).
out = Console(markup=False, emoji=False, highlight=False, soft_wrap=True)
err = Console(stderr=True, markup=False, emoji=False, highlight=False, soft_wrap=True)


class Failed(Exception):
    """A command can't do what was asked; the text is for the user."""


def grid(*columns: str) -> Table:
    """A table without frames; what is wider than its column goes on below, nothing is cut off."""
    headers = (Column(name, overflow="fold") for name in columns)
    return Table(*headers, box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1))


class Bars(Progress):
    """Progress bars on standard error, one a step, gone when all is done; in a log, the steps."""

    def __init__(self, *further: ProgressColumn) -> None:
        text = TextColumn("{task.description}")
        columns = (text, BarColumn(), *further, TimeElapsedColumn())
        super().__init__(*columns, console=err, transient=True, disable=not err.is_terminal)
        self._tasks_by_step: dict[str, TaskID] = {}

    def shown(self, step: str, done: int, total: int | None) -> None:
        """`done` of `total` of a step; of what has no known total, None."""
        if step not in self._tasks_by_step:
            self._tasks_by_step[step] = self.add_task(step, total=total)
            if not self.console.is_terminal and done != total:
                self.console.print(f"{step} …")
        self.update(self._tasks_by_step[step], completed=done, total=total)


def read_file(file: str) -> bytes:
    """A file's bytes. Raises Failed, which names it, where it can't be read."""
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise Failed(f"can't read {file}: {error.strerror}") from None
