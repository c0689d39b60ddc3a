"""Extraction engines by name."""
