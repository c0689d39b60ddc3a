"""One server to a database: two would not see each other's writes in what they keep in memory."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class InUse(OSError):
    """Another server has the database open."""


def claim(database: Path) -> int:
    """Takes the database for this process; gives the descriptor that holds it until it is closed.

    Raises InUse. The lock is the kernel's: it ends with the process, however that ends.
    """
    held = os.open(database.with_name(f"{database.name}-lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        raise InUse(f"another server has {database} open: end it, or name another") from None
    return held
