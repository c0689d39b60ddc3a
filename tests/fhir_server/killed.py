"""A process of its own that is killed while it writes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


def killed(program: str, folder: Path, lines: int, more: float = 0.0) -> list[str]:
    """Runs Python code with a folder, kills it once it has printed so many lines and some seconds
    `more` have gone; gives the lines that it had ended."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    told = [process.stdout.readline() for _ in range(lines)]
    time.sleep(more)
    process.send_signal(signal.SIGKILL)
    told += process.stdout.read().splitlines(keepends=True)
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    return [line.decode().strip() for line in told if line.endswith(b"\n")]
