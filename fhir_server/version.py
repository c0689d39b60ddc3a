"""The release: its version, as installed, and its date."""

from __future__ import annotations

from importlib.metadata import version

VERSION = version("medparser")
RELEASED = "2026-11-21"
