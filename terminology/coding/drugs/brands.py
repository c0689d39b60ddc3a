"""Brands and new drugs of which the fragment of RxNorm lacks an ingredient or the combination."""

from __future__ import annotations

from functools import cache

from terminology.facts import DATA, rows


@cache
def brands() -> dict[str, tuple[str, ...]]:
    """Name, in lower case → its ingredients."""
    table = rows(DATA / "brands.tsv", ["name", "ingredients"])
    return {name: tuple(value.split("; ")) for name, value in table}
