"""`python -m fhir_server` is `medparser serve`."""

from __future__ import annotations

import sys

from fhir_server.cli import main

if __name__ == "__main__":
    main(["serve", *sys.argv[1:]])
