"""The form of a passage that a model sees; needs no MLX."""

from __future__ import annotations


def flat(passage: str) -> str:
    """The passage on one line, free of what JSON escapes, so that quotes are plain words of it."""
    plain = passage.replace("\\", " ").replace('"', " ")
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())
