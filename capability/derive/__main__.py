"""The command line: one folder, a line for each table written."""

from __future__ import annotations

import sys
from pathlib import Path

from capability.derive import derive

if len(sys.argv) != 2:
    sys.exit("usage: python -m capability.derive FOLDER (with the R4 definition bundles)")
for path in derive(Path(sys.argv[1])):
    sys.stdout.write(f"{path.name} {path.stat().st_size:,} bytes\n")
