"""Brands and further names that a fragment of RxNorm lacks, or that RxNorm has no more."""

from __future__ import annotations

from functools import cache

from terminology.facts import DATA, rows


@cache
def brands() -> dict[str, tuple[str, ...]]:
    """Name, in lower case → its ingredients."""
    table = rows(DATA / "brands.tsv", ["name", "ingredients"])
    return {name: tuple(value.split("; ")) for name, value in table}
