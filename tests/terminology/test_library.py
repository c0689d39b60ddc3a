"""Which of several definitions of a system or set counts."""

from __future__ import annotations

import pytest

from terminology.library import Library, Shelf
from terminology.table import Table
from terminology.valueset import ValueSet
from tests.terminology.vocabulary import URL, animals


def chosen(library: Library, version: str = "") -> str | None:
    found = library.system(URL, version)
    return None if found is None else found.version


def test_the_newest_counts_and_one_without_a_version_is_the_oldest() -> None:
    tables = [animals(version) for version in ("", "2.0.0", "10.0.0")]
    library = Library(tuple(Shelf((table,)) for table in tables))
    assert chosen(library) == "10.0.0"
    assert chosen(library, "2.0.0") == "2.0.0"
    assert chosen(Library((Shelf((tables[0],)),))) == ""


@pytest.mark.parametrize("content", ["fragment", "example"])
def test_a_part_gives_way_to_what_is_complete_unless_it_is_named(content: str) -> None:
    tables = animals("1.0.0"), animals("2.0.0", content=content)
    library = Library((Shelf(tables),))
    assert chosen(library) == "1.0.0"
    assert chosen(library, "2.0.0") == "2.0.0"
    assert chosen(library, "2.x") == "2.0.0"


@pytest.mark.parametrize("content", ["not-present", "example", "supplement"])
def test_what_defines_no_codes_hides_nobody(content: str) -> None:
    supplemented = URL if content == "supplement" else ""
    stub = Table(URL, "9.0.0", content=content, supplemented=supplemented)
    assert chosen(Library((Shelf((stub,)), Shelf((animals("1.0.0"),))))) == "1.0.0"
    alone = Library((Shelf((stub,)),))
    assert chosen(alone) is None
    assert alone.versions(URL) == []


def test_what_was_sent_along_is_preferred_whatever_its_version() -> None:
    sets = [ValueSet("urn:set", version) for version in ("1", "2")]
    known = Shelf((animals("2.0.0"),), (sets[1],))
    library = Library((known,), sent=Shelf((animals("1.0.0"),), (sets[0],)))
    assert chosen(library) == "1.0.0"
    assert chosen(library, "2.0.0") == "2.0.0"
    assert library.value_set("urn:set") == sets[0]
    assert library.value_set("urn:set|2") == sets[1]
    assert library.versions(URL) == ["1.0.0", "2.0.0"]
