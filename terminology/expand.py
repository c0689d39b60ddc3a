"""The phrases that name a concept: what the release says, and what people write instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from terminology.source import Entry, Name


def expand(url: str, entries: Sequence[Entry]) -> Iterator[tuple[int, Name]]:
    """(place of the concept among its system's codes, name) for every name, none twice."""
    for number, entry in enumerate(sorted(entries, key=lambda each: each.code)):
        seen: set[str] = set()
        for name in entry.names:
            if name.text not in seen:
                seen.add(name.text)
                yield number, name
