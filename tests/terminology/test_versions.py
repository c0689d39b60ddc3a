"""The order of versions, and patterns."""

from __future__ import annotations

import pytest

from terminology.languages import parse
from terminology.versions import fits, latest, ordered


def test_order() -> None:
    given = ["2.10.0", "2.9.1", "2.9.1-rc1", "10", "2024-09-01", "2024-12", ""]
    assert ordered(given) == ["2.9.1-rc1", "2.9.1", "2.10.0", "10", "2024-09-01", "2024-12"]


@pytest.mark.parametrize(
    ("pattern", "version", "fit"),
    [
        ("", "1.0.0", True),
        ("1.0.0", "1.0.0", True),
        ("1.x", "1.2.0", True),
        ("1.x.x", "1.2.0", True),
        ("1.x", "1.2.7", True),
        ("1.*.7", "1.2.7", True),
        ("1.x.7", "1.2.7.1", False),
        ("1.2", "1.2.7", False),
        ("1", "1.2.0", False),
        ("1.2.0", "1.2", False),
        ("2.x", "1.2.0", False),
    ],
)
def test_patterns(pattern: str, version: str, fit: bool) -> None:
    assert fits(pattern, version) is fit
    assert latest([version], pattern) == (version if fit else None)


def test_languages_by_weight() -> None:
    told = parse("de;q=0.3, fr-CA, en ; q=0.8, it;q=0, *;q=0")
    assert (told.tags, told.only) == (("fr-CA", "en", "de"), True)
    assert told.best(["en-US", "fr", "de"]) == 1
    assert parse("en").best(["de", "en-US", "en"]) == 2
    assert parse("").summary == "--"


def test_languages_and_numbers_without_end() -> None:
    assert len(parse(",".join(["en"] * 60_000)).tags) == 50
    long = "9" * 60_000
    assert ordered([f"1{long}", "010", long, "9"]) == ["9", "010", long, f"1{long}"]
